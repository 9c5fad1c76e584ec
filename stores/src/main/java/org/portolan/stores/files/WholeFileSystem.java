package org.portolan.stores.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The file system below a folder: one call syncs thousands of files in it. */
public final class WholeFileSystem implements AutoCloseable {
    private final Descriptor folder;

    private WholeFileSystem(Descriptor folder) {
        this.folder = folder;
    }

    /** The one that {@code folder} lies on; empty on a system whose calls we do not know. */
    public static Optional<WholeFileSystem> of(Path folder) throws IOException {
        if (!SystemCalls.supported()) {
            return Optional.empty();
        }
        try {
            int flags = SystemCalls.O_RDONLY | SystemCalls.O_DIRECTORY;
            String path = folder.toAbsolutePath().toString();
            int number = SystemCalls.openat(SystemCalls.AT_FDCWD, path, flags, 0);
            return Optional.of(new WholeFileSystem(new Descriptor(number)));
        } catch (SystemCalls.Failed e) {
            throw new IOException(folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Asks for a place of its own for each folder that is made in this one. Beside places where
     * much was deleted lately, ext4 looks at each of those before it gives a new file another: that
     * made a file cost 20 times as much.
     *
     * @return false if this file system does not know of such things
     */
    public boolean spreadFolders() {
        try {
            SystemCalls.setTopOfHierarchies(folder.number());
            return true;
        } catch (SystemCalls.Failed e) {
            return false;
        }
    }

    /**
     * Returns when all that was written before is on the disk; throws if any of it could not be.
     * Waits for the disk, in native code: not for a virtual thread.
     */
    public void sync() throws IOException {
        try {
            SystemCalls.syncfs(folder.number());
        } catch (SystemCalls.Failed e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        folder.close();
    }
}
