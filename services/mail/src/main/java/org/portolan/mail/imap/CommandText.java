package org.portolan.mail.imap;

import java.util.ArrayList;
import java.util.List;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * A place in a command: reads as the ABNF of RFC 9051 §9 does. A literal stands in the text as it
 * was sent, {@code {5}} with CR, LF and its bytes; one whose bytes are still to come ends the text.
 */
final class CommandText {
    /** Nested lists and search keys end here. */
    static final int DEEPEST = 64;

    private final String text;
    private int at;

    CommandText(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    char peek() {
        return atEnd() ? '\0' : text.charAt(at);
    }

    boolean take(char c) {
        if (!atEnd() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) throws Refusal {
        if (!take(c)) {
            throw atEnd()
                    ? ImapReply.syntax("the command ends too early")
                    : ImapReply.syntax("'" + c + "' is wanted where '" + shown(peek()) + "' is");
        }
    }

    private static String shown(char c) {
        return c < ' ' || c > '~' ? "byte %02x".formatted((int) c) : Character.toString(c);
    }

    void space() throws Refusal {
        expect(' ');
        skipSpaces(); // one is the grammar's; more come from people and from old programs
    }

    void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    void end() throws Refusal {
        skipSpaces();
        if (!atEnd()) {
            throw ImapReply.syntax("there is more than the command takes");
        }
    }

    /** Takes {@code word} and nothing that goes on like it, in any case. */
    boolean takeWord(String word) {
        int end = at + word.length();
        if (end <= text.length()
                && Ascii.same(text.substring(at, end), word)
                && (end == text.length() || !isAtomChar(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    /** ATOM-CHAR: no controls, specials, wildcards or bytes above 126. */
    static boolean isAtomChar(char c) {
        return c > ' ' && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0;
    }

    static boolean isAstringChar(char c) {
        return isAtomChar(c) || c == ']';
    }

    String atom() throws Refusal {
        int from = at;
        while (at < text.length() && isAtomChar(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw ImapReply.syntax("a word is missing");
        }
        return text.substring(from, at);
    }

    /** An atom in capitals. */
    String keyword() throws Refusal {
        return Ascii.upper(atom());
    }

    /** Up to a space or the end: the tag, which has no plus (RFC 9051 §9). */
    String tag() throws Refusal {
        int from = at;
        while (at < text.length() && isAstringChar(text.charAt(at)) && text.charAt(at) != '+') {
            at++;
        }
        if (at == from || at - from > 64 || (!atEnd() && peek() != ' ')) {
            throw ImapReply.syntax("a command begins with a tag of letters and digits");
        }
        return text.substring(from, at);
    }

    /** Whether a string (quoted or literal) begins here. */
    boolean atString() {
        return peek() == '"' || peek() == '{' || peek() == '~';
    }

    String astring() throws Refusal {
        if (atString()) {
            return string();
        }
        int from = at;
        while (at < text.length() && isAstringChar(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw ImapReply.syntax("a name or string is missing");
        }
        return text.substring(from, at);
    }

    /** A mailbox name in LIST may have wildcards (list-mailbox). */
    String listMailbox() throws Refusal {
        if (atString()) {
            return string();
        }
        int from = at;
        while (at < text.length() && (isAstringChar(peek()) || peek() == '%' || peek() == '*')) {
            at++;
        }
        if (at == from) {
            throw ImapReply.syntax("a mailbox pattern is missing");
        }
        return text.substring(from, at);
    }

    String string() throws Refusal {
        if (peek() == '"') {
            return quoted();
        }
        long size = literalSize();
        if (size > text.length() - at) {
            throw ImapReply.syntax("the literal is not complete");
        }
        String literal = text.substring(at, at + (int) size);
        at += (int) size;
        return literal;
    }

    private String quoted() throws Refusal {
        expect('"');
        int from = at;
        StringBuilder unescaped = null;
        while (!atEnd() && peek() != '"') {
            char c = text.charAt(at++);
            if (c == '\\') {
                if (peek() != '"' && peek() != '\\') {
                    throw ImapReply.syntax("in quotes, \\ stands before \\ or \" only");
                }
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, from, at - 1).append(peek());
                from = ++at;
            } else if (c == '\0' || c == '\r' || c == '\n') {
                throw ImapReply.syntax("a control character in quotes");
            }
        }
        String rest = text.substring(from, at);
        expect('"');
        return unescaped == null ? rest : unescaped.append(rest).toString();
    }

    /** The head of a literal, with its line's end where the bytes follow. */
    long literalSize() throws Refusal {
        take('~'); // literal8
        expect('{');
        long size = number();
        take('+');
        expect('}');
        if (!atEnd()) {
            expect('\r');
            expect('\n');
        }
        return size;
    }

    /** Whether the literal whose head is read has its bytes still to come. */
    boolean bytesToCome() {
        return atEnd();
    }

    void skip(long count) {
        at += (int) Math.min(count, text.length() - at);
    }

    /** An unsigned number of 63 bits. */
    long number() throws Refusal {
        int from = at;
        long value = 0;
        while (!atEnd() && peek() >= '0' && peek() <= '9') {
            if (at - from >= 18) {
                throw ImapReply.syntax("that number is too large");
            }
            value = value * 10 + (text.charAt(at++) - '0');
        }
        if (at == from) {
            throw ImapReply.syntax("a number is missing");
        }
        return value;
    }

    /** An unsigned number of 32 bits that is not zero. */
    long nzNumber() throws Refusal {
        long value = number();
        if (value == 0 || value > 0xffff_ffffL) {
            throw ImapReply.syntax("a number from 1 to 4294967295 is wanted");
        }
        return value;
    }

    SequenceSet sequenceSet() throws Refusal {
        if (take('$')) {
            return SequenceSet.SAVED;
        }
        long[] bounds = new long[8];
        int used = 0;
        do {
            long from = bound();
            long to = take(':') ? bound() : from;
            if (used == bounds.length) {
                bounds = java.util.Arrays.copyOf(bounds, used * 2);
            }
            bounds[used++] = from;
            bounds[used++] = to;
        } while (take(','));
        return new SequenceSet(java.util.Arrays.copyOf(bounds, used), false);
    }

    private long bound() throws Refusal {
        return take('*') ? SequenceSet.LAST : nzNumber();
    }

    /** A list in parentheses whose members {@code one} reads. */
    <T> List<T> list(Member<T> one) throws Refusal {
        expect('(');
        List<T> members = new ArrayList<>();
        skipSpaces();
        if (take(')')) {
            return members;
        }
        do {
            skipSpaces();
            members.add(one.read());
        } while (peek() == ' ');
        expect(')');
        return members;
    }

    /** Reads a member of a list. */
    interface Member<T> {
        T read() throws Refusal;
    }

    /** A flag (RFC 9051 §9): a keyword, or one behind a backslash. */
    String flag() throws Refusal {
        return take('\\') ? "\\" + atom() : atom();
    }

    int mark() {
        return at;
    }

    void back(int mark) {
        at = mark;
    }

    /** What is left, for a look at it. */
    boolean restBeginsWith(String start) {
        return text.startsWith(start, at);
    }
}
