package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;

/**
 * {@code $GENERATE first-last[/step] owner [ttl] [class] type data}: a pattern for many records, as
 * BIND reads it. In owner and data a {@code $} stands for the number, <code>${offset,width,base}
 * </code> for the number plus offset, with zeros before it up to width, in base d, o, x, X, or, as
 * digits with dots between them from the last to the first, n or N; <code>\$</code> for a dollar.
 *
 * @param owner with dollars, as it was written
 * @param middle TTL, class and type
 * @param data with dollars, as it was written
 */
record Generated(long first, long last, long step, String owner, String middle, String data) {
    private static final long MOST = Integer.MAX_VALUE;
    private static final int WIDEST = 255;

    /** Reads what follows the word {@code $GENERATE}. */
    static Generated read(Entries entry) throws ZoneProblem {
        String range = text(entry, entry.take("a range, such as 1-100,"));
        String[] parts = range.split("[-/]", -1);
        boolean sound = range.matches("[0-9]{1,10}-[0-9]{1,10}(/[0-9]{1,10})?");
        long first = sound ? Long.parseLong(parts[0]) : 0;
        long last = sound ? Long.parseLong(parts[1]) : 0;
        long step = sound && parts.length == 3 ? Long.parseLong(parts[2]) : 1;
        if (!sound || first > last || last > MOST || step < 1) {
            throw new ZoneProblem(
                    "a range is wanted, such as 1-100 or 0-254/2, not " + DataReader.shown(range));
        }
        int named = entry.take("an owner");
        String owner = text(entry, named);
        StringBuilder middle = new StringBuilder();
        RecordHead head = RecordHead.read(entry);
        if (head.ttl() != RecordHead.NO_TTL) {
            middle.append(' ').append(head.ttl());
        }
        middle.append(' ').append(TypeNames.of(head.type())).append(' ');
        int word = entry.take("data");
        StringBuilder data = new StringBuilder();
        if (entry.quoted(word) && !entry.more()) { // as BIND: the whole data in one string
            data.append(text(entry, word).replace("\\\"", "\""));
        } else {
            entry.untake();
            while (entry.more()) {
                int next = entry.take("");
                String quote = entry.quoted(next) ? "\"" : "";
                data.append(quote).append(text(entry, next)).append(quote).append(' ');
            }
        }
        return new Generated(first, last, step, owner, middle.toString(), data.toString());
    }

    private static String text(Entries entry, int word) {
        return new String(entry.bytes(), entry.from(word), entry.length(word), ISO_8859_1);
    }

    /** The entry for one number. */
    byte[] text(long number) throws ZoneProblem {
        StringBuilder text = new StringBuilder();
        fill(text, owner, number);
        text.append(middle);
        fill(text, data, number);
        return text.toString().getBytes(ISO_8859_1);
    }

    private static void fill(StringBuilder text, String pattern, long number) throws ZoneProblem {
        int i = 0;
        while (i < pattern.length()) {
            char letter = pattern.charAt(i);
            char next = i + 1 < pattern.length() ? pattern.charAt(i + 1) : ' ';
            if (next == '$' && (letter == '\\' || letter == '$')) {
                text.append('$');
                i += 2;
            } else if (letter == '\\') {
                text.append(letter).append(next);
                i += 2;
            } else if (letter == '$' && next == '{') {
                int end = pattern.indexOf('}', i);
                if (end < 0) {
                    throw new ZoneProblem("\"${\" without its \"}\"");
                }
                append(text, pattern.substring(i + 2, end), number);
                i = end + 1;
            } else if (letter == '$') {
                text.append(number);
                i++;
            } else {
                text.append(letter);
                i++;
            }
        }
    }

    private static void append(StringBuilder text, String modifier, long number)
            throws ZoneProblem {
        if (!modifier.matches("-?[0-9]{1,10}(,[0-9]{1,3}(,[doxXnN])?)?")) {
            throw new ZoneProblem(
                    "${offset,width,base} is wanted, such as ${0,3,d}, with base d, o, x, X, n or"
                            + " N, not "
                            + DataReader.shown("${" + modifier + "}"));
        }
        String[] parts = modifier.split(",");
        long value = number + Long.parseLong(parts[0]);
        int width = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        if (value < 0 || value > 0xffff_ffffL || width > WIDEST) {
            throw new ZoneProblem(
                    "%s makes a number below 0, or a too large one, of %d"
                            .formatted(DataReader.shown("${" + modifier + "}"), number));
        }
        char base = parts.length > 2 ? parts[2].charAt(0) : 'd';
        switch (base) {
            case 'o' -> pad(text, Long.toOctalString(value), width);
            case 'x' -> pad(text, Long.toHexString(value), width);
            case 'X' -> pad(text, Long.toHexString(value).toUpperCase(Locale.ROOT), width);
            case 'n', 'N' -> nibbles(text, value, width, base == 'N');
            default -> pad(text, Long.toString(value), width);
        }
    }

    private static void pad(StringBuilder text, String digits, int width) {
        text.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    /** For ip6.arpa (RFC 3596 §2.5): the last digit first; the width counts the dots as well. */
    private static void nibbles(StringBuilder text, long value, int width, boolean upper) {
        String letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
        long left = value;
        int room = width;
        do {
            text.append(letters.charAt((int) (left & 15)));
            left >>>= 4;
            room--;
            if (room > 0 || left != 0) {
                text.append('.');
                room--;
            }
        } while (left != 0 || room > 0);
    }
}
