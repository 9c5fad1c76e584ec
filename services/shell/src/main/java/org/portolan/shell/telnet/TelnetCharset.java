package org.portolan.shell.telnet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the bytes of text mean (RFC 2066). The console speaks UTF-8; for a terminal that does not,
 * what it has no character for becomes a question mark.
 *
 * <pre>
 *   REQUEST  ; UTF-8 ; ISO-8859-1      ACCEPTED UTF-8      REJECTED
 * </pre>
 */
final class TelnetCharset {
    static final int REQUEST = 1;
    static final int ACCEPTED = 2;
    static final int REJECTED = 3;

    /** Tables that say how to translate; nobody here reads them. */
    static final int TABLE_IS = 4;

    static final int TABLE_REJECTED = 5;

    private static final List<Charset> KNOWN = List.of(UTF_8, ISO_8859_1, US_ASCII);
    private static final byte[] OFFER = ";UTF-8;ISO-8859-1;US-ASCII".getBytes(US_ASCII);
    private static final String TABLE = "[TTABLE]";

    private TelnetCharset() {}

    /** What we ask for. */
    static byte[] request() {
        return message(REQUEST, OFFER);
    }

    /** The first of a peer's wishes that is known; the message is what stands behind REQUEST. */
    static Optional<Charset> wanted(byte[] message) {
        String list = new String(message, 1, message.length - 1, ISO_8859_1);
        if (list.startsWith(TABLE) && list.length() > TABLE.length()) {
            list = list.substring(TABLE.length() + 1); // behind it stands the version of tables
        }
        if (list.isEmpty()) {
            return Optional.empty();
        }
        String separator = list.substring(0, 1);
        for (String name : list.substring(1).split(java.util.regex.Pattern.quote(separator))) {
            Optional<Charset> known = named(name);
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    /** What stands behind ACCEPTED, if we had offered it. */
    static Optional<Charset> accepted(byte[] message) {
        return named(new String(message, 1, message.length - 1, ISO_8859_1));
    }

    private static Optional<Charset> named(String name) {
        return KNOWN.stream().filter(each -> each.name().equalsIgnoreCase(name.strip())).findAny();
    }

    static byte[] accept(Charset charset) {
        return message(ACCEPTED, charset.name().getBytes(US_ASCII));
    }

    static byte[] message(int code, byte... words) {
        byte[] whole = new byte[1 + words.length];
        whole[0] = (byte) code;
        System.arraycopy(words, 0, whole, 1, words.length);
        return whole;
    }

    /** A typed byte as UTF-8. */
    static byte[] typed(int octet, Charset charset) {
        byte[] one = {(byte) octet};
        return octet < 0x80 || charset.equals(UTF_8)
                ? one
                : new String(one, charset).getBytes(UTF_8);
    }

    /** Text in UTF-8 as a terminal with {@code charset} takes it; keeps half a character. */
    static final class Outward {
        private final ByteArrayOutputStream half = new ByteArrayOutputStream();

        byte[] encoded(byte[] utf8, int from, int count, Charset charset) {
            if (charset.equals(UTF_8) && half.size() == 0) {
                return Arrays.copyOfRange(utf8, from, from + count);
            }
            half.write(utf8, from, count);
            byte[] all = half.toByteArray();
            int whole = wholeCharacters(all);
            half.reset();
            half.write(all, whole, all.length - whole);
            return new String(all, 0, whole, UTF_8).getBytes(charset);
        }

        private static int wholeCharacters(byte[] bytes) {
            int last = bytes.length - 1;
            while (last >= 0 && last > bytes.length - 4 && (bytes[last] & 0xc0) == 0x80) {
                last--;
            }
            if (last < 0) {
                return bytes.length;
            }
            int first = bytes[last] & 0xff;
            int length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
            return last + length > bytes.length ? last : bytes.length;
        }
    }
}
