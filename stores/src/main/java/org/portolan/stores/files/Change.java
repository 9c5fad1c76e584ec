package org.portolan.stores.files;

import java.util.List;

/**
 * Something in the tree is different now.
 *
 * @param by who changed it
 * @param space the number of the space it lies in
 * @param names where in the space, from its top
 * @param before where it was, of something that got another name; else empty
 */
public record Change(
        Kind kind, Holder by, long space, List<String> names, List<String> before, boolean folder) {
    /** What can happen. */
    public enum Kind {
        ADDED,
        REMOVED,
        RENAMED,
        /** Its content changed. */
        WRITTEN,
        /** Its times, size or mode were set. */
        ATTRIBUTES
    }
}
