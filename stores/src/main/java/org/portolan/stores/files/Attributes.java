package org.portolan.stores.files;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is to be set of a file or folder; what is empty stays as it is.
 *
 * @param mode the nine bits of owner, group and others; the rest is left out
 * @param size in bytes; longer than before is filled up with zeros
 */
public record Attributes(
        Optional<Instant> accessed,
        Optional<Instant> modified,
        OptionalInt mode,
        OptionalLong size) {
    public static final Attributes NONE =
            new Attributes(
                    Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalLong.empty());

    public Attributes modified(Instant when) {
        return new Attributes(accessed, Optional.of(when), mode, size);
    }

    public Attributes accessed(Instant when) {
        return new Attributes(Optional.of(when), modified, mode, size);
    }

    public Attributes mode(int bits) {
        return new Attributes(accessed, modified, OptionalInt.of(bits), size);
    }

    public Attributes size(long bytes) {
        return new Attributes(accessed, modified, mode, OptionalLong.of(bytes));
    }
}
