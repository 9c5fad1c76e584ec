package org.portolan.names.dns;

import java.util.Arrays;
import org.portolan.stores.zones.LookupName;

/**
 * Writes names into a message and lets each end in a pointer to the longest of its ancestors that
 * the message already holds (RFC 1035 §4.1.4).
 *
 * <p>It remembers where names stand in a small table by their hashes, and looks at the message
 * before it believes it. What finds no room in the table is written in full: longer, and as true.
 *
 * <p>In a transfer a pointer leads only to a name in the same letters, so that the copy is written
 * as the original is (RFC 5936 §3.4).
 */
final class NameCompressor {
    /** A pointer has 14 bits for the place. */
    static final int MOST_PLACE = 0x3fff;

    private static final int POINTER = 0xc000;
    private static final int SLOTS = 128;
    private static final int MOST_PROBES = 4;
    private static final int MOST_TURNS = 1 << 18;

    private final LookupName written = new LookupName();
    private final long[] slots = new long[SLOTS]; // turn (18), place (14), hash (32)
    private long turn;
    private boolean seeded;
    private boolean sameLetters;
    private byte[] source = {};
    private int sourceFrom;

    /**
     * A new message, which holds nothing but the question.
     *
     * @param exact whether large and small letters are to stay what they are
     */
    void begin(boolean exact) {
        seeded = false;
        sameLetters = exact;
    }

    /** The question's name stands behind the head. It is entered when the first name comes. */
    private void seed(LookupName question) {
        seeded = true;
        turn++;
        if (turn == MOST_TURNS) {
            Arrays.fill(slots, 0);
            turn = 1;
        }
        remember(question, 0, question.labels(), Request.HEAD);
    }

    /**
     * Writes a name.
     *
     * @param wire where it stands uncompressed, from {@code from} on
     * @param question the name at the beginning of the message
     * @return where it ends in {@code room}, or -1 if that is behind {@code limit}
     */
    int write(byte[] wire, int from, byte[] room, int at, int limit, LookupName question) {
        if (!seeded) {
            seed(question);
        }
        if (!written.read(wire, from, wire.length)) {
            throw new IllegalStateException("a zone with a name that is none");
        }
        source = sameLetters ? wire : written.bytes();
        sourceFrom = sameLetters ? from : 0;
        int labels = written.labels();
        for (int label = 0; label < labels; label++) {
            int place = find(label, room);
            if (place >= 0) {
                int size = written.start(label);
                if (at + size + 2 > limit) {
                    return -1;
                }
                System.arraycopy(wire, from, room, at, size);
                Bytes.putTwo(room, at + size, POINTER | place);
                remember(written, 0, label, at);
                return at + size + 2;
            }
        }
        int size = written.length();
        if (at + size > limit) {
            return -1;
        }
        System.arraycopy(wire, from, room, at, size);
        remember(written, 0, labels, at);
        return at + size;
    }

    private int find(int label, byte[] room) {
        int hash = written.hash(label);
        for (int probe = 0; probe < MOST_PROBES; probe++) {
            long slot = slots[(hash + probe) & (SLOTS - 1)];
            if (slot >>> 46 != turn) {
                return -1;
            }
            if ((int) slot == hash) {
                int place = (int) (slot >>> 32) & MOST_PLACE;
                if (stands(room, place, label)) {
                    return place;
                }
            }
        }
        return -1;
    }

    /** Whether the name from {@code label} on stands in the message at {@code place}. */
    private boolean stands(byte[] room, int place, int label) {
        byte[] wanted = source;
        int at = place;
        int want = sourceFrom + written.start(label);
        while (true) {
            int size = room[at] & 0xff;
            if (size > 63) {
                at = Bytes.two(room, at) & MOST_PLACE; // ours, so it leads back
                continue;
            }
            for (int i = 0; i <= size; i++) {
                byte there = sameLetters ? room[at + i] : lower(room[at + i]);
                if (there != wanted[want + i]) {
                    return false;
                }
            }
            if (size == 0) {
                return true;
            }
            at += size + 1;
            want += size + 1;
        }
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet | 0x20) : octet;
    }

    private void remember(LookupName name, int from, int to, int at) {
        for (int label = from; label < to; label++) {
            int place = at + name.start(label);
            if (place <= MOST_PLACE) {
                remember(name.hash(label), place);
            }
        }
    }

    private void remember(int hash, int place) {
        for (int probe = 0; probe < MOST_PROBES; probe++) {
            int slot = (hash + probe) & (SLOTS - 1);
            if (slots[slot] >>> 46 != turn) {
                slots[slot] = turn << 46 | ((long) place << 32) | (hash & 0xffff_ffffL);
                return;
            }
        }
    }

    /** Forgets what stood at {@code end} or behind it: it was taken back. */
    void forget(int end) {
        if (!seeded) {
            return;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            boolean current = slots[slot] >>> 46 == turn;
            if (current && ((int) (slots[slot] >>> 32) & MOST_PLACE) >= end) {
                slots[slot] |= 0xffff_ffffL; // a hash that leads elsewhere keeps the chain whole
                slots[slot] &= ~((long) MOST_PLACE << 32);
            }
        }
    }
}
