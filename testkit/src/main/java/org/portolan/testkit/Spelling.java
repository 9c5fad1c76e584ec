package org.portolan.testkit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes as a transcript spells them, so that what a failure shows can be pasted into a file.
 *
 * <p>Within this package a run of bytes is a String of ISO-8859-1: one character for each byte.
 */
final class Spelling {
    private static final int SHOWN = 400;

    private Spelling() {}

    static String bytesOf(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static byte[] raw(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String ofRaw(byte[] bytes) {
        return ofRaw(bytes, 0, bytes.length);
    }

    static String ofRaw(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The text that stands for these bytes in a C: or S: line. */
    static String text(String bytes) {
        CharSequence readable;
        boolean utf8 = true;
        try {
            CharBuffer decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw(bytes)));
            readable = decoded;
        } catch (CharacterCodingException _) {
            // Not UTF-8: every byte beyond ASCII is shown by its number.
            readable = bytes;
            utf8 = false;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < readable.length(); i++) {
            char c = readable.charAt(i);
            boolean last = i + 1 == readable.length();
            if (c == '\r') {
                text.append("{CR}");
            } else if (c == '\n') {
                text.append("{LF}");
            } else if (c == '{' && TemplateReader.opens(readable, i)) {
                text.append("{0x7b}");
            } else if (Character.isISOControl(c)
                    || (c > 0x7f && !utf8)
                    || (c == ' ' && last)
                    || (c == '…' && i == 0)) {
                text.append("{0x").append(numbers(c, utf8)).append('}');
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String numbers(char c, boolean utf8) {
        byte[] bytes =
                String.valueOf(c)
                        .getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return HexFormat.of().formatHex(bytes);
    }

    /** The text in a failure: a long line shows its beginning and how long it is. */
    static String shown(String bytes) {
        return bytes.length() <= SHOWN
                ? text(bytes)
                : text(bytes.substring(0, SHOWN)) + " … (" + bytes.length() + " bytes)";
    }

    /** The bytes of a C&lt; or S&gt; line. */
    static String hex(String bytes) {
        HexFormat hex = HexFormat.ofDelimiter(" ");
        return bytes.length() <= SHOWN
                ? hex.formatHex(raw(bytes))
                : hex.formatHex(raw(bytes.substring(0, SHOWN)))
                        + " … ("
                        + bytes.length()
                        + " bytes)";
    }
}
