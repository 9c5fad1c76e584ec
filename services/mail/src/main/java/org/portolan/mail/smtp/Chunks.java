package org.portolan.mail.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.portolan.mail.DotReader;

/**
 * A message that comes in chunks (RFC 3030): so many bytes each, without dots or ends. As in one
 * that comes with DATA, lines end with CR LF, and a bare CR or LF makes it malformed, unless it is
 * binary.
 */
final class Chunks {
    private static final byte[] CRLF = {'\r', '\n'};

    private final DotReader.Source source;
    private final DotReader.Sink trace;
    private final long most;
    private final boolean binary;
    private final DotReader.Sink sink;
    private long size;
    private byte last = '\n';
    private boolean malformed;

    /**
     * @param trace gets what was read, as it was sent
     * @param most the largest message in bytes; what is longer is read past
     * @param binary whether it may have any bytes
     * @param sink gets the message; of one that is not whole, any part
     */
    Chunks(
            DotReader.Source source,
            DotReader.Sink trace,
            long most,
            boolean binary,
            DotReader.Sink sink) {
        this.source = source;
        this.trace = trace;
        this.most = most;
        this.binary = binary;
        this.sink = sink;
    }

    /** Reads exactly {@code count} bytes. */
    @SuppressWarnings("ByteBufferBackingArray") // what has arrived lies in an array, from its start
    void read(long count) throws IOException {
        long left = count;
        while (left > 0) {
            ByteBuffer chunk = source.arrived();
            int step = (int) Math.min(left, chunk.remaining());
            int from = chunk.position();
            trace.take(chunk.array(), from, step);
            take(chunk.array(), from, step);
            chunk.position(from + step);
            left -= step;
        }
    }

    private void take(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count && !binary; i++) {
            byte b = bytes[i];
            malformed |= b == 0 || (b == '\n') != (last == '\r'); // CR and LF only together
            last = b;
        }
        size += count;
        if (size <= most && !malformed) {
            sink.take(bytes, from, count);
        }
    }

    /** The last chunk has come: a last line without an end gets one. */
    DotReader.Result end() {
        if (!binary && (malformed || last == '\r')) {
            return DotReader.Result.MALFORMED;
        }
        if (size > most) {
            return DotReader.Result.TOO_LARGE;
        }
        if (!binary && last != '\n') {
            sink.take(CRLF, 0, CRLF.length);
        }
        return DotReader.Result.WHOLE;
    }

    boolean tooLarge() {
        return size > most;
    }
}
