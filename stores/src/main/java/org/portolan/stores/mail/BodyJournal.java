package org.portolan.stores.mail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.WholeFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What small bodies hold, once more and one behind the other: one sync of it stands for the syncs
 * of all their files and folders. Two files take turns; when one is full the whole file system is
 * synced in the background, and what it held is needed no more. What a crash leaves in them is
 * compared with the bodies' files at the next start, and put there where it is missing.
 *
 * <pre>
 *   record   magic (4) | turn (8) | number (8) | length (4) | CRC-32C of the rest (4) | the body
 * </pre>
 *
 * <p>A file is read up to the first record that is damaged or of another turn: only that was synced
 * whole. The store's writer alone adds to it.
 */
final class BodyJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BodyJournal.class);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Never the beginning of a file that was made larger, or of one that is to be forgotten. */
    private static final int MAGIC = 0x426f4479;

    private static final int HEAD = 4 + 8 + 8 + 4 + 4;

    /** What one of the two files holds: some seconds of a busy site. */
    private static final int CAPACITY = 32 << 20;

    private static final int ROOM = 256 * 1024;

    /** So many records are sooner read again than synced. */
    private static final int FEW = 64;

    /** A body; {@code bytes} may be longer. */
    record Body(long number, byte[] bytes, int length) {}

    /** Takes what was found. */
    interface Reader {
        void take(Body body) throws IOException, StoreException;
    }

    private final WholeFileSystem disk;
    private final Executor background;
    private final List<FileChannel> files;
    private final ByteBuffer room = ByteBuffer.allocateDirect(ROOM);
    private int current;
    private long position;
    private long turn = ThreadLocalRandom.current().nextLong();
    private int records;
    private boolean closed;

    /** Completes when the file that is not written to may be. */
    private CompletableFuture<Boolean> free = CompletableFuture.completedFuture(true);

    BodyJournal(Path folder, WholeFileSystem disk, Executor background) throws IOException {
        this.disk = disk;
        this.background = background;
        this.files = List.of(open(folder.resolve("1")), open(folder.resolve("2")));
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                PRIVATE);
    }

    // ---- after a crash

    /** Shows {@code reader} what an earlier run left; to be called before anything is added. */
    void recover(Reader reader) throws IOException, StoreException {
        int found = read(files.getFirst(), reader) + read(files.getLast(), reader);
        if (found > 0) {
            free = new CompletableFuture<>();
            background.execute(() -> release(files, free));
        }
    }

    private static int read(FileChannel file, Reader reader) throws IOException, StoreException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        long at = 0;
        long turn = 0;
        for (int records = 0; ; records++) {
            if (!fill(file, head.clear(), at) || head.getInt() != MAGIC) {
                return records;
            }
            long itsTurn = head.getLong();
            long number = head.getLong();
            int length = head.getInt();
            boolean another = records > 0 && itsTurn != turn;
            if (another || length < 0 || length > ROOM - HEAD) {
                return records;
            }
            turn = itsTurn;
            byte[] bytes = new byte[length];
            boolean whole = fill(file, ByteBuffer.wrap(bytes), at + HEAD);
            Body body = new Body(number, bytes, length);
            if (!whole || head.getInt() != checksum(turn, body)) {
                return records;
            }
            reader.take(body);
            at += HEAD + length;
        }
    }

    /** Reads from {@code at} until the buffer is full, and flips it; false if there is less. */
    private static boolean fill(FileChannel file, ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            if (file.read(into, at + into.position()) < 0) {
                return false;
            }
        }
        into.flip();
        return true;
    }

    private static int checksum(long turn, Body body) {
        CRC32C sum = new CRC32C();
        ByteBuffer head = ByteBuffer.allocate(20);
        head.putLong(turn).putLong(body.number()).putInt(body.length()).flip();
        sum.update(head);
        sum.update(body.bytes(), 0, body.length());
        return (int) sum.getValue();
    }

    /** All files are on the disk then, and what the journal's hold is forgotten. */
    private void release(List<FileChannel> held, CompletableFuture<Boolean> done) {
        try {
            disk.sync();
            for (FileChannel file : held) {
                forget(file);
            }
            done.complete(true);
        } catch (IOException | RuntimeException | Error e) { // even an Error: somebody waits
            LOG.error("bodies of messages could not be synced", e);
            done.completeExceptionally(e);
        }
    }

    /** If that gets lost, what is found again are bodies as they are. */
    private static void forget(FileChannel file) throws IOException {
        file.write(ByteBuffer.allocate(Integer.BYTES), 0);
    }

    // ---- adding

    /**
     * Adds {@code bodies}, whose files have been written; they are on the disk when this returns.
     *
     * @throws StoreException if there is no room for it on the disk; then nothing is promised
     */
    void add(List<Body> bodies) throws IOException, StoreException {
        if (records == 0) {
            awaitFree();
        }
        long end = position;
        room.clear();
        for (Body body : bodies) {
            if (end + HEAD + body.length() > CAPACITY) {
                write();
                files.get(current).force(false);
                turn();
                end = 0;
            }
            if (room.remaining() < HEAD + body.length()) {
                write();
            }
            room.putInt(MAGIC).putLong(turn).putLong(body.number()).putInt(body.length());
            room.putInt(checksum(turn, body));
            room.put(body.bytes(), 0, body.length());
            end += HEAD + body.length();
            records++;
        }
        write();
        files.get(current).force(false);
    }

    private void write() throws IOException, StoreException {
        room.flip();
        try {
            long at = position;
            while (room.hasRemaining()) {
                at += files.get(current).write(room, at);
            }
            position = at;
        } catch (IOException e) {
            if (Draft.isFull(e)) {
                throw Draft.failure(e);
            }
            throw e;
        } finally {
            room.clear();
        }
    }

    /** Goes on in the other file, which is free by now, or soon. */
    private void turn() throws IOException {
        awaitFree();
        List<FileChannel> full = List.of(files.get(current));
        CompletableFuture<Boolean> synced = new CompletableFuture<>();
        free = synced;
        background.execute(() -> release(full, synced));
        current = 1 - current;
        position = 0;
        turn = ThreadLocalRandom.current().nextLong();
        records = 0;
    }

    private void awaitFree() throws IOException {
        try {
            free.join();
        } catch (CompletionException e) {
            throw new IOException("what the journal holds could not be synced", e.getCause());
        }
    }

    /** Nothing is added any more. What is left costs the next start little, or is synced now. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (disk) {
            awaitFree();
            if (records > FEW) {
                disk.sync();
                forget(files.get(current));
            }
        } finally {
            for (FileChannel file : files) {
                file.close();
            }
        }
    }
}
