package org.portolan.stores.files;

import java.util.List;

/**
 * Something in the tree is different now.
 *
 * @param by who changed it
 * @param space the number of the space it lies in
 * @param names where in the space, from its top
 * @param spaceBefore the space it was in, of something that got another name; else {@code space}
 * @param before where it was there; else empty
 * @param whole false of a file that was added and is still open: WRITTEN follows when it is closed
 */
public record Change(
        Kind kind,
        Holder by,
        long space,
        List<String> names,
        long spaceBefore,
        List<String> before,
        boolean folder,
        boolean whole) {
    /** What can happen. */
    public enum Kind {
        ADDED,
        REMOVED,
        RENAMED,
        /** Its content changed, and who changed it has closed it. */
        WRITTEN,
        /** Its times, size or mode were set. */
        ATTRIBUTES
    }
}
