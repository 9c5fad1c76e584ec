package org.portolan.files.tftp;

import java.time.Duration;

/**
 * How long an answer is waited for, and how often what was sent is sent again: each time twice as
 * long, unless the client said how long (RFC 2349). It bounds a transfer whose client is gone, or
 * was never there, in packets and in time.
 */
final class Patience {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int DOUBLINGS = 3;

    /** To a client that has not answered yet: its address may be somebody else's. */
    private static final int TRIES_AT_FIRST = 3;

    private static final int TRIES = 6;

    /** Bytes sent again beyond twice what was answered for. */
    private static final long SPARE = 1 << 20;

    private final Duration asked;
    private int tries;
    private boolean known;
    private long answered;
    private long again;

    /**
     * @param timeout seconds; -1 where the client named none
     */
    Patience(int timeout) {
        asked = timeout < 0 ? Duration.ZERO : Duration.ofSeconds(timeout);
    }

    /** How long to wait now. */
    Duration now() {
        return asked.isPositive() ? asked : FIRST.multipliedBy(1L << Math.min(tries, DOUBLINGS));
    }

    /** The peer has answered for so many bytes more. */
    void progress(long bytes) {
        known = true;
        tries = 0;
        answered += bytes;
    }

    /** Nothing came; false if that was once too often. */
    boolean mayTryAgain() {
        tries++;
        return tries < (known ? TRIES : TRIES_AT_FIRST);
    }

    /** So many bytes are to be sent again; false if that would be more than any client needs. */
    boolean maySendAgain(long bytes) {
        again += bytes;
        return again <= 2 * answered + SPARE;
    }
}
