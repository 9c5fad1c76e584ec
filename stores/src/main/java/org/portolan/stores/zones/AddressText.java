package org.portolan.stores.zones;

import java.util.Arrays;
import java.util.HexFormat;

/** IP addresses as people write them, to their octets; nothing is guessed, nobody is asked. */
public final class AddressText {
    private AddressText() {}

    /** Four numbers without leading zeros; false if it is something else. */
    static boolean ipv4(byte[] text, int from, int to, byte[] into, int at) {
        int part = 0;
        int value = 0;
        int digits = 0;
        for (int i = from; i < to; i++) {
            byte octet = text[i];
            if (octet == '.') {
                if (digits == 0 || part == 3) {
                    return false;
                }
                into[at + part] = (byte) value;
                part++;
                value = 0;
                digits = 0;
            } else if (NameText.digit(octet)) {
                if (digits > 0 && value == 0) {
                    return false; // 010 is 8 to some and 10 to others
                }
                value = value * 10 + octet - '0';
                digits++;
                if (value > 255) {
                    return false;
                }
            } else {
                return false;
            }
        }
        into[at + part] = (byte) value;
        return part == 3 && digits > 0;
    }

    /** All forms of RFC 4291 §2.2; false if it is something else. */
    static boolean ipv6(byte[] text, int from, int to, byte[] into, int at) {
        int out = at;
        int end = at + 16;
        int gap = -1; // where :: stands
        int i = from;
        if (to - from >= 2 && text[from] == ':' && text[from + 1] == ':') {
            gap = out;
            i += 2;
        }
        while (i < to) {
            int value = 0;
            int begin = i;
            while (i < to && i - begin < 5 && HexFormat.isHexDigit(text[i])) {
                value = value << 4 | HexFormat.fromHexDigit(text[i]);
                i++;
            }
            if (i < to && text[i] == '.' && end - out >= 4) {
                if (!ipv4(text, begin, to, into, out)) {
                    return false;
                }
                out += 4;
                break;
            }
            if (i == begin || i - begin > 4 || out == end) {
                return false;
            }
            into[out] = (byte) (value >> 8);
            into[out + 1] = (byte) value;
            out += 2;
            if (i == to) {
                break;
            }
            if (text[i] != ':' || i + 1 == to) {
                return false;
            }
            i++;
            if (text[i] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = out;
                i++;
            }
        }
        if (gap < 0) {
            return out == end;
        }
        int missing = end - out;
        if (missing < 2) {
            return false;
        }
        System.arraycopy(into, gap, into, gap + missing, out - gap);
        Arrays.fill(into, gap, gap + missing, (byte) 0);
        return true;
    }

    /** The one form that RFC 5952 §4 leaves: small letters, the longest run of zeros left out. */
    public static String ipv6(byte[] octets) {
        int from = 8; // the first group of the longest run of at least two
        int length = 1;
        for (int group = 0; group < 8; group++) {
            int run = 0;
            while (group + run < 8 && group(octets, group + run) == 0) {
                run++;
            }
            if (run > length) {
                from = group;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int group = 0; group < 8; group++) {
            if (group == from) {
                text.append("::");
                group += length - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group(octets, group)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] octets, int group) {
        return (octets[2 * group] & 0xff) << 8 | (octets[2 * group + 1] & 0xff);
    }
}
