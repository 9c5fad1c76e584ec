package org.portolan.stores.files;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a file is to be opened.
 *
 * @param access what will be done with it
 * @param shared what others may do meanwhile; {@link Access#ALL} where a protocol has no such thing
 * @param disposition what is to be there before
 */
public record Opening(Set<Access> access, Set<Access> shared, Disposition disposition) {
    /** To read what is there. */
    public static final Opening READ =
            new Opening(EnumSet.of(Access.READ), Access.ALL, Disposition.EXISTING);

    /** What is to be there before, and what becomes of it. */
    public enum Disposition {
        /** It must be there. */
        EXISTING,
        /** It must not be there, and is made. */
        NEW,
        /** It is made if it is not there. */
        ANY,
        /** It must be there, and is emptied. */
        EMPTIED,
        /** It is emptied if it is there, and else made. */
        EMPTIED_OR_NEW;

        boolean makes() {
            return this == NEW || this == ANY || this == EMPTIED_OR_NEW;
        }

        boolean empties() {
            return this == EMPTIED || this == EMPTIED_OR_NEW;
        }
    }

    boolean writes() {
        return access.contains(Access.WRITE);
    }
}
