package org.portolan.mail.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The header of a message as it comes, in any pieces, and its fields as they are signed (RFC 6376
 * §3.4.1, §3.4.2). A character stands for each byte.
 */
final class HeaderFields {
    /** A header of more than this is not kept, and nothing in it verified. */
    static final int LONGEST = 256 * 1024;

    private static final int MOST = 5_000;

    /**
     * A field as it came, its last line end left out.
     *
     * @param name in small letters
     * @param raw with name, colon and folding
     */
    record Field(String name, String raw) {
        /** What stands behind the colon. */
        String value() {
            return raw.substring(raw.indexOf(':') + 1);
        }

        /** RFC 6376 §3.4.2: unfolded, blanks made one, none at the ends. */
        String canonical(boolean relaxed) {
            if (!relaxed) {
                return raw;
            }
            StringBuilder canonical = new StringBuilder(raw.length()).append(name).append(':');
            boolean blank = false;
            boolean begun = false;
            for (int i = raw.indexOf(':') + 1; i < raw.length(); i++) {
                char c = raw.charAt(i);
                boolean foldEnd = c == '\r' && raw.startsWith("\r\n", i);
                if (foldEnd) {
                    i++;
                } else if (c == ' ' || c == '\t') {
                    blank = true;
                } else {
                    canonical.append(blank && begun ? " " : "").append(c);
                    begun = true;
                    blank = false;
                }
            }
            return canonical.toString();
        }
    }

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int lineLength;
    private boolean carriageReturn;
    private boolean ended;
    private boolean tooLong;
    private List<Field> fields = List.of();

    /**
     * Takes bytes up to the empty line behind the header.
     *
     * @return the index of the first that it did not take: of the body
     */
    int take(byte[] bytes, int from, int count) {
        int end = from + count;
        int i = from;
        while (i < end && !ended) {
            byte b = bytes[i++];
            if (b == '\n' && carriageReturn) {
                ended = lineLength == 1; // nothing but the CR
                lineLength = 0;
            } else {
                lineLength++;
            }
            carriageReturn = b == '\r';
        }
        tooLong |= kept.size() + (i - from) > LONGEST;
        if (!tooLong) {
            kept.write(bytes, from, i - from);
        }
        if (ended) {
            parse();
        }
        return i;
    }

    /** Whether the empty line has come. */
    boolean ended() {
        return ended;
    }

    /** There is no body: what came is all of the header. */
    void end() {
        if (!ended) {
            ended = true;
            parse();
        }
    }

    boolean tooLong() {
        return tooLong;
    }

    /** In their order; empty while the header comes. */
    List<Field> fields() {
        return fields;
    }

    private void parse() {
        String header = tooLong ? "" : kept.toString(ISO_8859_1);
        kept.reset();
        List<Field> found = new ArrayList<>();
        int at = 0;
        while (at < header.length() && !header.startsWith("\r\n", at)) {
            int end = endOfField(header, at);
            String raw = header.substring(at, end);
            int colon = raw.indexOf(':');
            if (colon > 0) {
                String name = raw.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
                found.add(new Field(name, raw));
            }
            at = Math.min(header.length(), end + 2);
        }
        tooLong |= found.size() > MOST;
        fields = tooLong ? List.of() : found;
    }

    private static int endOfField(String header, int from) {
        int at = header.indexOf("\r\n", from);
        while (at >= 0 && at + 2 < header.length() && isBlank(header.charAt(at + 2))) {
            at = header.indexOf("\r\n", at + 2);
        }
        return at < 0 ? header.length() : at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * What is signed: the named fields, from the last of a name upwards (RFC 6376 §5.4.2), then
     * the signature's own without the signature.
     */
    static byte[] signed(List<Field> fields, List<String> names, Field own, boolean relaxed) {
        Map<String, List<Field>> left = new HashMap<>();
        for (Field field : fields) {
            left.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(field);
        }
        StringBuilder signed = new StringBuilder();
        for (String name : names) {
            List<Field> of = left.getOrDefault(name, List.of());
            if (!of.isEmpty()) {
                signed.append(of.removeLast().canonical(relaxed)).append("\r\n");
            }
        }
        signed.append(new Field(own.name(), withoutSignature(own.raw())).canonical(relaxed));
        return signed.toString().getBytes(ISO_8859_1);
    }

    /** RFC 6376 §3.7: the value of b= is taken for empty, all else stays as it is. */
    private static String withoutSignature(String raw) {
        int at = raw.indexOf(':') + 1;
        while (at > 0 && at < raw.length()) {
            int next = raw.indexOf(';', at);
            int end = next < 0 ? raw.length() : next;
            int sign = raw.indexOf('=', at);
            if (sign >= 0 && sign < end && raw.substring(at, sign).strip().equals("b")) {
                return raw.substring(0, sign + 1) + raw.substring(end);
            }
            at = next + 1;
        }
        return raw;
    }
}
