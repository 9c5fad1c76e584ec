package org.portolan.mail.smtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.portolan.mail.DotReader;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Draft;

/**
 * Takes a message as it arrives. A store that fails meanwhile is remembered: the peer goes on
 * sending to the dot, and is told then.
 */
final class Incoming implements DotReader.Sink {
    private static final int MOST_HOPS = 100; // RFC 5321 §6.3
    private static final byte[] RECEIVED = "received:".getBytes(StandardCharsets.US_ASCII);

    private final Draft draft;
    private @Nullable StoreException failure;
    private boolean inHeader = true;
    private int column;
    private int matched;
    private int hops;

    Incoming(Draft draft) {
        this.draft = draft;
    }

    /** Puts our own fields before the message. */
    void begin(byte[] fields) {
        append(fields, 0, fields.length);
    }

    @Override
    public void take(byte[] bytes, int from, int count) {
        if (inHeader) {
            countHops(bytes, from, from + count);
        }
        append(bytes, from, count);
    }

    private void append(byte[] bytes, int from, int count) {
        if (failure != null) {
            return;
        }
        try {
            draft.append(bytes, from, count);
        } catch (StoreException e) {
            failure = e;
        }
    }

    private void countHops(byte[] bytes, int from, int to) {
        for (int i = from; i < to && inHeader; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                inHeader = column > 0; // an empty line ends the header
                column = 0;
                matched = 0;
            } else if (b != '\r') {
                boolean goesOn =
                        matched == column
                                && matched < RECEIVED.length
                                && Character.toLowerCase((char) b) == RECEIVED[matched];
                matched += goesOn ? 1 : 0;
                column++;
                hops += goesOn && matched == RECEIVED.length ? 1 : 0;
            }
        }
    }

    boolean looping() {
        return hops > MOST_HOPS;
    }

    /** Throws what went wrong while the message came. */
    void checkStored() throws StoreException {
        if (failure != null) {
            throw failure;
        }
    }
}
