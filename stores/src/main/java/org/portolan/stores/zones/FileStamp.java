package org.portolan.stores.zones;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * How a file looks from outside: one that was written to, or replaced, looks different.
 *
 * @param written when it was last written to, as finely as the file system knows
 * @param size in bytes
 * @param key which file it is, whatever its name
 */
record FileStamp(FileTime written, long size, String key) {
    /** A file that is not there, or that may not be looked at. */
    static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, "");

    static FileStamp of(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(
                    found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
        } catch (IOException unreadable) {
            return MISSING; // reading it says why
        }
    }
}
