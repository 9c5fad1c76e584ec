package org.portolan.shell.ssh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Poly1305 (RFC 8439 §2.5): a sum of 16-byte blocks, multiplied by r after each, modulo 2^130 - 5.
 *
 * <p>The sum is h0 + h1 * 2^64 + h2 * 2^128, and r is r0 + r1 * 2^64, whose upper four bits of each
 * 32 and lower two of all but the first are zero. So r1 / 4 is whole, and what a product has beyond
 * 2^130 comes back as 5/4 of r1: four multiplications of 64 by 64 bits and two small ones do.
 */
final class Poly1305 {
    static final int TAG_BYTES = 16;
    static final int KEY_BYTES = 32;

    private static final int BLOCK = 16;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long r0;
    private long r1;
    private long fiveQuarters; // of r1
    private long s0;
    private long s1;
    private long h0;
    private long h1;
    private long h2;
    private final byte[] block = new byte[BLOCK];
    private int held; // bytes in the block

    /** Begins, with a key that is used once. */
    void begin(byte[] key) {
        r0 = (long) LONG.get(key, 0) & 0x0ffffffc_0fffffffL;
        r1 = (long) LONG.get(key, 8) & 0x0ffffffc_0ffffffcL;
        fiveQuarters = r1 + (r1 >>> 2);
        s0 = (long) LONG.get(key, 16);
        s1 = (long) LONG.get(key, 24);
        h0 = 0;
        h1 = 0;
        h2 = 0;
        held = 0;
    }

    void add(byte[] bytes, int from, int count) {
        int at = from;
        int end = from + count;
        if (held > 0) {
            int step = Math.min(BLOCK - held, count);
            System.arraycopy(bytes, at, block, held, step);
            held += step;
            at += step;
            if (held < BLOCK) {
                return;
            }
            blocks(block, 0, BLOCK, 1);
            held = 0;
        }
        int whole = (end - at) & -BLOCK;
        blocks(bytes, at, at + whole, 1);
        held = end - at - whole;
        System.arraycopy(bytes, at + whole, block, 0, held);
    }

    /**
     * Adds whole blocks.
     *
     * @param above the bit behind a block's last: 1, but for a padded one that has it within
     */
    private void blocks(byte[] bytes, int from, int to, int above) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        for (int at = from; at < to; at += BLOCK) {
            long m0 = (long) LONG.get(bytes, at);
            long m1 = (long) LONG.get(bytes, at + 8);
            a0 += m0;
            long carry = carry(a0, m0);
            a1 += carry;
            a2 += carry(a1, carry) + above;
            a1 += m1;
            a2 += carry(a1, m1);

            // (a0 + a1 X + a2 X²) (r0 + r1 X), where X is 2^64 and r1 X² is 5/4 r1
            long low = a0 * r0;
            long low2 = a1 * fiveQuarters;
            long d0 = low + low2;
            long up =
                    Math.unsignedMultiplyHigh(a0, r0)
                            + Math.unsignedMultiplyHigh(a1, fiveQuarters)
                            + carry(d0, low2);
            long middle = a0 * r1;
            long middle2 = a1 * r0;
            long d1 = middle + middle2;
            long up2 =
                    Math.unsignedMultiplyHigh(a0, r1)
                            + Math.unsignedMultiplyHigh(a1, r0)
                            + carry(d1, middle2);
            long rest = a2 * fiveQuarters;
            d1 += rest;
            up2 += carry(d1, rest);
            d1 += up;
            up2 += carry(d1, up);
            long d2 = a2 * r0 + up2;

            // what is beyond 2^130 comes back five times: four of it stand as they are
            long beyond = (d2 & -4L) + (d2 >>> 2);
            a2 = d2 & 3;
            a0 = d0 + beyond;
            carry = carry(a0, beyond);
            a1 = d1 + carry;
            a2 += carry(a1, carry);
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    /** What adding {@code summand} to something carried over, of which {@code sum} is left. */
    private static long carry(long sum, long summand) {
        return Long.compareUnsigned(sum, summand) < 0 ? 1 : 0;
    }

    /** Ends; the tag is put at {@code at}. */
    void end(byte[] into, int at) {
        if (held > 0) {
            block[held] = 1;
            Arrays.fill(block, held + 1, BLOCK, (byte) 0);
            blocks(block, 0, BLOCK, 0);
        }
        // h or h - p, whichever is below p; which must not be seen in the time it takes
        long g0 = h0 + 5;
        long carry = carry(g0, 5);
        long g1 = h1 + carry;
        long g2 = h2 + carry(g1, carry);
        long take = -((g2 >>> 2) & 1);
        long t0 = (g0 & take) | (h0 & ~take);
        long t1 = (g1 & take) | (h1 & ~take);
        t0 += s0;
        t1 += s1 + carry(t0, s0);
        LONG.set(into, at, t0);
        LONG.set(into, at + 8, t1);
    }
}
