package org.portolan.names.dns;

import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;

/**
 * What a peer asks, read once and checked: all counts and lengths agree with the bytes that came.
 * The same object is filled again and again.
 *
 * <pre>
 *    0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15      RFC 1035 §4.1.1
 *  +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *  |                      ID                       |
 *  |QR|   opcode  |AA|TC|RD|RA| 0|AD|CD|   RCODE   |
 *  |                    QDCOUNT                    |
 *  |                    ANCOUNT                    |
 *  |                    NSCOUNT                    |
 *  |                    ARCOUNT                    |
 *  +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *  |  the question: name, type (2), class (2)      |
 *  |  records, of which only OPT is looked at      |
 * </pre>
 */
final class Request {
    static final int HEAD = 12;
    static final int QUERY = 0;
    static final int NOTIFY = 4;
    static final int CLASS_IN = 1;
    static final int CLASS_CHAOS = 3;
    static final int CLASS_ANY = 255;

    /** No SOA came with the question. */
    static final long NO_SERIAL = -1;

    private static final int SERIAL_FROM_END = 20; // of the SOA's data (RFC 1035 §3.3.13)
    private static final int IS_RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int QUESTION_TAIL = 4; // type and class
    private static final int RECORD_TAIL = 10; // type, class, TTL, length of the data

    final LookupName name = new LookupName();
    final Edns edns = new Edns();
    private int flags;
    private int type;
    private int recordClass;
    private int questionEnd;
    private boolean asks;
    private long serial;

    /**
     * Reads a message.
     *
     * @return {@link ResponseCode#NO_ERROR} for one that can be answered, otherwise what to say
     */
    int read(byte[] message, int length) {
        edns.clear();
        asks = false;
        type = 0;
        serial = NO_SERIAL;
        questionEnd = HEAD;
        if (length < HEAD) { // nobody to say it to: not even an ID
            return ResponseCode.SILENCE;
        }
        flags = Bytes.two(message, 2);
        if ((flags & IS_RESPONSE) != 0) { // a loop of two servers would begin with an answer
            return ResponseCode.SILENCE;
        }
        int opcode = opcode();
        if (opcode != QUERY && opcode != NOTIFY) {
            return ResponseCode.NOT_IMPLEMENTED;
        }
        int questions = Bytes.two(message, 4);
        if (questions > 1) { // RFC 9619
            return ResponseCode.FORMAT_ERROR;
        }
        if (questions == 1) {
            int fault = readQuestion(message, length);
            if (fault != ResponseCode.NO_ERROR) {
                return fault;
            }
        }
        int fault = readRecords(message, length);
        if (fault == ResponseCode.NO_ERROR && !asks && !edns.hasCookie()) {
            return ResponseCode
                    .FORMAT_ERROR; // only who asks for a cookie need not ask (RFC 7873 §5.4)
        }
        return fault;
    }

    private int readQuestion(byte[] message, int length) {
        if (!name.read(message, HEAD, length)) {
            return ResponseCode.FORMAT_ERROR;
        }
        int at = HEAD + name.length();
        if (at + QUESTION_TAIL > length) {
            return ResponseCode.FORMAT_ERROR;
        }
        type = Bytes.two(message, at);
        recordClass = Bytes.two(message, at + 2);
        questionEnd = at + QUESTION_TAIL;
        asks = true;
        return ResponseCode.NO_ERROR;
    }

    private int readRecords(byte[] message, int length) {
        int answers = Bytes.two(message, 6);
        int authorities = Bytes.two(message, 8);
        int additionals = Bytes.two(message, 10);
        if ((answers | authorities | additionals) == 0) {
            return ResponseCode.NO_ERROR;
        }
        // NOTIFY may say the new SOA (RFC 1996 §3.7), IXFR says the old one (RFC 1995 §3)
        boolean mayAnswer = opcode() == NOTIFY;
        boolean mayState = mayAnswer || type == RecordType.IXFR;
        if ((answers > 0 && !mayAnswer) || (authorities > 0 && !mayState)) {
            return ResponseCode.FORMAT_ERROR;
        }
        int at = questionEnd;
        for (int left = answers + authorities + additionals; left > 0; left--) {
            int owner = at;
            at = ownerEnd(message, at, length);
            if (at < 0 || at + RECORD_TAIL > length) {
                return ResponseCode.FORMAT_ERROR;
            }
            int end = at + RECORD_TAIL + Bytes.two(message, at + 8);
            if (end > length) {
                return ResponseCode.FORMAT_ERROR;
            }
            int recordType = Bytes.two(message, at);
            if (recordType == RecordType.SOA && end - at - RECORD_TAIL > SERIAL_FROM_END) {
                serial = Bytes.four(message, end - SERIAL_FROM_END) & 0xffff_ffffL;
            }
            if (recordType == RecordType.OPT) {
                boolean misplaced = left > additionals || message[owner] != 0;
                if (misplaced || !edns.read(message, at, end)) {
                    return ResponseCode.FORMAT_ERROR;
                }
            }
            at = end;
        }
        return ResponseCode.NO_ERROR; // what follows is ignored, as most do
    }

    /** Passes over a name; where a pointer leads does not matter, so it is not followed. */
    private static int ownerEnd(byte[] message, int from, int length) {
        int at = from;
        while (at < length && at - from < LookupName.LONGEST) {
            int size = message[at] & 0xff;
            if (size == 0) {
                return at + 1;
            }
            if (size >= 0xc0) {
                return at + 2;
            }
            if (size > 63) {
                return -1;
            }
            at += 1 + size;
        }
        return -1;
    }

    int opcode() {
        return (flags & OPCODE) >> 11;
    }

    /** The opcode and the RD bit, which an answer repeats (RFC 1035 §4.1.1). */
    int repeatedFlags() {
        return flags & (OPCODE | 0x0100);
    }

    /** Whether there is a question. */
    boolean asks() {
        return asks;
    }

    int type() {
        return type;
    }

    int recordClass() {
        return recordClass;
    }

    /** The serial of the SOA that came with the question (RFC 1995 §3). */
    long serial() {
        return serial;
    }

    /** Where the question ends, and in an answer the first record begins. */
    int questionEnd() {
        return questionEnd;
    }
}
