package org.portolan.names.dns;

/**
 * Server cookies, by which a client shows that it has heard from us before (RFC 7873), in the form
 * on which all servers agree (RFC 9018 §4).
 *
 * <pre>
 *  client cookie (8) | version 1 (1) | zeros (3) | seconds since 1970 (4) | hash (8)
 * </pre>
 *
 * <p>One for one thread.
 */
final class Cookies {
    /** Bytes of the client's part. */
    static final int CLIENT = 8;

    /** Bytes of a whole cookie as we make it. */
    static final int WHOLE = 24;

    private static final int HASHED = 16; // everything but the hash
    private static final int VERSION = 1;
    private static final int OLDEST = 3600; // RFC 9018 §4.3
    private static final int EARLIEST = 300;
    private static final int RENEWED_AFTER = 1800;

    private final SipHash hash;
    private final byte[] input = new byte[HASHED + 16 + 8];
    private final byte[] cookie = new byte[WHOLE];

    /**
     * Cookies made with a secret.
     *
     * @param secret 16 bytes
     */
    Cookies(byte[] secret) {
        hash = new SipHash(secret);
    }

    /** The cookie to answer with, after {@link #check}. */
    byte[] answer() {
        return cookie;
    }

    /**
     * Looks at the cookie of a request and makes that of the answer.
     *
     * @param now seconds since 1970
     * @return whether the client has one of ours
     */
    boolean check(byte[] message, int at, int length, byte[] address, int now) {
        System.arraycopy(message, at, cookie, 0, CLIENT);
        if (length == WHOLE && message[at + CLIENT] == VERSION) {
            System.arraycopy(message, at + CLIENT, cookie, CLIENT, HASHED - CLIENT);
            int age = now - Bytes.four(message, at + 12); // RFC 1982 arithmetic
            long sum = sum(address);
            boolean ours = sum == hashIn(message, at + HASHED);
            if (ours && age <= OLDEST && age >= -EARLIEST) {
                if (age > RENEWED_AFTER) {
                    renew(address, now);
                } else {
                    putHash(sum);
                }
                return true;
            }
        }
        renew(address, now);
        return false;
    }

    private void renew(byte[] address, int now) {
        Bytes.putFour(cookie, CLIENT, VERSION << 24);
        Bytes.putFour(cookie, 12, now);
        putHash(sum(address));
    }

    private long sum(byte[] address) {
        System.arraycopy(cookie, 0, input, 0, HASHED);
        System.arraycopy(address, 0, input, HASHED, address.length);
        return hash.of(input, HASHED + address.length);
    }

    /** The hash stands with its lowest byte first, as SipHash's own test vectors do. */
    private void putHash(long sum) {
        Bytes.putFour(cookie, HASHED, Integer.reverseBytes((int) sum));
        Bytes.putFour(cookie, HASHED + 4, Integer.reverseBytes((int) (sum >>> 32)));
    }

    private static long hashIn(byte[] message, int at) {
        long low = Integer.reverseBytes(Bytes.four(message, at)) & 0xffff_ffffL;
        return ((long) Integer.reverseBytes(Bytes.four(message, at + 4)) << 32) | low;
    }
}
