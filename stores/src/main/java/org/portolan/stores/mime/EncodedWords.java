package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Header text as people read it: encoded words decoded (RFC 2047), bytes beyond ASCII as UTF-8. */
public final class EncodedWords {
    /** RFC 2047 §2, with the language of RFC 2231 §5; longer ones than the 75 allowed occur. */
    private static final Pattern WORD =
            Pattern.compile(
                    "=\\?([^?\\s*]{1,60})(?:\\*[^?\\s]{0,20})?\\?([bBqQ])\\?([^?\\s]*)\\?=");

    private EncodedWords() {}

    /** {@code raw} is the field's bytes, each a char. */
    public static String decode(String raw) {
        if (!raw.contains("=?")) {
            return plain(raw);
        }
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream pending = new ByteArrayOutputStream(); // words of one charset
        String charset = "";
        Matcher word = WORD.matcher(raw);
        int at = 0;
        while (word.find()) {
            String between = raw.substring(at, word.start());
            boolean follows = at > 0 && between.isBlank();
            if (!follows || !word.group(1).equalsIgnoreCase(charset)) {
                text.append(Charsets.decode(pending.toByteArray(), charset));
                pending.reset();
            }
            if (!follows) { // RFC 2047 §6.2: blanks between two of them are not shown
                text.append(plain(between));
            }
            charset = word.group(1);
            pending.writeBytes(bytes(word.group(2), word.group(3)));
            at = word.end();
        }
        text.append(Charsets.decode(pending.toByteArray(), charset));
        return text.append(plain(raw.substring(at))).toString();
    }

    private static byte[] bytes(String encoding, String text) {
        byte[] raw = text.getBytes(ISO_8859_1);
        if (encoding.equalsIgnoreCase("b")) {
            return Encodings.base64(raw);
        }
        for (int i = 0; i < raw.length; i++) {
            raw[i] = raw[i] == '_' ? (byte) ' ' : raw[i]; // RFC 2047 §4.2
        }
        return Encodings.quotedPrintable(raw);
    }

    private static String plain(String raw) {
        return raw.chars().allMatch(c -> c < 0x80)
                ? raw
                : Charsets.decode(raw.getBytes(ISO_8859_1), "");
    }

    /**
     * The value of an extended parameter, {@code charset'language'percent-encoded} (RFC 2231 §4).
     */
    public static String extended(String value) {
        int first = value.indexOf('\'');
        int second = first < 0 ? -1 : value.indexOf('\'', first + 1);
        String charset = second < 0 ? "" : value.substring(0, first);
        byte[] raw = value.substring(second + 1).getBytes(ISO_8859_1);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length; i++) {
            int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
            if (low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(raw[i]);
            }
        }
        return Charsets.decode(decoded.toByteArray(), charset);
    }
}
