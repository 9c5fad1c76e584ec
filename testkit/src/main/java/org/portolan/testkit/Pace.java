package org.portolan.testkit;

import java.util.Arrays;
import java.util.Optional;

/** How fast a {@link Player} speaks the client's lines of a transcript. */
public enum Pace {
    /** Each line is sent only after every answer that stands above it was read. */
    TURN_BY_TURN("turn", "turn by turn"),

    /**
     * All lines go out in one write, up to the next line that depends on an answer; only then are
     * the answers read.
     */
    ALL_AT_ONCE("once", "all at once"),

    /** Turn by turn, but each byte is a write, and with TCP_NODELAY a segment, of its own. */
    BYTE_BY_BYTE("bytes", "byte by byte");

    private final String word;
    private final String title;

    Pace(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /** The pace that a head line {@code # paces: turn, bytes} calls by this word. */
    static Optional<Pace> of(String word) {
        return Arrays.stream(values()).filter(pace -> pace.word.equals(word)).findFirst();
    }

    /** For people: {@code turn by turn}. */
    public String title() {
        return title;
    }
}
