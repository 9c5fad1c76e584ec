package org.portolan.mail;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a text that ends with a line of a single dot (RFC 5321 §4.5.2, RFC 3977 §3.1.1).
 *
 * <p>The end is CR LF . CR LF and nothing else. A text with a bare CR or LF is read to that end and
 * then refused as a whole: another server might take one of them for a line's end, and something in
 * the text for commands ("smuggling"). Where the text even has what a lenient reader would take for
 * the end, nothing after it is read: whoever sent it is hung up on.
 */
public final class DotReader {
    /** How the text came out. */
    public enum Result {
        /** Whole and well formed; all of it went to the sink. */
        WHOLE,
        /** Longer than it may be; read to its end. */
        TOO_LARGE,
        /** Holds a bare CR or LF, or a NUL; read to its end. */
        MALFORMED,
        /** Holds an end of another spelling; what follows must not be read. */
        FALSE_END,
        /** Twice as long as it may be, and still no end; what follows must not be read. */
        ENDLESS
    }

    /** Gives what has arrived and is not yet read, a byte at least, in an array from its start. */
    public interface Source {
        ByteBuffer arrived() throws IOException;
    }

    /** Takes bytes in pieces. */
    public interface Sink {
        void take(byte[] bytes, int from, int count);
    }

    private enum At {
        LINE_START,
        IN_LINE,
        AFTER_CR,
        /** After a CR behind a bare CR. */
        AFTER_CRS,
        /** After a dot that began a line. */
        DOT,
        DOT_CR,
        /** After a bare CR or LF: not a line's start, but others think so. */
        FALSE_START,
        FALSE_DOT,
        END,
        FALSE_END
    }

    private final Source source;
    private final Sink trace;
    private final long most;
    private final Sink sink;
    private At at = At.LINE_START;
    private boolean malformed;
    private long size;

    /**
     * @param trace gets what was read, as it was sent
     * @param most the largest text in bytes; what is longer is read past, up to twice as much
     * @param sink gets the text without dot-stuffing; of one that is not whole, any part
     */
    public DotReader(Source source, Sink trace, long most, Sink sink) {
        this.source = source;
        this.trace = trace;
        this.most = most;
        this.sink = sink;
    }

    /** Reads to the end. */
    @SuppressWarnings("ByteBufferBackingArray") // what has arrived lies in an array, from its start
    public Result read() throws IOException {
        while (at != At.END && at != At.FALSE_END) {
            ByteBuffer chunk = source.arrived();
            int from = chunk.position();
            int to = scan(chunk.array(), from, chunk.limit());
            trace.take(chunk.array(), from, to - from);
            chunk.position(to);
            if (size / 2 > most && at != At.END) {
                return Result.ENDLESS;
            }
        }
        if (at == At.FALSE_END) {
            return Result.FALSE_END;
        }
        if (malformed) {
            return Result.MALFORMED;
        }
        return size > most ? Result.TOO_LARGE : Result.WHOLE;
    }

    /**
     * Reads from {@code from} to {@code to}, or to the end of the text; returns where it stopped.
     */
    private int scan(byte[] bytes, int from, int to) {
        int piece = from; // where what is not yet given to the sink begins
        int i = from;
        while (i < to && at != At.END && at != At.FALSE_END) {
            if (at == At.IN_LINE) {
                i = skipPlain(bytes, i, to);
                if (i == to) {
                    break;
                }
            }
            byte b = bytes[i];
            if (at == At.LINE_START && b == '.') {
                give(bytes, piece, i); // the dot itself is stuffing, or the end
                piece = i + 1;
            }
            at = next(b);
            i++;
        }
        boolean ended = at == At.END || at == At.FALSE_END || at == At.DOT_CR;
        // the CR and LF behind the last dot are not the text's
        give(bytes, piece, ended ? Math.max(piece, endOfText(bytes, piece, i)) : i);
        return i;
    }

    private static int skipPlain(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != 0) {
            i++;
        }
        return i;
    }

    /** Before a CR LF, or a CR, that belongs to the end. */
    private static int endOfText(byte[] bytes, int from, int to) {
        int end = to;
        if (end > from && bytes[end - 1] == '\n') {
            end--;
        }
        if (end > from && bytes[end - 1] == '\r') {
            end--;
        }
        return end;
    }

    private At next(byte b) {
        malformed |= b == 0;
        return switch (at) {
            case LINE_START ->
                    switch (b) {
                        case '.' -> At.DOT;
                        case '\r' -> At.AFTER_CR;
                        case '\n' -> falseStart();
                        default -> At.IN_LINE;
                    };
            case IN_LINE ->
                    switch (b) {
                        case '\r' -> At.AFTER_CR;
                        case '\n' -> falseStart();
                        default -> At.IN_LINE;
                    };
            case AFTER_CR -> b == '\n' ? At.LINE_START : afterBareCr(b);
            // CR CR LF has a line's end in it, but who looks for pairs from the left finds none
            case AFTER_CRS -> b == '\n' ? At.FALSE_START : afterBareCr(b);
            case DOT ->
                    switch (b) {
                        case '\r' -> At.DOT_CR;
                        case '\n' -> At.FALSE_END;
                        default -> At.IN_LINE;
                    };
            case DOT_CR -> b == '\n' ? At.END : At.FALSE_END;
            case FALSE_START -> b == '\n' ? falseStart() : afterFalseStart(b);
            case FALSE_DOT -> b == '\r' || b == '\n' ? At.FALSE_END : At.IN_LINE;
            case END, FALSE_END -> at;
        };
    }

    private At falseStart() {
        malformed = true;
        return At.FALSE_START;
    }

    private At afterBareCr(byte b) {
        malformed = true;
        return b == '\r' ? At.AFTER_CRS : afterFalseStart(b);
    }

    private static At afterFalseStart(byte b) {
        return switch (b) {
            case '.' -> At.FALSE_DOT;
            case '\r' -> At.AFTER_CR;
            default -> At.IN_LINE;
        };
    }

    private void give(byte[] bytes, int from, int to) {
        size += to - from;
        if (to > from && size <= most && !malformed) {
            sink.take(bytes, from, to - from);
        }
    }
}
