package org.portolan.stores.mail;

import java.util.List;

/**
 * What is to become of the flags of messages.
 *
 * @param system bits of {@link Flags}, without keywords
 * @param keywords names, compared without regard to case
 */
public record FlagChange(Kind kind, long system, List<String> keywords) {
    /** RFC 9051 §6.4.6. */
    public enum Kind {
        /** Sets those named: {@code +FLAGS}. */
        ADD,
        /** Clears those named: {@code -FLAGS}. */
        REMOVE,
        /** Sets those named and clears all others: {@code FLAGS}. */
        REPLACE
    }

    /** Sets {@code system} flags. */
    public static FlagChange add(long system) {
        return new FlagChange(Kind.ADD, system, List.of());
    }
}
