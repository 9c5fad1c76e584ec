package org.portolan.stores.zones;

/**
 * Writes a set of records as it stands behind a question for its own name, names compressed (RFC
 * 1035 §4.1.4), so that answering is copying:
 *
 * <pre>
 *  12              12 + owner    + 4
 *  +--------------+-------------+--------------------
 *  | the owner,   | type and    | record, record …
 *  | as asked     | class asked |
 *  +--------------+-------------+--------------------
 * </pre>
 *
 * <p>Behind a question for a name below, all of it has moved by the same number of bytes, and so
 * have all places that pointers lead to.
 */
final class SetWriter {
    /** Where the question's name stands in a message. */
    static final int QUESTION = 12;

    /** Type and class of the question. */
    static final int QUESTION_TAIL = 4;

    /** The bits of a pointer that say where it leads to. */
    static final int PLACE = 0x3fff;

    private static final int POINTER = 0xc000;

    /** What a pointer can lead to, also when it has moved by a long name. */
    private static final int MOST_PLACE = PLACE - LookupName.LONGEST;

    /** Places that are remembered; names further on lead to these only. */
    private static final int MOST_PLACES = 160;

    private final byte[] message = new byte[0x1_0000 + 2 * LookupName.LONGEST];
    private final int[] places = new int[MOST_PLACES];
    private int known;
    private int begin;
    private int at;

    /** Begins a set of the owner that {@link #message()} has at {@link #QUESTION}. */
    void begin(int ownerLength) {
        known = 0;
        remember(QUESTION, QUESTION + ownerLength - 1);
        begin = QUESTION + ownerLength + QUESTION_TAIL;
        at = begin;
    }

    /** Where the set grows. */
    byte[] message() {
        return message;
    }

    /** Where it began. */
    int beginning() {
        return begin;
    }

    /** How many bytes it has. */
    int size() {
        return at - begin;
    }

    /** Adds a record with these data. */
    void add(int type, int ttl, byte[] page, int data, int length) {
        int head = at;
        Pages.SHORTS.set(message, head, Zone.TO_QUESTION);
        Pages.SHORTS.set(message, head + 2, (short) type);
        Pages.SHORTS.set(message, head + 4, Zone.CLASS_IN);
        Pages.INTS.set(message, head + 6, ttl);
        at = head + Zone.RECORD_HEAD;
        int from = data;
        int names = RecordType.compressedNames(type);
        if (names > 0) {
            int before = RecordType.nameAt(type);
            copy(page, from, before);
            from += before;
            for (int left = names; left > 0; left--) {
                from = addName(page, from);
            }
        }
        copy(page, from, data + length - from);
        Pages.SHORTS.set(message, head + 10, (short) (at - head - Zone.RECORD_HEAD));
    }

    private void copy(byte[] page, int from, int size) {
        System.arraycopy(page, from, message, at, size);
        at += size;
    }

    /** Adds a name, and returns where it ends in {@code page}. */
    private int addName(byte[] page, int from) {
        int label = from;
        while (page[label] != 0) {
            int place = find(page, label);
            if (place >= 0) {
                int begun = at;
                copy(page, from, label - from);
                Pages.SHORTS.set(message, at, (short) (POINTER | place));
                remember(begun, at);
                at += 2;
                return end(page, label);
            }
            label += 1 + page[label];
        }
        int begun = at;
        copy(page, from, label + 1 - from);
        remember(begun, at - 1);
        return label + 1;
    }

    private static int end(byte[] page, int from) {
        int label = from;
        while (page[label] != 0) {
            label += 1 + page[label];
        }
        return label + 1;
    }

    private int find(byte[] page, int label) {
        for (int i = 0; i < known; i++) {
            if (stands(places[i], page, label)) {
                return places[i];
            }
        }
        return -1;
    }

    private boolean stands(int place, byte[] page, int label) {
        int there = place;
        int here = label;
        while (true) {
            int size = message[there] & 0xff;
            if (size > 63) {
                there = Pages.unsignedShort(message, there) & PLACE;
                continue;
            }
            for (int i = 0; i <= size; i++) {
                if (LookupName.lower(message[there + i]) != LookupName.lower(page[here + i])) {
                    return false;
                }
            }
            if (size == 0) {
                return true;
            }
            there += size + 1;
            here += size + 1;
        }
    }

    /** The labels from one place up to another may be led to. */
    private void remember(int from, int to) {
        for (int place = from; place < to; place += 1 + message[place]) {
            if (known < MOST_PLACES && place <= MOST_PLACE) {
                places[known++] = place;
            }
        }
    }
}
