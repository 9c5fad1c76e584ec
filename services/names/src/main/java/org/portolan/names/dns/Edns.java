package org.portolan.names.dns;

import org.portolan.stores.zones.RecordType;

/**
 * The OPT record of a request, and that of the answer (RFC 6891 §6.1).
 *
 * <pre>
 *  name   root (1)
 *  type   41 (2)
 *  class  bytes of the largest datagram the sender takes (2)
 *  TTL    upper bits of the response code (1), version (1), DO and zeros (2)
 *  data   options: code (2), length (2), bytes
 * </pre>
 */
final class Edns {
    /** Bytes of an OPT record without options. */
    static final int BARE = 11;

    private static final int VERSION = 0;
    private static final int DNSSEC_OK = 0x8000;
    private static final int COOKIE = 10;
    private static final int OPTION_HEAD = 4;

    private boolean present;
    private int payload;
    private int version;
    private boolean dnssecOk;
    private int cookieAt;
    private int cookieLength;

    void clear() {
        present = false;
        cookieLength = 0;
        version = VERSION;
    }

    /**
     * Reads the record whose type is at {@code at}; its owner is the root.
     *
     * @return false if it is malformed, or the second
     */
    boolean read(byte[] message, int at, int end) {
        if (present) { // RFC 6891 §6.1.1
            return false;
        }
        present = true;
        payload = Bytes.two(message, at + 2);
        version = message[at + 5] & 0xff;
        dnssecOk = (Bytes.two(message, at + 6) & DNSSEC_OK) != 0;
        int option = at + 10;
        while (option < end) {
            if (option + OPTION_HEAD > end) {
                return false;
            }
            int size = Bytes.two(message, option + 2);
            int data = option + OPTION_HEAD;
            option = data + size;
            if (option > end) {
                return false;
            }
            if (Bytes.two(message, data - OPTION_HEAD) == COOKIE && cookieLength == 0) {
                if (size != Cookies.CLIENT && (size < 16 || size > 40)) { // RFC 7873 §5.2.2
                    return false;
                }
                cookieAt = data;
                cookieLength = size;
            }
        }
        return true;
    }

    /** Answers no cookie. */
    void withoutCookie() {
        cookieLength = 0;
    }

    boolean present() {
        return present;
    }

    boolean versionKnown() {
        return version == VERSION;
    }

    /** The largest datagram the peer takes: 512 where it says nothing (RFC 6891 §6.2.3). */
    int payload() {
        return present ? Math.max(512, payload) : 512;
    }

    boolean hasCookie() {
        return cookieLength > 0;
    }

    /** Where the cookie lies in the request. */
    int cookieAt() {
        return cookieAt;
    }

    /** 8 bytes are the client's part alone. */
    int cookieLength() {
        return cookieLength;
    }

    /** How many bytes {@link #write} writes. */
    int size() {
        return !present ? 0 : hasCookie() ? BARE + OPTION_HEAD + Cookies.WHOLE : BARE;
    }

    /**
     * Writes the answer's OPT record, if the request had one (RFC 6891 §6.1.1).
     *
     * @param code the response code, whose upper bits stand here
     * @param takes the largest datagram we take
     * @param cookie the whole cookie, if the request had one
     * @return where it ends
     */
    int write(byte[] room, int at, int code, int takes, byte[] cookie) {
        if (!present) {
            return at;
        }
        room[at] = 0;
        Bytes.putTwo(room, at + 1, RecordType.OPT);
        Bytes.putTwo(room, at + 3, takes);
        room[at + 5] = (byte) (code >> 4);
        room[at + 6] = VERSION;
        Bytes.putTwo(room, at + 7, dnssecOk ? DNSSEC_OK : 0); // RFC 3225 §3: repeated
        int data = at + BARE;
        if (!hasCookie()) {
            Bytes.putTwo(room, at + 9, 0);
            return data;
        }
        Bytes.putTwo(room, at + 9, OPTION_HEAD + Cookies.WHOLE);
        Bytes.putTwo(room, data, COOKIE);
        Bytes.putTwo(room, data + 2, Cookies.WHOLE);
        System.arraycopy(cookie, 0, room, data + OPTION_HEAD, Cookies.WHOLE);
        return data + OPTION_HEAD + Cookies.WHOLE;
    }
}
