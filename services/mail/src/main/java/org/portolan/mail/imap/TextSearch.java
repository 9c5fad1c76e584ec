package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * A text that is looked for in others: the case of letters does not matter (RFC 9051 §6.4.4), of
 * whatever script, and blanks that a fold or a wrapped line made are one.
 */
final class TextSearch {
    /** How the client spells what it looks for. */
    enum Charset {
        ASCII,
        UTF8;

        /** RFC 9051 §6.4.4: US-ASCII and UTF-8 have to be known; no others are. */
        static Charset named(String name) throws Refusal {
            if (Ascii.same(name, "UTF-8")) {
                return UTF8;
            }
            if (Ascii.same(name, "US-ASCII")) {
                return ASCII;
            }
            throw ImapReply.badCharset();
        }

        TextSearch needle(String raw) throws Refusal {
            try {
                byte[] bytes = raw.getBytes(ISO_8859_1);
                // eight bits without a charset are UTF-8: clients that enabled it do not say so
                return new TextSearch(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            } catch (CharacterCodingException e) {
                throw ImapReply.badCharset();
            }
        }
    }

    private final String needle;
    private final byte[] bytes;
    private final boolean ascii;
    private final int[] skip = new int[256];

    private TextSearch(String text) {
        this.needle = folded(text);
        this.ascii = needle.chars().allMatch(c -> c < 0x80);
        this.bytes = needle.getBytes(ascii ? US_ASCII : UTF_8);
        Arrays.fill(skip, Math.max(1, bytes.length));
        for (int i = 0; i + 1 < bytes.length; i++) { // Horspool's table, for both cases
            skip[bytes[i] & 0xff] = bytes.length - 1 - i;
            skip[upper(bytes[i]) & 0xff] = bytes.length - 1 - i;
        }
    }

    /** Whether bytes of an ASCII-like charset may be searched as they are. */
    boolean ascii() {
        return ascii;
    }

    /** What is looked for, in small letters. */
    String text() {
        return needle;
    }

    /** Whether it is of letters and digits of ASCII alone. */
    boolean alphanumeric() {
        return needle.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }

    boolean in(String text) {
        return needle.isEmpty() || folded(text).contains(needle);
    }

    /** Whether it is in {@code text}, whose letters beyond ASCII are not looked at. */
    boolean in(byte[] text, int from, int to) {
        int length = bytes.length;
        if (length == 0) {
            return true;
        }
        int at = from + length - 1;
        while (at < to) {
            byte last = text[at];
            if (lower(last) == bytes[length - 1] && endsAt(text, at)) {
                return true;
            }
            at += skip[last & 0xff];
        }
        return false;
    }

    private boolean endsAt(byte[] text, int end) {
        int from = end - bytes.length + 1;
        for (int i = 0; i < bytes.length; i++) {
            if (lower(text[from + i]) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    private static byte upper(byte b) {
        return b >= 'a' && b <= 'z' ? (byte) (b - 32) : b;
    }

    /** Each character by itself, so that no locale and no neighbour decides. */
    private static String folded(String text) {
        char[] folded = new char[text.length()];
        for (int i = 0; i < folded.length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                folded[i] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            } else {
                folded[i] = Character.toLowerCase(Character.toUpperCase(c));
            }
        }
        return new String(folded);
    }
}
