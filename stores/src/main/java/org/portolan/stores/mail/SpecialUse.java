package org.portolan.stores.mail;

import java.util.Optional;

/** What a mailbox is for (RFC 6154 §2). */
public enum SpecialUse {
    ALL,
    ARCHIVE,
    DRAFTS,
    FLAGGED,
    JUNK,
    SENT,
    TRASH;

    static Optional<SpecialUse> of(String word) {
        return word.isEmpty() ? Optional.empty() : Optional.of(valueOf(word));
    }
}
