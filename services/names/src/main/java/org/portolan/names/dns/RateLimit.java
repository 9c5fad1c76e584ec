package org.portolan.names.dns;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often the same is said to the same network: who forges the sender of his questions cannot
 * have a third party flooded with our answers. Every so many of those withheld is answered with
 * nothing but "truncated", so that whoever really asks from there comes by TCP.
 *
 * <p>A table of fixed size, which all receivers share without locks. Nobody can aim at the entry of
 * another: where it is depends on a number drawn at the start. Two that meet in one entry make each
 * other forgotten, so a mistake lets an answer out.
 *
 * <pre>
 *  entry   whose (32), second (16), answers within it (16)
 * </pre>
 */
final class RateLimit {
    /** What becomes of an answer. */
    enum Verdict {
        SENT,
        TRUNCATED,
        WITHHELD
    }

    private static final int ENTRIES = 1 << 16;
    private static final int MOST_TRIES = 3;

    private final AtomicLongArray entries = new AtomicLongArray(ENTRIES);
    private final long seed;
    private final long otherSeed;
    private final int most;
    private final int slip;

    /**
     * A limit.
     *
     * @param most answers of one kind to one network in a second; 0 for any number
     * @param slip one of so many withheld answers is sent truncated; 0 for none
     */
    RateLimit(int most, int slip) {
        SecureRandom random = new SecureRandom();
        this.seed = random.nextLong();
        this.otherSeed = random.nextLong();
        this.most = most;
        this.slip = slip;
    }

    boolean off() {
        return most == 0;
    }

    /**
     * Counts an answer.
     *
     * @param address of 4 bytes or 16; the first 24 bits of the one, 56 of the other, are a network
     * @param kind the same for answers that are alike
     * @param second of any clock
     */
    Verdict of(byte[] address, int kind, int second) {
        long hash = hash(network(address), kind);
        int whose = (int) hash;
        int entry = (int) (hash >>> 48);
        long key = (long) whose << 32 | (long) (second & 0xffff) << 16;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long there = entries.get(entry);
            int count = (there & ~0xffffL) == key ? (int) (there & 0xffff) : 0;
            long next = key | Math.min(count + 1, 0xffff);
            if (entries.compareAndSet(entry, there, next)) {
                return verdict(count + 1);
            }
        }
        return Verdict.SENT;
    }

    private Verdict verdict(int count) {
        if (count <= most) {
            return Verdict.SENT;
        }
        return slip > 0 && (count - most) % slip == 0 ? Verdict.TRUNCATED : Verdict.WITHHELD;
    }

    private static long network(byte[] address) {
        long network = Integer.toUnsignedLong(Bytes.four(address, 0));
        return address.length == 4
                ? network >>> 8
                : network << 24 | Bytes.four(address, 4) >>> 8 | 1L << 63;
    }

    private long hash(long network, int kind) {
        long left = network ^ seed;
        long right = (kind * 0x9e3779b97f4a7c15L) ^ otherSeed;
        long once = Math.multiplyHigh(left, right) ^ (left * right);
        long again = once ^ seed;
        return Math.multiplyHigh(again, otherSeed | 1) ^ (again * (otherSeed | 1));
    }
}
