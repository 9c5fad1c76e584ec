package org.portolan.stores.zones;

import java.util.Arrays;

/**
 * The names of a zone while it is built, numbered from 0 as they come; each is kept without the
 * apex, lower-cased and, where that differs, as it was written.
 *
 * <pre>
 *   4        1       1       length   length
 *  +--------+-------+-------+--------+-----------+
 *  | hash   |length |cased  | lower  | if cased: |
 *  |        |       |       |        | original  |
 *  +--------+-------+-------+--------+-----------+
 * </pre>
 */
final class OwnerNames {
    static final int HEAD = 6;

    private final byte[] apex;
    private final int apexLabels;
    private final Pages names = new Pages();
    private int[] pieces = new int[64];
    private int[] table = new int[128]; // numbers + 1, by hash; half empty
    private int count;

    /**
     * @param apex lower-cased
     */
    OwnerNames(byte[] apex, int apexLabels) {
        this.apex = apex;
        this.apexLabels = apexLabels;
    }

    int count() {
        return count;
    }

    boolean inZone(LookupName name) {
        int label = name.labels() - apexLabels;
        return label >= 0 && name.ancestorIs(label, apex);
    }

    /** The number of the ancestor of {@code name} that begins with {@code label}, or -1. */
    int find(LookupName name, int label) {
        int hash = name.hash(label);
        for (int slot = slot(hash); table[slot] != 0; slot = (slot + 1) & (table.length - 1)) {
            int id = table[slot] - 1;
            if (is(pieces[id], hash, name, label)) {
                return id;
            }
        }
        return -1;
    }

    private int slot(int hash) {
        return hash & (table.length - 1);
    }

    private boolean is(int piece, int hash, LookupName name, int label) {
        byte[] page = names.page(piece);
        int at = Pages.offset(piece);
        int from = name.start(label);
        int size = name.start(name.labels() - apexLabels) - from;
        return Pages.integer(page, at) == hash
                && (page[at + 4] & 0xff) == size
                && Arrays.equals(
                        page, at + HEAD, at + HEAD + size, name.bytes(), from, from + size);
    }

    /**
     * Adds the ancestor of {@code name} that begins with {@code label}.
     *
     * @param written where it stands as it was written, from {@code at} on
     */
    int add(LookupName name, int label, byte[] written, int at) throws ZoneProblem {
        int from = name.start(label);
        int size = name.start(name.labels() - apexLabels) - from;
        boolean cased = !Arrays.equals(written, at, at + size, name.bytes(), from, from + size);
        int piece = names.reserve(HEAD + (cased ? 2 * size : size));
        byte[] page = names.page(piece);
        int to = Pages.offset(piece);
        Pages.INTS.set(page, to, name.hash(label));
        page[to + 4] = (byte) size;
        page[to + 5] = (byte) (cased ? 1 : 0);
        System.arraycopy(name.bytes(), from, page, to + HEAD, size);
        if (cased) {
            System.arraycopy(written, at, page, to + HEAD + size, size);
        }
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, count + count / 2);
        }
        pieces[count++] = piece;
        enter(count, name.hash(label));
        if (2 * count > table.length) {
            widen();
        }
        return count - 1;
    }

    private void enter(int number, int hash) {
        int slot = slot(hash);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = number;
    }

    private void widen() {
        table = new int[2 * table.length];
        for (int id = 0; id < count; id++) {
            enter(id + 1, hash(id));
        }
    }

    int hash(int id) {
        return Pages.integer(names.page(pieces[id]), Pages.offset(pieces[id]));
    }

    /** The piece as it is drawn above: its page. */
    byte[] page(int id) {
        return names.page(pieces[id]);
    }

    /** The piece as it is drawn above: where it begins. */
    int offset(int id) {
        return Pages.offset(pieces[id]);
    }

    /** Writes the whole name as it was written first; returns its length. */
    int write(int id, byte[] into) {
        return write(id, into, 0);
    }

    /** The same, from {@code to} on. */
    int write(int id, byte[] into, int to) {
        byte[] page = page(id);
        int at = offset(id);
        int size = page[at + 4] & 0xff;
        boolean cased = page[at + 5] != 0;
        System.arraycopy(page, at + HEAD + (cased ? size : 0), into, to, size);
        System.arraycopy(apex, 0, into, to + size, apex.length);
        return size + apex.length;
    }
}
