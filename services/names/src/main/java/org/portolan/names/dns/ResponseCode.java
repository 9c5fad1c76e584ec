package org.portolan.names.dns;

/** What became of a request (RFC 1035 §4.1.1, RFC 6895 §2.3). */
final class ResponseCode {
    /** The request is not answered at all. */
    static final int SILENCE = -1;

    static final int NO_ERROR = 0;
    static final int FORMAT_ERROR = 1;
    static final int SERVER_FAILURE = 2;
    static final int NAME_ERROR = 3;
    static final int NOT_IMPLEMENTED = 4;
    static final int REFUSED = 5;
    static final int YX_DOMAIN = 6;
    static final int NOT_AUTHORITATIVE = 9;

    /** These have more than four bits, and so need the OPT record (RFC 6891 §6.1.3). */
    static final int BAD_VERSION = 16;

    static final int BAD_COOKIE = 23; // RFC 7873 §8

    private ResponseCode() {}
}
