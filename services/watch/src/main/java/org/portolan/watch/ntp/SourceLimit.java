package org.portolan.watch.ntp;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often one source is answered: so many requests a second on average, and some more at once. A
 * source is an IPv4 address or the first 64 bits of an IPv6 address, which is what one site has.
 *
 * <p>A table of fixed size without objects; several receivers use it at once. A source is a cell:
 *
 * <pre>
 *   63           48 47       42 41                                0
 *  | who: a hash   | told: when | due: when the next request would  |
 *  | with a secret | it heard   | be in time, had all come evenly,  |
 *  |               | RATE, 4 s  | in units of 16 µs                 |
 * </pre>
 *
 * <p>{@code due} is the generic cell rate algorithm: each request moves it on by the mean interval,
 * and a request that would move it further ahead of the time than the burst allows is one too many.
 * A request that finds no cell takes the one of its four whose source has been quiet the longest; a
 * flood of invented sources can make a table forget, which lets through more, never less.
 */
final class SourceLimit {
    /** What a request of a source gets. */
    enum Verdict {
        ANSWER,
        /** It is one too many, and the source should hear so. */
        KISS,
        DROP
    }

    private static final int CELLS = 1 << 16;
    private static final int WAYS = 4;

    private static final int UNIT_BITS = 14; // 2^14 ns, 16 µs
    private static final int DUE_BITS = 42; // two years of units
    private static final long DUE_MASK = (1L << DUE_BITS) - 1;
    private static final int TOLD_UNIT_BITS = 32; // 2^32 ns, 4 s
    private static final long TOLD_MASK = 0x3f;
    private static final int WHO_SHIFT = 48;

    /** A source that goes on hears RATE again after so many units, a minute. */
    private static final int TELL_AGAIN = 15;

    private final AtomicLongArray cells = new AtomicLongArray(CELLS);
    private final long secret = new SecureRandom().nextLong();
    private final long interval;
    private final long ahead;

    /**
     * @param perSecond requests of one source on average; 0 for no limit
     * @param burst requests that may come at once
     */
    SourceLimit(int perSecond, int burst) {
        interval = perSecond == 0 ? 0 : Math.max(1, (1_000_000_000L / perSecond) >> UNIT_BITS);
        ahead = interval * burst;
    }

    /**
     * Counts a request.
     *
     * @param address 4 bytes or 16
     * @param now wall time in nanoseconds
     */
    Verdict judge(byte[] address, long now) {
        if (interval == 0 || isLoopback(address)) {
            return Verdict.ANSWER;
        }
        long hash = hash(address);
        long who = hash >>> WHO_SHIFT;
        int at = find((int) (hash & (CELLS - WAYS)), who, now);
        long cell = cells.get(at);
        boolean known = cell >>> WHO_SHIFT == who;
        long lead = known ? lead(cell, now) : 0;
        if (lead + interval <= ahead) {
            long told = lead == 0 ? 0 : (cell >>> DUE_BITS) & TOLD_MASK;
            // another receiver may have been faster; then one request went uncounted
            cells.compareAndSet(at, cell, cell(who, told, now, lead + interval));
            return Verdict.ANSWER;
        }
        return tell(at, cell, who, now, lead) ? Verdict.KISS : Verdict.DROP;
    }

    /** Whether the source has not heard for a while that it asks too often; now it will have. */
    private boolean tell(int at, long cell, long who, long now, long lead) {
        long told = (cell >>> DUE_BITS) & TOLD_MASK;
        long minute = toldAt(now);
        if (told != 0 && ((minute - told) & TOLD_MASK) < TELL_AGAIN) {
            return false;
        }
        return cells.compareAndSet(at, cell, cell(who, minute, now, lead));
    }

    /** Of the four cells from {@code first} on the one of {@code who}, or the best to take. */
    private int find(int first, long who, long now) {
        int best = first;
        long least = Long.MAX_VALUE;
        for (int at = first; at < first + WAYS; at++) {
            long cell = cells.get(at);
            if (cell >>> WHO_SHIFT == who) {
                return at;
            }
            long lead = cell == 0 ? -1 : lead(cell, now);
            if (lead < least) {
                least = lead;
                best = at;
            }
        }
        return best;
    }

    /** How far a source has come ahead of the time; nothing if the cell is from before a step. */
    private long lead(long cell, long now) {
        long lead = (cell - (now >> UNIT_BITS)) & DUE_MASK;
        return lead > ahead ? 0 : lead;
    }

    private static long cell(long who, long told, long now, long lead) {
        return (who << WHO_SHIFT) | (told << DUE_BITS) | (((now >> UNIT_BITS) + lead) & DUE_MASK);
    }

    /** When a source was told, in steps of 4 s; 0 is never. */
    private static long toldAt(long now) {
        return Math.max(1, (now >> TOLD_UNIT_BITS) & TOLD_MASK);
    }

    private static boolean isLoopback(byte[] address) {
        if (address.length == 4) {
            return address[0] == 127;
        }
        for (int i = 0; i < 15; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[15] == 1;
    }

    private long hash(byte[] address) {
        long value =
                address.length == 4
                        ? NtpMessage.intAt(address, 0) & 0xffff_ffffL
                        : NtpMessage.longAt(address, 0) ^ Long.MIN_VALUE;
        // the finisher of MurmurHash3; the secret keeps strangers from choosing each other's cell
        value = (value ^ secret) * 0xff51afd7ed558ccdL;
        value = (value ^ (value >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return value ^ (value >>> 33) ^ secret;
    }
}
