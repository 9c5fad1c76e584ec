package org.portolan.mail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes a text with dot-stuffing: a line that begins with a dot gets another (RFC 1939 §3). The
 * line that ends the text is the caller's to write.
 */
public final class DotWriter {
    private static final int CHUNK = 16 * 1024;
    private static final byte[] DOT = {'.'};
    private static final byte[] CRLF = {'\r', '\n'};

    /** Takes what is to be sent. */
    public interface Sink {
        void write(byte[] bytes, int from, int count) throws IOException;
    }

    private final Sink sink;
    private boolean lineStart = true;

    public DotWriter(Sink sink) {
        this.sink = sink;
    }

    /** Writes all of {@code file}. */
    public void writeAll(FileChannel file) throws IOException {
        write(file, Long.MAX_VALUE);
    }

    /** Writes the header, the empty line behind it, and {@code lines} lines of the body. */
    public void writeTop(FileChannel file, int lines) throws IOException {
        write(file, lines);
    }

    /** Ends after {@code lines} lines behind the first empty one. */
    private void write(FileChannel file, long lines) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        boolean inHeader = true;
        long left = lines;
        long column = 0;
        boolean done = false;
        for (long at = 0; !done; at += chunk.limit()) {
            if (file.read(chunk.clear(), at) < 0) {
                break;
            }
            chunk.flip();
            int end = chunk.limit();
            for (int i = 0; i < chunk.limit() && !done; i++) {
                byte b = chunk.get(i);
                if (b != '\n') {
                    column += b == '\r' ? 0 : 1;
                    continue;
                }
                if (!inHeader) {
                    left--;
                } else if (column == 0) {
                    inHeader = false;
                }
                column = 0;
                done = !inHeader && left <= 0;
                end = done ? i + 1 : end;
            }
            stuff(chunk.array(), end);
        }
        if (!lineStart) {
            sink.write(CRLF, 0, CRLF.length);
        }
    }

    private void stuff(byte[] bytes, int to) throws IOException {
        int piece = 0;
        for (int i = 0; i < to; i++) {
            if (lineStart && bytes[i] == '.') {
                sink.write(bytes, piece, i - piece);
                sink.write(DOT, 0, 1);
                piece = i;
            }
            lineStart = bytes[i] == '\n';
        }
        sink.write(bytes, piece, to - piece);
    }
}
