package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Names as master files write them, and in wire form: labels with their lengths, root last. */
public final class NameText {
    /** The most octets of a name in wire form (RFC 1035 §2.3.4). */
    static final int LONGEST = 255;

    private static final int LONGEST_LABEL = 63;

    private NameText() {}

    /**
     * Reads a name into wire form, its case kept.
     *
     * @param origin completes a name without a dot at its end; wire form
     * @param into has at least {@value #LONGEST} bytes of room behind {@code at}
     * @return where the name ends in {@code into}
     */
    static int read(byte[] text, int from, int to, byte[] origin, byte[] into, int at)
            throws ZoneProblem {
        if (to - from == 1 && text[from] == '.') {
            into[at] = 0;
            return at + 1;
        }
        if (to - from == 1 && text[from] == '@') {
            return append(origin, into, at, at, text, from, to);
        }
        int end = at + LONGEST - 1; // the root needs the last one
        int length = at; // where the length of the label goes
        int out = at + 1;
        int i = from;
        while (i < to) {
            byte octet = text[i];
            i++;
            if (octet == '.') {
                closeLabel(into, length, out, text, from, to);
                length = out;
                out++;
                if (i == to) {
                    into[length] = 0;
                    return out;
                }
                continue;
            }
            if (octet == '\\') {
                int value = escaped(text, i, to);
                i += digit(text[i]) ? 3 : 1;
                octet = (byte) value;
            }
            if (out >= end) {
                throw tooLong(text, from, to);
            }
            into[out] = octet;
            out++;
        }
        closeLabel(into, length, out, text, from, to);
        return append(origin, into, out, at, text, from, to);
    }

    private static void closeLabel(byte[] into, int length, int out, byte[] text, int from, int to)
            throws ZoneProblem {
        int octets = out - length - 1;
        if (octets == 0) {
            throw new ZoneProblem(shown(text, from, to) + " has a label without letters");
        }
        if (octets > LONGEST_LABEL) {
            throw new ZoneProblem(
                    "%s has a label of %d octets; %d are the most"
                            .formatted(shown(text, from, to), octets, LONGEST_LABEL));
        }
        into[length] = (byte) octets;
    }

    private static int append(
            byte[] origin, byte[] into, int out, int at, byte[] text, int from, int to)
            throws ZoneProblem {
        int end = out + origin.length;
        if (end - at > LONGEST) {
            throw tooLong(text, from, to);
        }
        System.arraycopy(origin, 0, into, out, origin.length);
        return end;
    }

    private static ZoneProblem tooLong(byte[] text, int from, int to) {
        return new ZoneProblem(
                shown(text, from, to) + " is longer than the " + LONGEST + " octets of a name");
    }

    private static String shown(byte[] text, int from, int to) {
        return DataReader.shown(new String(text, from, to - from, UTF_8));
    }

    /** The octet that stands at {@code at}, behind a backslash: {@code \.} or {@code \046}. */
    static int escaped(byte[] text, int at, int to) throws ZoneProblem {
        if (at >= to) {
            throw new ZoneProblem("a \\ with nothing behind it");
        }
        if (!digit(text[at])) {
            return text[at] & 0xff;
        }
        if (at + 2 >= to || !digit(text[at + 1]) || !digit(text[at + 2])) {
            throw new ZoneProblem("a \\ wants three digits behind it, or none");
        }
        int value = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
        if (value > 255) {
            throw new ZoneProblem("\\" + value + " is no octet; \\255 is the last");
        }
        return value;
    }

    static boolean digit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /**
     * The wire form of {@code name}, with or without a dot at its end.
     *
     * @throws ZoneProblem saying why it is no name
     */
    public static byte[] wire(String name) throws ZoneProblem {
        byte[] text = name.getBytes(UTF_8);
        if (text.length == 0) {
            throw new ZoneProblem("a name is missing");
        }
        byte[] into = new byte[LONGEST + 1];
        int end = read(text, 0, text.length, new byte[1], into, 0);
        return Arrays.copyOf(into, end);
    }

    /** A name in wire form as text, with the dot at its end (RFC 4343 §2.1 for what is escaped). */
    public static String of(byte[] wire) {
        if (wire[0] == 0) {
            return ".";
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; ) {
            int end = at + 1 + wire[at];
            for (at++; at < end; at++) {
                int octet = wire[at] & 0xff;
                if (octet <= ' ' || octet >= 0x7f) {
                    text.append('\\').append(String.valueOf(1000 + octet), 1, 4);
                } else {
                    if (".\\\"();@$".indexOf(octet) >= 0) {
                        text.append('\\');
                    }
                    text.append((char) octet);
                }
            }
            text.append('.');
        }
        return text.toString();
    }

    /** The letters of a name in wire form made small; lengths of labels are below the letters. */
    static byte[] lowerCase(byte[] wire) {
        byte[] lower = wire.clone();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (byte) (lower[i] + 32);
            }
        }
        return lower;
    }
}
