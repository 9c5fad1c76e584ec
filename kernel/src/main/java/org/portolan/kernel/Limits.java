package org.portolan.kernel;

import java.time.Duration;

/**
 * How much of everything one peer may have. A deadline bounds the whole of what it names, never
 * each byte: a peer that drips cannot stretch it.
 *
 * @param lineBytes the longest line, its CRLF included
 * @param refusals after this many refused commands the peer is hung up on
 * @param idle how long to wait for the first byte of the next command
 * @param command from the first byte of a command to its last; a body renews it with every {@link
 *     #BODY_STEP} bytes
 * @param session the whole conversation
 * @param write how long one write may wait for a peer that does not read
 * @param handshake the whole TLS handshake
 */
public record Limits(
        int lineBytes,
        int refusals,
        Duration idle,
        Duration command,
        Duration session,
        Duration write,
        Duration handshake) {

    /** A body has to bring this many bytes within each {@link #command} time. */
    public static final int BODY_STEP = 64 * 1024;

    /** What a service gets that asks for nothing else. */
    public static final Limits USUAL =
            new Limits(
                    2048,
                    20,
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofHours(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30));

    public Limits withIdle(Duration wait) {
        return new Limits(lineBytes, refusals, wait, command, session, write, handshake);
    }

    public Limits withCommand(Duration whole) {
        return new Limits(lineBytes, refusals, idle, whole, session, write, handshake);
    }

    public Limits withLineBytes(int bytes) {
        return new Limits(bytes, refusals, idle, command, session, write, handshake);
    }

    public Limits withSession(Duration whole) {
        return new Limits(lineBytes, refusals, idle, command, whole, write, handshake);
    }
}
