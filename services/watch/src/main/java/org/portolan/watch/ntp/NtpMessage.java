package org.portolan.watch.ntp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A packet's header, which is all that is read or written of one (RFC 5905 §7.3).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  0|LI | VN  |Mode |    Stratum    |     Poll      |   Precision   |
 *  4|                          Root Delay                           |
 *  8|                        Root Dispersion                        |
 * 12|                         Reference ID                          |
 * 16|                   Reference Timestamp (64)                    |
 * 24|                    Origin Timestamp (64)                      |
 * 32|                    Receive Timestamp (64)                     |
 * 40|                   Transmit Timestamp (64)                     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Extension fields (RFC 7822) and a message authentication code may follow; nobody here reads
 * them.
 *
 * @param leap 0 to 3, see {@link #UNSYNCHRONISED}
 * @param poll the binary logarithm of seconds, signed
 * @param precision the binary logarithm of seconds, signed
 * @param rootDelay a short timestamp, see {@link NtpTime}
 * @param rootDispersion a short timestamp
 * @param referenceId four letters, an IPv4 address, or a hash, as the stratum says
 */
public record NtpMessage(
        int leap,
        int version,
        int mode,
        int stratum,
        int poll,
        int precision,
        int rootDelay,
        int rootDispersion,
        int referenceId,
        long reference,
        long origin,
        long receive,
        long transmit) {
    /** So long is a header, and everything we send. */
    public static final int LENGTH = 48;

    /** The leap indicator of a clock that must not be believed. */
    public static final int UNSYNCHRONISED = 3;

    static final int CLIENT = 3;
    static final int SERVER = 4;

    static final int STRATUM = 1;
    static final int POLL = 2;
    static final int PRECISION = 3;
    static final int ROOT_DELAY = 4;
    static final int ROOT_DISPERSION = 8;
    static final int REFERENCE_ID = 12;
    static final int REFERENCE = 16;
    static final int ORIGIN = 24;
    static final int RECEIVE = 32;
    static final int TRANSMIT = 40;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Reads the header of a packet; empty if there is less than that. */
    public static Optional<NtpMessage> of(byte[] bytes, int length) {
        if (length < LENGTH) {
            return Optional.empty();
        }
        return Optional.of(
                new NtpMessage(
                        (bytes[0] >> 6) & 3,
                        version(bytes),
                        mode(bytes),
                        bytes[STRATUM] & 0xff,
                        bytes[POLL],
                        bytes[PRECISION],
                        intAt(bytes, ROOT_DELAY),
                        intAt(bytes, ROOT_DISPERSION),
                        intAt(bytes, REFERENCE_ID),
                        longAt(bytes, REFERENCE),
                        longAt(bytes, ORIGIN),
                        longAt(bytes, RECEIVE),
                        longAt(bytes, TRANSMIT)));
    }

    /** The packet: this header and nothing else. */
    public byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        bytes[0] = first(leap, version, mode);
        bytes[STRATUM] = (byte) stratum;
        bytes[POLL] = (byte) poll;
        bytes[PRECISION] = (byte) precision;
        putInt(bytes, ROOT_DELAY, rootDelay);
        putInt(bytes, ROOT_DISPERSION, rootDispersion);
        putInt(bytes, REFERENCE_ID, referenceId);
        putLong(bytes, REFERENCE, reference);
        putLong(bytes, ORIGIN, origin);
        putLong(bytes, RECEIVE, receive);
        putLong(bytes, TRANSMIT, transmit);
        return bytes;
    }

    /** The reference identifier of four letters such as {@code RATE}. */
    static int letters(String four) {
        return intAt(four.getBytes(StandardCharsets.US_ASCII), 0);
    }

    static int version(byte[] packet) {
        return (packet[0] >> 3) & 7;
    }

    static int mode(byte[] packet) {
        return packet[0] & 7;
    }

    static byte first(int leap, int version, int mode) {
        return (byte) ((leap << 6) | (version << 3) | mode);
    }

    static int intAt(byte[] packet, int at) {
        return (int) INTS.get(packet, at);
    }

    static long longAt(byte[] packet, int at) {
        return (long) LONGS.get(packet, at);
    }

    static void putInt(byte[] packet, int at, int value) {
        INTS.set(packet, at, value);
    }

    static void putLong(byte[] packet, int at, long value) {
        LONGS.set(packet, at, value);
    }
}
