package org.portolan.files.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.portolan.wire.Ascii;

/**
 * A packet (RFC 1350 §5):
 *
 * <pre>
 *          2 bytes     string    1 byte     string   1 byte    string, 1 byte, string, 1 byte …
 *  RRQ    | 01 or 02 |  file  |   0    |    mode    |   0   |  option  |  0  |  value  |  0  |
 *  WRQ     ------------------------------------------------------------------------------------
 *
 *          2 bytes     2 bytes      n bytes
 *  DATA   |   03     |  block   |   data     |        ACK  |   04     |  block   |
 *          ----------------------------------               ---------------------
 *
 *          2 bytes     2 bytes      string    1 byte        2 bytes    as in a request
 *  ERROR  |   05     |   code   |  words   |   0   |  OACK |   06    |  option  |  0  | …
 *          -----------------------------------------        -----------------------------
 * </pre>
 */
sealed interface TftpMessage {
    int RRQ = 1;
    int WRQ = 2;
    int DATA = 3;
    int ACK = 4;
    int ERROR = 5;
    int OACK = 6;

    /** What stands before the data. */
    int HEAD = 4;

    /**
     * RRQ and WRQ.
     *
     * @param file as it came, each byte as the character of the same number
     * @param netascii whether lines change their ends on the way; else it is octet
     */
    record Request(boolean write, String file, boolean netascii, TftpOptions asked)
            implements TftpMessage {}

    /** DATA; what it brings lies in the packet from {@link #HEAD} on. */
    record Data(int block, int count) implements TftpMessage {}

    /** ACK. */
    record Ack(int block) implements TftpMessage {}

    /** ERROR: the other end is through with us. */
    record Problem(int code, String words) implements TftpMessage {}

    /** An OACK, or what no RFC knows. */
    record Other(int code) implements TftpMessage {}

    /**
     * Reads a packet.
     *
     * @throws TftpProblem when it is none
     */
    static TftpMessage parse(byte[] bytes, int length) throws TftpProblem {
        if (length < HEAD) {
            throw malformed("a packet has four bytes at least");
        }
        int code = number(bytes, 0);
        return switch (code) {
            case RRQ, WRQ -> request(code == WRQ, bytes, length);
            case DATA -> new Data(number(bytes, 2), length - HEAD);
            case ACK -> new Ack(number(bytes, 2));
            case ERROR -> new Problem(number(bytes, 2), words(bytes, length));
            default -> new Other(code);
        };
    }

    private static int number(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private static TftpProblem malformed(String words) {
        return new TftpProblem(TftpProblem.ILLEGAL, words);
    }

    private static Request request(boolean write, byte[] bytes, int length) throws TftpProblem {
        int afterFile = end(bytes, 2, length) + 1;
        int afterMode = end(bytes, afterFile, length) + 1;
        String file = text(bytes, 2, afterFile - 1);
        String mode = Ascii.upper(text(bytes, afterFile, afterMode - 1));
        if (!mode.equals("OCTET") && !mode.equals("NETASCII")) { // RFC 1350 §1: mail is obsolete
            throw malformed("only the modes octet and netascii are done here");
        }
        if (file.isEmpty()) {
            throw malformed("a name is missing");
        }
        return new Request(write, file, mode.equals("NETASCII"), options(bytes, afterMode, length));
    }

    /** RFC 2347; what is cut off at the end was no option. */
    private static TftpOptions options(byte[] bytes, int from, int length) {
        TftpOptions asked = TftpOptions.NONE;
        int at = from;
        while (true) {
            int afterName = zero(bytes, at, length) + 1;
            int afterValue = afterName == 0 ? 0 : zero(bytes, afterName, length) + 1;
            if (afterValue == 0) {
                return asked;
            }
            String name = Ascii.upper(text(bytes, at, afterName - 1));
            asked = asked.with(name, text(bytes, afterName, afterValue - 1));
            at = afterValue;
        }
    }

    private static int end(byte[] bytes, int from, int length) throws TftpProblem {
        int at = zero(bytes, from, length);
        if (at < 0) {
            throw malformed("a request has a name and a mode, each with a zero at its end");
        }
        return at;
    }

    /** Where the next zero is; -1 if there is none. */
    private static int zero(byte[] bytes, int from, int length) {
        for (int at = from; at < length; at++) {
            if (bytes[at] == 0) {
                return at;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    private static String words(byte[] bytes, int length) {
        int zero = zero(bytes, HEAD, length);
        return text(bytes, HEAD, zero < 0 ? length : zero);
    }

    /** Writes the head of a DATA packet; the data follows it. */
    static void data(int block, byte[] into, int at) {
        head(DATA, block, into, at);
    }

    /** An ACK packet. */
    static byte[] ack(int block) {
        byte[] packet = new byte[HEAD];
        head(ACK, block, packet, 0);
        return packet;
    }

    private static void head(int code, int number, byte[] into, int at) {
        into[at] = 0;
        into[at + 1] = (byte) code;
        into[at + 2] = (byte) (number >> 8);
        into[at + 3] = (byte) number;
    }

    /** An ERROR packet. */
    static byte[] problem(int code, String words) {
        byte[] text = words.getBytes(ISO_8859_1);
        byte[] packet = new byte[HEAD + text.length + 1];
        head(ERROR, code, packet, 0);
        java.lang.System.arraycopy(text, 0, packet, HEAD, text.length);
        return packet;
    }
}
