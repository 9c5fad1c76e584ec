package org.portolan.names.dns;

import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;

/**
 * The answer as it grows: the question again, then sets of records, whole or not at all.
 *
 * <p>Sections are filled in the order in which they stand: answer, authority, additional.
 */
final class Answer {
    /** Where the question's name stands, to which most records point. */
    static final int QUESTION = Request.HEAD;

    private static final int POINTER = 0xc000;
    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;

    private final NameCompressor names = new NameCompressor();
    private final byte[] nodeName = new byte[LookupName.LONGEST];
    private final byte[] expanded = new byte[Zone.LONGEST_EXPANDED];
    private byte[] room = new byte[0];
    private LookupName question = new LookupName();
    private int flags;
    private int questions;
    private int questionEnd;
    private int answers;
    private int authorities;
    private int additionals;
    private int at;
    private int limit;

    /**
     * Begins with the question, its letters as they came (RFC 1035 §4.1.2).
     *
     * @param most where the answer has to end
     */
    void begin(Request request, byte[] message, byte[] into, int most) {
        room = into;
        question = request.name;
        questionEnd = request.questionEnd();
        System.arraycopy(message, 0, room, 0, questionEnd);
        flags = RESPONSE | request.repeatedFlags();
        questions = request.asks() ? 1 : 0;
        answers = 0;
        authorities = 0;
        additionals = 0;
        at = questionEnd;
        limit = most;
        names.begin(false);
    }

    /** Names keep their large and small letters, at the price of some bytes. */
    void keepLetters() {
        names.begin(true);
    }

    /** Where the next record would begin. */
    int at() {
        return at;
    }

    byte[] room() {
        return room;
    }

    void authoritative() {
        flags |= AUTHORITATIVE;
    }

    /** Says that something essential did not fit (RFC 2181 §9). */
    void truncated() {
        flags |= TRUNCATED;
    }

    boolean isTruncated() {
        return (flags & TRUNCATED) != 0;
    }

    /**
     * Adds a set to the answer section.
     *
     * @param node whose set it is
     * @param owner where in the message its name stands
     * @return false if it does not fit; then the answer says that it is truncated
     */
    boolean answer(Zone zone, int node, long set, int owner) {
        if (!put(zone, node, set, owner)) {
            truncated();
            return false;
        }
        answers += zone.count(set);
        return true;
    }

    /** Adds a set of a wildcard, for a name that it stands for. */
    boolean answerFor(Zone zone, int wildcard, long set, int owner) {
        boolean compressed = RecordType.compressedNames(zone.type(set)) > 0;
        boolean fits =
                compressed
                        ? putCompressed(zone, wildcard, set, owner)
                        : put(zone, wildcard, set, owner);
        if (!fits) {
            truncated();
            return false;
        }
        answers += zone.count(set);
        return true;
    }

    /** The same for the authority section. */
    boolean authority(Zone zone, int node, long set, int owner) {
        if (!put(zone, node, set, owner)) {
            truncated();
            return false;
        }
        authorities += zone.count(set);
        return true;
    }

    /** The SOA with the TTL for what is not there (RFC 2308 §3). */
    boolean soa(Zone zone, int owner) {
        int from = at;
        if (!authority(zone, zone.apexNode(), zone.soa(), owner)) {
            return false;
        }
        Bytes.putFour(room, from + 6, zone.negativeTtl());
        return true;
    }

    /** Adds a set to the additional section, if it fits; nobody is told if it does not. */
    boolean additional(Zone zone, int node, long set, int owner) {
        if (!put(zone, node, set, owner)) {
            return false;
        }
        additionals += zone.count(set);
        return true;
    }

    private boolean put(Zone zone, int node, long set, int owner) {
        byte[] page = zone.page(set);
        int from = Zone.offset(set);
        int type = Bytes.two(page, from);
        int names = RecordType.compressedNames(type);
        if (names > 0 && at != questionEnd) {
            return putCompressed(zone, node, set, owner);
        }
        int bytes = names > 0 ? zone.bytes(set) : Bytes.four(page, from + 4);
        if (at + bytes > limit) {
            return false;
        }
        System.arraycopy(page, from + Zone.SET_HEAD, room, at, bytes);
        int start = at;
        at += bytes;
        if (owner != QUESTION) {
            move(start, owner - QUESTION, RecordType.nameAt(type), names);
        }
        return true;
    }

    /** Lets all pointers of the records from {@code start} on lead so much further. */
    private void move(int start, int by, int nameAt, int names) {
        int record = start;
        while (record < at) {
            int next = record + recordSize(room, record);
            Bytes.putTwo(room, record, (POINTER | QUESTION) + by);
            int name = record + Zone.RECORD_HEAD + nameAt;
            for (int left = names; left > 0; left--) {
                while (room[name] > 0) {
                    name += 1 + room[name];
                }
                if (room[name] < 0) {
                    Bytes.putTwo(room, name, Bytes.two(room, name) + by);
                    name++;
                }
                name++;
            }
            record = next;
        }
    }

    private static int recordSize(byte[] bytes, int record) {
        return Zone.RECORD_HEAD + Bytes.two(bytes, record + 10);
    }

    /** Writes a set whose names lead elsewhere than where the zone has them lead. */
    private boolean putCompressed(Zone zone, int node, long set, int owner) {
        int start = at;
        int nodeLength = zone.writeName(node, nodeName);
        byte[] page = zone.page(set);
        int record = Zone.offset(set) + Zone.SET_HEAD;
        int type = zone.type(set);
        int head = Zone.RECORD_HEAD + RecordType.nameAt(type);
        int count = RecordType.compressedNames(type);
        for (int left = zone.count(set); left > 0; left--) {
            int end = zone.expand(set, record, nodeName, nodeLength, expanded);
            int next = -1;
            if (at + head <= limit) {
                System.arraycopy(expanded, 0, room, at, head);
                next = putNames(expanded, head, count, end, at + head);
            }
            if (next < 0) {
                at = start;
                names.forget(start);
                return false;
            }
            Bytes.putTwo(room, at, POINTER | owner);
            Bytes.putTwo(room, at + 10, next - at - Zone.RECORD_HEAD);
            at = next;
            record += recordSize(page, record);
        }
        return true;
    }

    /** Writes the names of one record, and what follows them; returns where it ends, or -1. */
    private int putNames(byte[] page, int from, int count, int end, int to) {
        int name = from;
        int next = to;
        for (int left = count; left > 0; left--) {
            next = names.write(page, name, room, next, limit, question);
            if (next < 0) {
                return -1;
            }
            name = count == 1 ? end : nameEnd(page, name);
        }
        int rest = end - name;
        if (next + rest > limit) {
            return -1;
        }
        System.arraycopy(page, name, room, next, rest);
        return next + rest;
    }

    private static int nameEnd(byte[] page, int from) {
        int at = from;
        while (page[at] != 0) {
            at += 1 + page[at];
        }
        return at + 1;
    }

    /** Adds a set of the question's name, unless it does not fit. */
    boolean answerIfItFits(Zone zone, int node, long set) {
        if (!put(zone, node, set, QUESTION)) {
            return false;
        }
        answers += zone.count(set);
        return true;
    }

    /**
     * Adds one record, for a transfer.
     *
     * @param page where it lies, from {@code from} on
     * @param owner its name in uncompressed wire form
     * @param place where that stands in the message already, or less than 0
     * @return false if it does not fit
     */
    boolean record(byte[] page, int from, byte[] owner, int place) {
        int start = at;
        boolean pointed = place >= 0 && place <= NameCompressor.MOST_PLACE;
        int type = Bytes.two(page, from + 2);
        int count = RecordType.compressedNames(type);
        int head = Zone.RECORD_HEAD - 2 + (count == 0 ? 0 : RecordType.nameAt(type));
        int end = from + recordSize(page, from);
        int to = pointed ? at + 2 : names.write(owner, 0, room, at, limit - 2, question);
        int next = -1;
        if (to >= 0 && to + head <= limit) {
            System.arraycopy(page, from + 2, room, to, head);
            next = putNames(page, from + 2 + head, count, end, to + head);
        }
        if (next < 0) {
            at = start;
            names.forget(start);
            return false;
        }
        if (pointed) {
            Bytes.putTwo(room, start, POINTER | place);
        }
        Bytes.putTwo(room, to + 8, next - to - (Zone.RECORD_HEAD - 2));
        at = next;
        answers++;
        return true;
    }

    /**
     * Adds the CNAME that a DNAME makes (RFC 6672 §3.1).
     *
     * @param ttl that of the DNAME
     * @param target in uncompressed wire form
     */
    boolean alias(int owner, int ttl, byte[] target) {
        int start = at;
        int end = -1;
        if (start + Zone.RECORD_HEAD <= limit) {
            end = names.write(target, 0, room, start + Zone.RECORD_HEAD, limit, question);
        }
        if (end < 0) {
            truncated();
            return false;
        }
        Bytes.putTwo(room, start, POINTER | owner);
        Bytes.putTwo(room, start + 2, RecordType.CNAME);
        Bytes.putTwo(room, start + 4, Request.CLASS_IN);
        Bytes.putFour(room, start + 6, ttl);
        Bytes.putTwo(room, start + 10, end - start - Zone.RECORD_HEAD);
        at = end;
        answers++;
        return true;
    }

    /**
     * Adds a record of one type that stands in no zone, with the question's name.
     *
     * @param data its data, as far as {@code length}
     */
    void made(int type, int recordClass, int ttl, byte[] data, int length) {
        int end = at + Zone.RECORD_HEAD + length;
        if (end > limit) {
            truncated();
            return;
        }
        Bytes.putTwo(room, at, POINTER | QUESTION);
        Bytes.putTwo(room, at + 2, type);
        Bytes.putTwo(room, at + 4, recordClass);
        Bytes.putFour(room, at + 6, ttl);
        Bytes.putTwo(room, at + 10, length);
        System.arraycopy(data, 0, room, at + Zone.RECORD_HEAD, length);
        at = end;
        answers++;
    }

    /** Takes everything back but the question, and says that it is truncated. */
    void emptied() {
        at = questionEnd;
        answers = 0;
        authorities = 0;
        additionals = 0;
        truncated();
    }

    /**
     * Writes the head, and the OPT record behind everything.
     *
     * @param takes the largest datagram we take
     * @param cookie the cookie, if the request had one
     * @return the length of the message
     */
    int end(int code, Edns edns, int takes, byte[] cookie) {
        int end = edns.write(room, at, code, takes, cookie);
        Bytes.putTwo(room, 2, flags | (code & 0xf));
        Bytes.putTwo(room, 4, questions);
        Bytes.putTwo(room, 6, answers);
        Bytes.putTwo(room, 8, authorities);
        Bytes.putTwo(room, 10, additionals + (edns.present() ? 1 : 0));
        return end;
    }
}
