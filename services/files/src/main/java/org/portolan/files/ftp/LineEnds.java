package org.portolan.files.ftp;

/**
 * TYPE A (RFC 959 §3.1.1.1): a line ends with LF in a file and with CR LF on its way. A file that
 * has CR LF already goes as it is, so that what was stored in either type comes back as it was
 * sent.
 */
final class LineEnds {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private boolean afterCr;

    /**
     * Puts what a file has between {@code from} and {@code to} on its way: an LF that follows no CR
     * gets one.
     *
     * @param into has room for twice as many
     * @return how many bytes there are now
     */
    int outward(byte[] bytes, int from, int to, byte[] into) {
        int at = 0;
        int begun = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == LF) {
                boolean whole = i > from ? bytes[i - 1] == CR : afterCr;
                if (!whole) {
                    System.arraycopy(bytes, begun, into, at, i - begun);
                    at += i - begun;
                    into[at++] = CR;
                    begun = i;
                }
            }
        }
        System.arraycopy(bytes, begun, into, at, to - begun);
        if (to > from) {
            afterCr = bytes[to - 1] == CR;
        }
        return at + to - begun;
    }

    /**
     * Takes in what came between {@code from} and {@code to}: CR LF becomes LF, a CR before
     * anything else stays. A CR at the end waits for what follows it.
     *
     * @param into has room for one more than came
     * @return how many bytes there are now
     */
    int inward(byte[] bytes, int from, int to, byte[] into) {
        int at = 0;
        int i = from;
        if (afterCr && to > from) {
            if (bytes[from] != LF) {
                into[at++] = CR;
            }
            afterCr = false;
        }
        while (i < to) {
            int begun = i;
            while (i < to && bytes[i] != CR) {
                i++;
            }
            System.arraycopy(bytes, begun, into, at, i - begun);
            at += i - begun;
            if (i == to) {
                break;
            }
            i++; // the CR
            if (i == to) {
                afterCr = true;
            } else if (bytes[i] != LF) {
                into[at++] = CR;
            }
        }
        return at;
    }

    /** What still waits when all has come. */
    boolean endsWithCr() {
        return afterCr;
    }
}
