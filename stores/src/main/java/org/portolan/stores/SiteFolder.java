package org.portolan.stores;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The data directory, held by one process at a time through a file lock (a killed process may stay
 * a zombie for a while, and a file with its number would lie).
 */
public final class SiteFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private SiteFolder(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes {@code root} if needed and takes its lock.
     *
     * @return empty if another process holds it
     */
    public static Optional<SiteFolder> open(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            // others may pass through to the CA's certificate, but not look around
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        }
        FileChannel channel =
                FileChannel.open(
                        root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            PrivateFiles.folder(root.resolve("stores"));
            return Optional.of(new SiteFolder(root, channel, lock));
        } catch (OverlappingFileLockException heldByUs) {
            channel.close();
            return Optional.empty();
        }
    }

    public Path root() {
        return root;
    }

    /** Where the databases, bodies and the site key lie. */
    public Path stores() {
        return root.resolve("stores");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
