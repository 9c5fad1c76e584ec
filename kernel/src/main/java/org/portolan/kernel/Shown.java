package org.portolan.kernel;

/** Text from outside, made harmless for a log, a terminal or a trace. */
public final class Shown {
    /** Line and paragraph separators, and Unicode's Bidi_Control characters. */
    private static final String TURNS =
            "\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private Shown() {}

    /**
     * {@code text} with every character that steers instead of showing as <code>{0x1b}</code>: the
     * controls, and those that turn the direction of reading round.
     */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (steers(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    static boolean steers(char c) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c > 0xff && TURNS.indexOf(c) >= 0);
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (steers(c)) {
                safe.append(String.format("{0x%02x}", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }
}
