package org.portolan.stores.files;

import java.time.Instant;

/**
 * A file or folder as somebody sees it.
 *
 * @param name its own, without the folders above
 * @param id the same for all names of one file
 * @param size in bytes; of a folder or link nothing that matters
 * @param mode the nine bits of owner, group and others
 * @param links how many names it has
 * @param owner the account whose home it lies in, or the name of the shared folder
 * @param modified when its content changed, with nanoseconds; {@code changed} when anything did
 */
public record Node(
        String name,
        Kind kind,
        FileId id,
        long size,
        int mode,
        int links,
        String owner,
        Instant accessed,
        Instant modified,
        Instant changed,
        Instant created) {
    /** What there can be in the tree. */
    public enum Kind {
        FILE,
        FOLDER,
        /** A symbolic link, looked at itself. */
        LINK,
        /** A device, socket or pipe that somebody put there; it is shown and never opened. */
        SPECIAL
    }

    static Node of(String name, Found found, String owner) {
        return new Node(
                name,
                found.kind(),
                found.id(),
                found.size(),
                found.mode() & 0777,
                found.links(),
                owner,
                found.accessed(),
                found.modified(),
                found.changed(),
                found.created());
    }

    public boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    public boolean isFile() {
        return kind == Kind.FILE;
    }
}
