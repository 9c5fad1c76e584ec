package org.portolan.stores.zones;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Room for very many small pieces in few large arrays: a million records are a hundred objects, and
 * not a million that every garbage collection would visit.
 *
 * <p>A piece is known by a number: that of its page, and where it begins there in steps of four
 * bytes. No piece is number 0, and none is negative.
 */
final class Pages {
    private static final int PAGE_BITS = 20;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int FIRST_BYTES = 1 << 12;
    private static final int STEP_BITS = 2;
    private static final int PLACE_BITS = PAGE_BITS - STEP_BITS;
    private static final int MOST_PAGES = 1 << (Integer.SIZE - 1 - PLACE_BITS);

    static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[][] pages = {new byte[FIRST_BYTES]};
    private int[] used = {1 << STEP_BITS}; // nothing begins where number 0 would
    private int last;

    /** Makes room for a piece and returns its number. */
    int reserve(int bytes) throws ZoneProblem {
        int size = (bytes + 3) & ~3;
        if (used[last] + size > PAGE_BYTES) {
            turn(Math.max(size, PAGE_BYTES));
        }
        int at = used[last];
        if (at + size > pages[last].length) {
            int grown = Math.min(PAGE_BYTES, Math.max(2 * pages[last].length, at + size));
            pages[last] = Arrays.copyOf(pages[last], grown);
        }
        used[last] = at + size;
        return last << PLACE_BITS | at >> STEP_BITS;
    }

    private void turn(int bytes) throws ZoneProblem {
        if (last + 1 == MOST_PAGES) {
            throw new ZoneProblem("the zone is larger than can be served: 8 GB");
        }
        trim();
        last++;
        if (last == pages.length) {
            pages = Arrays.copyOf(pages, 2 * last);
            used = Arrays.copyOf(used, 2 * last);
        }
        pages[last] = new byte[bytes];
    }

    /** Gives back what the last page does not need. */
    void trim() {
        if (used[last] < pages[last].length) {
            pages[last] = Arrays.copyOf(pages[last], used[last]);
        }
    }

    /** The array in which a piece lies. */
    byte[] page(int piece) {
        return pages[piece >>> PLACE_BITS];
    }

    /** The page of a piece, counted from 0. */
    static int number(int piece) {
        return piece >>> PLACE_BITS;
    }

    byte[] numbered(int page) {
        return pages[page];
    }

    /** Where a piece begins in its array. */
    static int offset(int piece) {
        return (piece << (Integer.SIZE - PLACE_BITS)) >>> (Integer.SIZE - PLACE_BITS - STEP_BITS);
    }

    /** The piece behind one of {@code bytes}, or 0 behind the last. */
    int next(int piece, int bytes) {
        int page = number(piece);
        int at = offset(piece) + ((bytes + 3) & ~3);
        if (at < used[page]) {
            return page << PLACE_BITS | at >> STEP_BITS;
        }
        return page < last ? (page + 1) << PLACE_BITS : 0;
    }

    /** How many bytes of memory this takes. */
    long bytes() {
        long sum = 0;
        for (int page = 0; page <= last; page++) {
            sum += pages[page].length;
        }
        return sum;
    }

    static int unsignedShort(byte[] bytes, int at) {
        return (short) SHORTS.get(bytes, at) & 0xffff;
    }

    static int integer(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }
}
