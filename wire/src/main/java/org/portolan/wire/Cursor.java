package org.portolan.wire;

import org.jspecify.annotations.Nullable;

/**
 * A place in a line that is being parsed: reads as the ABNF does, never past the end.
 *
 * <p>Methods that take something return whether, or what, they took; nothing moves if they did not.
 */
public final class Cursor {
    private final String text;
    private int at;

    public Cursor(String text) {
        this.text = text;
    }

    /** A set of characters: {@code atext}, {@code DIGIT}. */
    public interface Chars {
        boolean has(char c);
    }

    public boolean atEnd() {
        return at == text.length();
    }

    /** The next character, or NUL at the end. */
    public char peek() {
        return atEnd() ? '\0' : text.charAt(at);
    }

    /** Takes {@code c}. */
    public boolean take(char c) {
        if (!atEnd() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes {@code word} in any case, which letters of ASCII alone have. */
    public boolean takeIgnoringCase(String word) {
        if (Ascii.beginsAt(text, at, word)) {
            at += word.length();
            return true;
        }
        return false;
    }

    /** Takes one or more characters of {@code set}; null if there is none. */
    public @Nullable String takeAll(Chars set) {
        int from = at;
        while (at < text.length() && set.has(text.charAt(at))) {
            at++;
        }
        return at == from ? null : text.substring(from, at);
    }

    /** What has been taken since {@code mark}, a value of {@link #mark}. */
    public String since(int mark) {
        return text.substring(mark, at);
    }

    public int mark() {
        return at;
    }

    /** Goes back to {@code mark}. */
    public void back(int mark) {
        at = mark;
    }

    /** Everything that is left. */
    public String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }
}
