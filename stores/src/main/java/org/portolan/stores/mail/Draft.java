package org.portolan.stores.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.StoreException;
import org.portolan.stores.mime.MessageParser;

/**
 * A message that is still arriving. A small one stays in memory until it is whole; a large one goes
 * to its file as it comes. Used by one thread; {@link #discard} or a delivery ends it.
 */
public final class Draft {
    /** What is kept in memory; most messages are smaller, and need one write and one sync. */
    private static final int IN_MEMORY = 64 * 1024;

    private static final int FIRST = 8 * 1024;

    private final Bodies bodies;
    private final long number;
    private byte[] buffer = new byte[FIRST];
    private int buffered;
    private int reservedFrom;
    private int reserved;
    private long size;
    private boolean lineStart = true;
    private boolean dotted;
    private final MessageParser parser = new MessageParser();
    private BodyRows.@Nullable Known known;
    private @Nullable FileChannel file;
    private boolean placed; // in its file, by the store's writer

    Draft(Bodies bodies, long number) {
        this.bodies = bodies;
        this.number = number;
    }

    public long number() {
        return number;
    }

    /** Bytes appended so far. */
    public long size() {
        return size;
    }

    /** Whether a line of it begins with a dot, so that POP3 has to stuff it again. */
    boolean dotted() {
        return dotted;
    }

    /** What it is made of, as it is kept, and fields of its header; it is whole. */
    BodyRows.Known known() {
        BodyRows.Known found = known;
        if (found == null) {
            found = BodyRows.Known.of(parser);
            known = found;
        }
        return found;
    }

    /**
     * Leaves {@code bytes} free at the present end, which is in the header between two fields, for
     * fields that are known only when the rest has come. Once at most, and early.
     */
    public void reserve(int bytes) throws StoreException {
        if (reserved > 0 || size + bytes > FIRST) {
            throw new IllegalStateException("what is reserved stands once, at the beginning");
        }
        reservedFrom = buffered;
        reserved = bytes;
        byte[] free = new byte[bytes];
        Arrays.fill(free, (byte) ' ');
        parser.skipHeader(bytes);
        store(free, 0, bytes);
        lineStart = true;
    }

    /** Fills what was reserved with whole fields, exactly as many bytes. */
    public void fill(byte[] fields) throws StoreException {
        if (fields.length != reserved) {
            throw new IllegalArgumentException("not what was reserved");
        }
        parser.skipped(fields);
        FileChannel channel = file;
        if (channel == null) {
            System.arraycopy(fields, 0, buffer, reservedFrom, reserved);
            return;
        }
        try {
            bodies.await(() -> Bodies.writeAt(channel, fields, reservedFrom));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Adds to the end. */
    public void append(byte[] bytes, int from, int count) throws StoreException {
        watchForDots(bytes, from, count);
        parser.take(bytes, from, count);
        store(bytes, from, count);
    }

    private void store(byte[] bytes, int from, int count) throws StoreException {
        int left = count;
        int at = from;
        while (left > 0) {
            if (buffered == buffer.length) {
                makeRoom();
            }
            int step = Math.min(left, buffer.length - buffered);
            System.arraycopy(bytes, at, buffer, buffered, step);
            buffered += step;
            at += step;
            left -= step;
        }
        size += count;
    }

    private void watchForDots(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count && !dotted; i++) {
            dotted = lineStart && bytes[i] == '.';
            lineStart = bytes[i] == '\n';
        }
    }

    private void makeRoom() throws StoreException {
        if (buffer.length < IN_MEMORY) {
            buffer = Arrays.copyOf(buffer, Math.min(IN_MEMORY, buffer.length * 4));
            return;
        }
        try {
            bodies.await(this::spill);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void spill() throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            channel = bodies.create(number);
            file = channel;
        }
        Bodies.writeAll(channel, buffer, buffered);
        buffered = 0;
    }

    /** Whether all of it is in memory still, and can be left to the store's writer as it is. */
    boolean small() {
        return file == null && bodies.journals();
    }

    /** Writes a small one to its file, unless that is done. On the store's writer. */
    void place() throws StoreException {
        if (!placed) {
            try {
                bodies.write(number, buffer, buffered);
                placed = true;
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    /** Writes what is left and syncs the file. On a thread that may wait for the disk. */
    void finish() throws StoreException {
        try {
            spill();
            try (FileChannel channel = file) {
                if (channel != null) {
                    channel.force(false); // size and data; the name is the folder's to sync
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Leaves the file, if there is one, to the next start's sweep. */
    void abandon() {
        file = null;
        placed = false;
    }

    /** Forgets it. */
    public void discard() {
        FileChannel channel = file;
        if (channel != null || placed) {
            abandon();
            bodies.execute(() -> delete(channel));
        }
    }

    private void delete(@Nullable FileChannel channel) {
        try (channel) {
            bodies.delete(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // swept at the next start
        }
    }

    static StoreException failure(IOException e) {
        return new StoreException(
                isFull(e) ? StoreException.Kind.FULL : StoreException.Kind.BROKEN,
                "a message could not be written: " + e.getMessage(),
                e);
    }

    /** Whether that is because the disk is full. */
    static boolean isFull(IOException e) {
        String said = String.valueOf(e.getMessage());
        return said.contains("No space left") || said.contains("Disk quota exceeded");
    }
}
