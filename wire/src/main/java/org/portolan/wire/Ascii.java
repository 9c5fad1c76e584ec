package org.portolan.wire;

/**
 * Words as the old protocols compare them: the case of the 26 letters of ASCII does not matter, and
 * no other letter has one. Java's own methods also fold ı, ſ, K and ß into ASCII, so that a line
 * would be a command to us that is none to whoever looked at it before.
 */
public final class Ascii {
    private Ascii() {}

    /** {@code text} with its letters of ASCII as capitals, and all else as it is. */
    public static String upper(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isLower(text.charAt(i))) {
                return changed(text, i);
            }
        }
        return text;
    }

    private static String changed(String text, int from) {
        StringBuilder upper = new StringBuilder(text.length()).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            upper.append(upper(text.charAt(i)));
        }
        return upper.toString();
    }

    private static char upper(char c) {
        return isLower(c) ? (char) (c - ('a' - 'A')) : c;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    /** Whether the two differ in nothing but the case of letters of ASCII. */
    public static boolean same(String one, String other) {
        return one.length() == other.length() && beginsAt(one, 0, other);
    }

    /** Whether {@code word} stands in {@code text} at {@code place}, in any case. */
    static boolean beginsAt(String text, int place, String word) {
        if (text.length() - place < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(text.charAt(place + i)) != upper(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@code text} without the spaces at its ends; other blanks are not the grammar's, and stay.
     */
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }
}
