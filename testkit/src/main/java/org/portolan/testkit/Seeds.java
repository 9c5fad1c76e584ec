package org.portolan.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What the clients of a folder's dialogues say, as a beginning for a fuzzer: a method source of a
 * fuzz test.
 */
public final class Seeds {
    /** A fuzzer mutates short inputs best; a line made long by {@code {repeat}} is cut here. */
    private static final int LONGEST = 4096;

    private Seeds() {}

    /**
     * Every different line of the clients, without its CRLF.
     *
     * @param folder as {@link Transcripts} understands it
     */
    public static Stream<byte[]> lines(Class<?> owner, String folder) {
        return Transcripts.in(owner, folder).stream()
                .flatMap(Transcript::said)
                .map(line -> line.length > LONGEST ? Arrays.copyOf(line, LONGEST) : line)
                .map(line -> new String(line, StandardCharsets.ISO_8859_1))
                .distinct()
                .map(line -> line.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The dialogue files themselves, whole. */
    public static Stream<String> texts(Class<?> owner, String folder) {
        return Transcripts.texts(owner, folder).stream();
    }
}
