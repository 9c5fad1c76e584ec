package org.portolan.stores.mime;

import java.util.Arrays;
import java.util.Locale;

/** Content transfer encodings undone (RFC 2045 §6), whatever is wrong with them. */
public final class Encodings {
    private Encodings() {}

    /** {@code bytes} without their {@code encoding}; as they are if it is none or unknown. */
    public static byte[] decode(byte[] bytes, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> base64(bytes);
            case "quoted-printable" -> quotedPrintable(bytes);
            default -> bytes;
        };
    }

    /** RFC 2045 §6.8: what is no digit of it is read past; padding ends it. */
    public static byte[] base64(byte[] bytes) {
        byte[] decoded = new byte[bytes.length * 3 / 4 + 3];
        int length = 0;
        int bits = 0;
        int held = 0;
        for (byte one : bytes) {
            int digit = digit(one);
            if (one == '=') {
                break;
            }
            if (digit >= 0) {
                bits = bits << 6 | digit;
                held += 6;
                if (held >= 8) {
                    held -= 8;
                    decoded[length++] = (byte) (bits >> held);
                }
            }
        }
        return Arrays.copyOf(decoded, length);
    }

    private static int digit(byte one) {
        if (one >= 'A' && one <= 'Z') {
            return one - 'A';
        }
        if (one >= 'a' && one <= 'z') {
            return one - 'a' + 26;
        }
        if (one >= '0' && one <= '9') {
            return one - '0' + 52;
        }
        return one == '+' ? 62 : one == '/' ? 63 : -1;
    }

    /** RFC 2045 §6.7: an escape that is none stands for itself. */
    public static byte[] quotedPrintable(byte[] bytes) {
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] != '=') {
                decoded[length++] = bytes[i];
            } else if (high >= 0 && low >= 0) {
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                int end = i + 1;
                while (end < bytes.length && (bytes[end] == ' ' || bytes[end] == '\t')) {
                    end++;
                }
                end += end < bytes.length && bytes[end] == '\r' ? 1 : 0;
                if (end >= bytes.length || bytes[end] == '\n') {
                    i = end; // a soft line break
                } else {
                    decoded[length++] = '=';
                }
            }
        }
        return Arrays.copyOf(decoded, length);
    }
}
