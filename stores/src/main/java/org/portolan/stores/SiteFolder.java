package org.portolan.stores;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The data directory, held by one process at a time through a file lock (a killed process may stay
 * a zombie for a while, and a file with its number would lie).
 */
public final class SiteFolder implements AutoCloseable {
    /**
     * The lock files that this process holds. POSIX locks belong to the process: merely closing the
     * same file once more, after a second try, would let go of the first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private SiteFolder(Path root, Path file, FileChannel channel, FileLock lock) {
        this.root = root;
        this.file = file;
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
        Path file = root.resolve("lock");
        PrivateFiles.touch(file); // who could open it could hold a lock on it
        Path real = file.toRealPath();
        if (!HELD.add(real)) {
            return Optional.empty();
        }
        Optional<SiteFolder> opened = Optional.empty();
        try {
            opened = lock(root, real);
        } finally {
            if (opened.isEmpty()) {
                HELD.remove(real);
            }
        }
        return opened;
    }

    private static Optional<SiteFolder> lock(Path root, Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                PrivateFiles.folder(root.resolve("stores"));
                return Optional.of(new SiteFolder(root, file, channel, lock));
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
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
        if (channel.isOpen()) {
            lock.release();
            channel.close();
            HELD.remove(file);
        }
    }
}
