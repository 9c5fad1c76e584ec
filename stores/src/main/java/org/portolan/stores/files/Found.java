package org.portolan.stores.files;

import java.time.Instant;

/** What the system says of a file. */
record Found(
        FileId id,
        int mode,
        int links,
        long size,
        Instant accessed,
        Instant modified,
        Instant changed,
        Instant created) {
    private static final int TYPE = 0170000;
    private static final int SET_ID = 06000;

    Node.Kind kind() {
        return switch (mode & TYPE) {
            case 0100000 -> Node.Kind.FILE;
            case 0040000 -> Node.Kind.FOLDER;
            case 0120000 -> Node.Kind.LINK;
            default -> Node.Kind.SPECIAL;
        };
    }

    boolean isFolder() {
        return kind() == Node.Kind.FOLDER;
    }

    boolean isFile() {
        return kind() == Node.Kind.FILE;
    }

    /** Whether whoever runs it would become somebody else. */
    boolean setsId() {
        return isFile() && (mode & SET_ID) != 0;
    }
}
