package org.portolan.files.tftp;

/**
 * The netascii of RFC 764, as RFC 1350 §1 means it: a line ends with CR LF, and a CR that ends no
 * line is followed by a zero.
 */
final class Netascii {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private boolean afterCr;

    /**
     * Puts {@code count} bytes of a file on their way.
     *
     * @param into has room for twice as many
     * @return how many bytes there are now
     */
    static int encode(byte[] bytes, int count, byte[] into) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            byte octet = bytes[i];
            if (octet == LF) {
                into[at++] = CR;
            }
            into[at++] = octet;
            if (octet == CR) {
                into[at++] = 0;
            }
        }
        return at;
    }

    /**
     * Takes in what came between {@code from} and {@code to}; a CR at the end waits for what
     * follows it.
     *
     * @param into has room for one more than came
     * @return how many bytes there are now
     */
    int decode(byte[] bytes, int from, int to, byte[] into) {
        int at = 0;
        for (int i = from; i < to; i++) {
            byte octet = bytes[i];
            if (afterCr) {
                afterCr = false;
                if (octet == LF || octet == 0) {
                    into[at++] = octet == LF ? LF : CR;
                    continue;
                }
                into[at++] = CR; // it should have been followed by a zero
            }
            if (octet == CR) {
                afterCr = true;
            } else {
                into[at++] = octet;
            }
        }
        return at;
    }

    /** Whether a CR still waits when all has come. */
    boolean endsWithCr() {
        return afterCr;
    }
}
