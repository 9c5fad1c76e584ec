package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The entries of a master file, one after the other: each a list of words, wherever its
 * parentheses, quotes and comments end it (RFC 1035 §5.1).
 *
 * <p>A word is a stretch of the bytes that were read, escapes and all; nothing is copied and no
 * text is made of it. However large the file is, an entry's bytes and one buffer are kept. Whoever
 * reads an entry takes its words in turn.
 */
final class Entries {
    private static final int FIRST_BUFFER = 64 * 1024;
    private static final int FIRST_WORDS = 32;

    private static final byte ORDINARY = 0;
    private static final byte BLANK = 1;
    private static final byte LINE_END = 2;
    private static final byte COMMENT = 3;
    private static final byte OPEN = 4;
    private static final byte CLOSE = 5;
    private static final byte QUOTE = 6;
    private static final byte ESCAPE = 7;
    private static final byte NUL = 8;

    private static final byte[] KINDS = kinds();

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        kinds[' '] = BLANK;
        kinds['\t'] = BLANK;
        kinds['\n'] = LINE_END;
        kinds['\r'] = LINE_END;
        kinds[';'] = COMMENT;
        kinds['('] = OPEN;
        kinds[')'] = CLOSE;
        kinds['"'] = QUOTE;
        kinds['\\'] = ESCAPE;
        kinds[0] = NUL;
        return kinds;
    }

    private final ReadableByteChannel source;
    private final int longest;
    private byte[] buffer;
    private int begin; // of what is still wanted of the buffer
    private int position;
    private int limit;
    private boolean sourceEnded;
    private boolean fresh = true;
    private boolean skipLine; // because it is part of what cannot be read

    private int line = 1; // at the position
    private int firstLine; // of the entry
    private int brokenAt; // the line of what cannot be read, while skipLine is set
    private boolean indented;
    private int wordFrom; // of the word that is being read
    private int[] from = new int[FIRST_WORDS];
    private int[] to = new int[FIRST_WORDS];
    private boolean[] quoted = new boolean[FIRST_WORDS];
    private int count;
    private int taken;

    /**
     * What {@code source} holds.
     *
     * @param longest the most bytes of one entry, comments inside it included
     */
    Entries(ReadableByteChannel source, int longest) {
        this.source = source;
        this.longest = longest;
        this.buffer = new byte[Math.min(FIRST_BUFFER, longest)];
    }

    /** The entries of a text. */
    Entries(byte[] text) {
        this(Channels.newChannel(InputStream.nullInputStream()), text.length);
        this.buffer = text;
        this.limit = text.length;
        this.sourceEnded = true;
        this.fresh = false;
    }

    /**
     * Goes to the next entry that has a word.
     *
     * @return false at the end
     * @throws ZoneProblem if it is not written as entries are; the one after it can be read then
     */
    boolean next() throws IOException, ZoneProblem {
        count = 0;
        taken = 0;
        forget();
        boolean skip = skipLine;
        skipLine = true;
        brokenAt = 0;
        if (skip) {
            skipToLineEnd();
        }
        if (fresh) {
            passByteOrderMark();
        }
        boolean found = readEntry();
        skipLine = false;
        return found;
    }

    /** What lies before the position is no longer wanted. */
    private void forget() {
        begin = position;
        firstLine = line;
    }

    private boolean readEntry() throws IOException, ZoneProblem {
        int open = 0;
        int opened = 0; // the line of the first
        boolean atLineStart = true;
        while (position < limit || fill()) {
            byte kind = KINDS[buffer[position] & 0xff];
            if (atLineStart && open == 0 && count == 0) {
                indented = kind == BLANK;
            }
            atLineStart = false;
            switch (kind) {
                case BLANK -> position++;
                case LINE_END -> {
                    passLineEnd();
                    if (open == 0 && count > 0) {
                        return true;
                    }
                    atLineStart = true;
                    if (count == 0) {
                        forget();
                    }
                }
                case COMMENT -> skipToLineEnd();
                case OPEN -> {
                    opened = open == 0 ? line : opened;
                    open++;
                    position++;
                }
                case CLOSE -> {
                    open--;
                    position++;
                    if (open < 0) {
                        throw new ZoneProblem("a \")\" without the \"(\" before it");
                    }
                }
                case QUOTE -> readQuoted();
                default -> readWord();
            }
        }
        if (open > 0) {
            brokenAt = opened;
            throw new ZoneProblem("the \"(\" is not closed by a \")\" before the file ends");
        }
        return count > 0;
    }

    private void passByteOrderMark() throws IOException, ZoneProblem {
        fresh = false;
        while (limit < 3 && fill()) {
            // a channel may give less than that at once
        }
        if (limit >= 3 && word(0, 3, "\u00ef\u00bb\u00bf")) { // that of UTF-8
            position = 3;
            begin = 3;
        }
        if (limit >= 2 && (word(0, 2, "\u00ff\u00fe") || word(0, 2, "\u00fe\u00ff"))) {
            throw new ZoneProblem("this is UTF-16; plain ASCII or UTF-8 is wanted");
        }
    }

    /** CR LF, LF, and CR alone each end a line. */
    private void passLineEnd() throws IOException, ZoneProblem {
        boolean carriageReturn = buffer[position] == '\r';
        position++;
        line++;
        if (carriageReturn && (position < limit || fill()) && buffer[position] == '\n') {
            position++;
        }
    }

    /** Goes to the end of the line, and forgets what it passes unless words are kept before it. */
    private void skipToLineEnd() throws IOException, ZoneProblem {
        while (true) {
            while (position < limit) {
                byte octet = buffer[position];
                if (octet == '\n' || octet == '\r') {
                    return;
                }
                position++;
            }
            if (count == 0) {
                forget();
            }
            if (!fill()) {
                return;
            }
        }
    }

    private void readWord() throws IOException, ZoneProblem {
        wordFrom = position;
        boolean inQuotes = false;
        while (position < limit || fill()) {
            byte kind = KINDS[buffer[position] & 0xff];
            if (kind == ORDINARY) {
                position++;
            } else if (kind == ESCAPE) {
                passEscape();
            } else if (kind == QUOTE && (inQuotes || followsEquals())) {
                // RFC 9460 §2.1: key="value" is one word
                inQuotes = !inQuotes;
                position++;
            } else if (kind == NUL) {
                throw new ZoneProblem("a NUL byte: this is not a text");
            } else if (kind == QUOTE) {
                throw new ZoneProblem(
                        "a quote inside a word: put the whole string in quotes, or write \\\"");
            } else if (kind == LINE_END && inQuotes) {
                throw unclosedQuote();
            } else if (inQuotes) {
                position++;
            } else {
                break;
            }
        }
        if (inQuotes) {
            throw unclosedQuote();
        }
        keep(wordFrom, position, false);
    }

    private boolean followsEquals() {
        return position > wordFrom && buffer[position - 1] == '=';
    }

    private void readQuoted() throws IOException, ZoneProblem {
        position++;
        wordFrom = position;
        while (position < limit || fill()) {
            byte octet = buffer[position];
            if (octet == '"') {
                keep(wordFrom, position, true);
                position++;
                wantEndOfWord();
                return;
            }
            if (octet == '\n' || octet == '\r') {
                break;
            }
            if (octet == '\\') {
                passEscape();
            } else {
                position++;
            }
        }
        throw unclosedQuote();
    }

    private static ZoneProblem unclosedQuote() {
        return new ZoneProblem("a quote that is not closed in its line");
    }

    private void wantEndOfWord() throws IOException, ZoneProblem {
        if (position < limit || fill()) {
            byte kind = KINDS[buffer[position] & 0xff];
            if (kind == ORDINARY || kind == ESCAPE) {
                throw new ZoneProblem("a blank is wanted behind the closing quote");
            }
        }
    }

    private void passEscape() throws IOException, ZoneProblem {
        position++;
        if (position == limit && !fill()) {
            throw new ZoneProblem("a \\ at the end of the file");
        }
        if (KINDS[buffer[position] & 0xff] == LINE_END) {
            throw new ZoneProblem("a \\ at the end of the line; parentheses join lines");
        }
        position++;
    }

    private void keep(int start, int end, boolean inQuotes) {
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            to = Arrays.copyOf(to, count * 2);
            quoted = Arrays.copyOf(quoted, count * 2);
        }
        from[count] = start;
        to[count] = end;
        quoted[count] = inQuotes;
        count++;
    }

    /** Reads more, behind what is still wanted; false at the end. */
    private boolean fill() throws IOException, ZoneProblem {
        if (sourceEnded) {
            return false;
        }
        if (begin > 0) {
            System.arraycopy(buffer, begin, buffer, 0, limit - begin);
            for (int i = 0; i < count; i++) {
                from[i] -= begin;
                to[i] -= begin;
            }
            wordFrom -= begin;
            position -= begin;
            limit -= begin;
            begin = 0;
        }
        if (limit == buffer.length) {
            if (buffer.length >= longest) {
                brokenAt = firstLine;
                count = 0;
                forget();
                throw new ZoneProblem("an entry of more than " + longest + " bytes");
            }
            buffer = Arrays.copyOf(buffer, Math.min(longest, buffer.length * 2));
        }
        int read = source.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit));
        if (read < 0) {
            sourceEnded = true;
            return false;
        }
        limit += read;
        return position < limit || fill();
    }

    // ---- the entry that was read

    /** Whether it begins with a blank, and so has no owner of its own. */
    boolean indented() {
        return indented;
    }

    /** The line of the word that was taken last, or the entry's first, or where reading broke. */
    int line() {
        if (skipLine) {
            return brokenAt > 0 ? brokenAt : line;
        }
        int at = firstLine;
        int end = taken == 0 ? begin : from[taken - 1];
        for (int i = begin; i < end; i++) {
            if (buffer[i] == '\n' || (buffer[i] == '\r' && buffer[i + 1] != '\n')) {
                at++;
            }
        }
        return at;
    }

    /** Whether a word is left. */
    boolean more() {
        return taken < count;
    }

    /** How many words are left. */
    int left() {
        return count - taken;
    }

    /**
     * Takes the next word.
     *
     * @param wanted what it should be, for whoever left it out
     * @return its number, for the other calls
     */
    int take(String wanted) throws ZoneProblem {
        if (taken == count) {
            throw new ZoneProblem(wanted + " is missing");
        }
        return taken++;
    }

    /** Gives the word that was taken last back. */
    void untake() {
        taken--;
    }

    /** Refuses words that nobody wants. */
    void wantEnd(String of) throws ZoneProblem {
        if (more()) {
            int word = take("");
            throw new ZoneProblem(DataReader.shown(text(word)) + " is more than " + of + " has");
        }
    }

    /** Where all words lie; valid until the next entry. */
    byte[] bytes() {
        return buffer;
    }

    int from(int word) {
        return from[word];
    }

    int to(int word) {
        return to[word];
    }

    /** Whether it stood in quotes, which are not part of it. */
    boolean quoted(int word) {
        return quoted[word];
    }

    int length(int word) {
        return to[word] - from[word];
    }

    /** Whether a word is {@code text}, in any case. */
    boolean is(int word, String upperCase) {
        if (length(word) != upperCase.length()) {
            return false;
        }
        for (int i = 0; i < upperCase.length(); i++) {
            byte octet = buffer[from[word] + i];
            if (octet != upperCase.charAt(i)
                    && !(octet >= 'a' && octet <= 'z' && octet - 32 == upperCase.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean word(int start, int length, String octets) {
        for (int i = 0; i < length; i++) {
            if ((buffer[start + i] & 0xff) != octets.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A word as it stands, for sentences and for what is read seldom. */
    String text(int word) {
        return new String(buffer, from[word], length(word), UTF_8);
    }
}
