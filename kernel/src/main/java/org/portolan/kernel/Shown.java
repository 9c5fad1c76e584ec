package org.portolan.kernel;

/** Text from outside, made harmless for a log, a terminal or a trace. */
public final class Shown {
    private Shown() {}

    /** {@code text} with every control character as <code>{0x1b}</code>. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static boolean isControl(char c) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029';
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                safe.append(String.format("{0x%02x}", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }
}
