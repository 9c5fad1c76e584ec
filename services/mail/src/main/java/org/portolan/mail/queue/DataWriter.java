package org.portolan.mail.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes a message as lines: what lies between DATA and its dot, or in chunks. Whatever is in the
 * file, no bare CR or LF leaves, and after DATA no line that is a lone dot: another server might
 * take what follows for commands (RFC 5321 §2.3.8, §4.5.2).
 */
final class DataWriter {
    private static final int CHUNK = 32 * 1024;

    /** Takes what is to be sent. */
    interface Sink {
        void write(byte[] bytes, int from, int count) throws IOException;
    }

    private final Sink sink;
    private final boolean stuffing;
    private final byte[] out = new byte[CHUNK];
    private int filled;
    private boolean lineStart = true;
    private boolean afterCr; // which is written with its LF, or left out if it has none

    DataWriter(Sink sink, boolean stuffing) {
        this.sink = sink;
        this.stuffing = stuffing;
    }

    void write(FileChannel file, long from) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long at = from;
        while (file.read(chunk.clear(), at) >= 0) {
            write(chunk.array(), chunk.position());
            at += chunk.position();
        }
    }

    void write(byte[] bytes, int count) throws IOException {
        int at = 0;
        while (at < count) {
            int end = plainUntil(bytes, at, count);
            if (end > at) {
                put(bytes, at, end - at);
                lineStart = false;
                at = end;
            } else {
                special(bytes[at]);
                at++;
            }
        }
    }

    /** Where the run of bytes ends that need no care. */
    private int plainUntil(byte[] bytes, int from, int to) {
        if (afterCr || (stuffing && lineStart && bytes[from] == '.')) {
            return from;
        }
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void special(byte b) throws IOException {
        afterCr = b == '\r';
        if (b == '\n') {
            put((byte) '\r');
            put((byte) '\n');
            lineStart = true;
        } else if (!afterCr) {
            if (stuffing && lineStart && b == '.') {
                put((byte) '.');
            }
            put(b);
            lineStart = false;
        }
    }

    /** Ends the last line, if it has no end, and writes what is left. */
    void end() throws IOException {
        if (!lineStart) {
            put((byte) '\r');
            put((byte) '\n');
        }
        drain();
    }

    private void put(byte b) throws IOException {
        if (filled == out.length) {
            drain();
        }
        out[filled++] = b;
    }

    private void put(byte[] bytes, int from, int count) throws IOException {
        if (count > out.length - filled) {
            drain();
        }
        if (count > out.length) {
            sink.write(bytes, from, count);
        } else {
            System.arraycopy(bytes, from, out, filled, count);
            filled += count;
        }
    }

    private void drain() throws IOException {
        if (filled > 0) {
            sink.write(out, 0, filled);
            filled = 0;
        }
    }
}
