package org.portolan.stores.zones;

import java.util.Arrays;

/**
 * The records of a zone while it is built, chained by their owners from the last to the first, so
 * that those of one owner are found together however they came.
 *
 * <pre>
 *   4            2      4     2        length
 *  +------------+------+-----+--------+--------+
 *  | the one    | type | TTL | length | data   |
 *  | before     |      |     |        |        |
 *  +------------+------+-----+--------+--------+
 * </pre>
 */
final class RawRecords {
    private static final int HEAD = 12;

    private final Pages pages = new Pages();
    private int[] last = new int[64];

    void add(int owner, int type, int ttl, byte[] rdata, int length) throws ZoneProblem {
        int piece = pages.reserve(HEAD + length);
        byte[] page = pages.page(piece);
        int at = Pages.offset(piece);
        if (owner >= last.length) {
            last = Arrays.copyOf(last, Math.max(owner + 1, last.length + last.length / 2));
        }
        Pages.INTS.set(page, at, last[owner]);
        Pages.SHORTS.set(page, at + 4, (short) type);
        Pages.INTS.set(page, at + 6, ttl);
        Pages.SHORTS.set(page, at + 10, (short) length);
        System.arraycopy(rdata, 0, page, at + HEAD, length);
        last[owner] = piece;
    }

    /** Whether {@code owner} has exactly this record. */
    boolean has(int owner, int type, byte[] rdata, int length) {
        for (int piece = last(owner); piece != 0; piece = before(piece)) {
            if (type(piece) == type
                    && Arrays.equals(
                            page(piece),
                            dataAt(piece),
                            dataAt(piece) + length(piece),
                            rdata,
                            0,
                            length)) {
                return true;
            }
        }
        return false;
    }

    /** The owner's last record, or 0. */
    int last(int owner) {
        return owner < last.length ? last[owner] : 0;
    }

    /** The one that came before, or 0. */
    int before(int piece) {
        return Pages.integer(page(piece), Pages.offset(piece));
    }

    int type(int piece) {
        return Pages.unsignedShort(page(piece), Pages.offset(piece) + 4);
    }

    int ttl(int piece) {
        return Pages.integer(page(piece), Pages.offset(piece) + 6);
    }

    int length(int piece) {
        return Pages.unsignedShort(page(piece), Pages.offset(piece) + 10);
    }

    byte[] page(int piece) {
        return pages.page(piece);
    }

    int dataAt(int piece) {
        return Pages.offset(piece) + HEAD;
    }
}
