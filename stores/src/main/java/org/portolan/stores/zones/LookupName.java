package org.portolan.stores.zones;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A name as zones look for it: lower-cased, cut into its labels, with a hash for itself and for
 * each of its ancestors. It is filled again and again, so that a look-up makes no objects; each
 * thread has its own.
 *
 * <p>Names are in wire form: labels, each after its length, and the root's empty label (RFC 1035
 * §3.1). Only ASCII letters have two cases (RFC 4343).
 */
public final class LookupName {
    /** The longest name in bytes, its root label included (RFC 1035 §2.3.4). */
    public static final int LONGEST = 255;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = EACH_BYTE << 7;
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L; // the golden ratio, as Knuth has it
    private static final long SEED = 0x2545f4914f6cdd1dL;

    private final byte[] bytes = new byte[LONGEST + 1 + Long.BYTES];
    private final int[] starts = new int[LONGEST / 2 + 1];
    private final long[] sums = new long[LONGEST / 2 + 1];
    private int length;
    private int labels;

    /**
     * Reads an uncompressed name.
     *
     * @param end where {@code wire} ends
     * @return whether there was a name: false if it is too long, compressed, or does not end
     */
    public boolean read(byte[] wire, int from, int end) {
        int count = 0;
        int at = from;
        int most = Math.min(end, from + LONGEST);
        while (at < most) {
            int size = wire[at] & 0xff;
            if (size == 0) {
                labels = count;
                length = at + 1 - from;
                starts[count] = length - 1;
                lowerCase(wire, from);
                hash();
                return true;
            }
            if (size > 63) { // a pointer, or a kind of label that never was
                return false;
            }
            starts[count++] = at - from;
            at += 1 + size;
        }
        return false;
    }

    /**
     * Reads an uncompressed name that is known to be one.
     *
     * @throws IllegalArgumentException if it is none
     */
    public void read(byte[] wire, int from) {
        if (!read(wire, from, wire.length)) {
            throw new IllegalArgumentException("not a name at " + from);
        }
    }

    /** Length bytes are below 64 and so no letters: the name can be lower-cased as a whole. */
    private void lowerCase(byte[] wire, int from) {
        int at = 0;
        int whole = Math.min(length, wire.length - from - Long.BYTES + 1);
        for (; at < whole; at += Long.BYTES) {
            LONGS.set(bytes, at, lower((long) LONGS.get(wire, from + at)));
        }
        for (; at < length; at++) {
            bytes[at] = lower(wire[from + at]);
        }
    }

    /** Eight characters at once: those from A to Z get the bit that makes them small. */
    private static long lower(long word) {
        long low = word & ~HIGH_BITS;
        long fromA = low + (0x80 - 'A') * EACH_BYTE;
        long afterZ = low + (0x80 - 'Z' - 1) * EACH_BYTE;
        return word | ((fromA & ~afterZ & ~word & HIGH_BITS) >>> 2);
    }

    static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet | 0x20) : octet;
    }

    /** From the root to the left, so that the ancestors' hashes are found on the way. */
    private void hash() {
        long sum = SEED;
        for (int label = labels - 1; label >= 0; label--) {
            int at = starts[label];
            int left = starts[label + 1] - at;
            for (; left >= Long.BYTES; left -= Long.BYTES, at += Long.BYTES) {
                sum = mixed(sum, (long) LONGS.get(bytes, at));
            }
            if (left > 0) {
                long mask = -1L >>> (Long.SIZE - 8 * left);
                sum = mixed(sum, (long) LONGS.get(bytes, at) & mask);
            }
            sums[label] = sum;
        }
        sums[labels] = SEED;
    }

    private static long mixed(long sum, long word) {
        long product = (sum ^ word) * MULTIPLIER;
        return product ^ (product >>> 32);
    }

    /** The lower-cased name; valid up to {@link #length}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Its length in bytes, the root label included. */
    public int length() {
        return length;
    }

    /** How many labels it has, the root not counted. */
    public int labels() {
        return labels;
    }

    /** Where the label of this number begins; the first is 0, that of the root {@link #labels}. */
    public int start(int label) {
        return starts[label];
    }

    /** The hash of the ancestor that begins with the label of this number. */
    public int hash(int label) {
        return (int) sums[label];
    }

    /** A number that no two names of one answer share, unless somebody tried very hard. */
    public long fingerprint() {
        return sums[0];
    }

    /** The hash of the child {@code *} of that ancestor (RFC 4592 §2.1.1). */
    int wildcardHash(int label) {
        return (int) mixed(sums[label], 1 | '*' << 8);
    }

    /** Whether the ancestor that begins with {@code label} is {@code other}, lower-cased. */
    boolean ancestorIs(int label, byte[] other) {
        int size = length - starts[label];
        return size == other.length
                && java.util.Arrays.equals(bytes, starts[label], length, other, 0, size);
    }

    /** Whether this is the ancestor of {@code other} that begins with {@code label}, or below. */
    boolean isWithin(LookupName other, int label) {
        int size = other.length - other.starts[label];
        int from = length - size;
        int skipped = labels - (other.labels - label);
        return skipped >= 0
                && starts[skipped] == from
                && java.util.Arrays.equals(
                        bytes, from, length, other.bytes, other.starts[label], other.length);
    }

    /** As people write it: with dots, escaped as in a master file (RFC 1035 §5.1). */
    @Override
    public String toString() {
        return text(bytes, 0);
    }

    /** An uncompressed name as people write it, with its last dot. */
    public static String text(byte[] wire, int from) {
        StringBuilder text = new StringBuilder();
        int at = from;
        while (wire[at] != 0) {
            int size = wire[at++];
            for (int i = 0; i < size; i++) {
                append(text, wire[at++] & 0xff);
            }
            text.append('.');
        }
        return text.isEmpty() ? "." : text.toString();
    }

    private static void append(StringBuilder text, int octet) {
        if (octet <= ' ' || octet > '~') {
            text.append('\\').append((char) ('0' + octet / 100));
            text.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        } else if (".\\\"();@$".indexOf(octet) >= 0) {
            text.append('\\').append((char) octet);
        } else {
            text.append((char) octet);
        }
    }
}
