package org.portolan.stores.files;

import java.util.EnumSet;
import java.util.Set;

/** What is done with an open file, or is let be done by others meanwhile. */
public enum Access {
    READ,
    WRITE,
    /** Remove it, or give it another name. */
    DELETE;

    /** What protocols without share modes let others do. */
    public static final Set<Access> ALL = Set.copyOf(EnumSet.allOf(Access.class));
}
