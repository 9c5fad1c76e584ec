package org.portolan.testkit;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A dialogue between a server and its clients, read from a file. The language is described at
 * {@link org.portolan.testkit}.
 */
public final class Transcript {
    private final String file;
    private final String title;
    private final String sections;
    private final Optional<String> on;
    private final Set<Pace> paces;
    private final List<Step> steps;

    Transcript(
            String file,
            String title,
            String sections,
            Optional<String> on,
            Set<Pace> paces,
            List<Step> steps) {
        this.file = file;
        this.title = title;
        this.sections = sections;
        this.on = on;
        this.paces = paces;
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a dialogue.
     *
     * @param file the name that problems and mismatches show
     * @throws TranscriptProblem if the text does not obey the language; nothing else is thrown
     */
    public static Transcript parse(String file, String text) {
        return new TranscriptReader(file, text).read();
    }

    /**
     * Reads a dialogue from a file in UTF-8.
     *
     * @throws TranscriptProblem if the file does not obey the language
     */
    public static Transcript read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try {
            return parse(name, Files.readString(file));
        } catch (MalformedInputException _) {
            throw new TranscriptProblem(name, 1, "is not UTF-8; odd bytes are written {0xff}");
        }
    }

    /** The file's name, as given. */
    public String file() {
        return file;
    }

    /**
     * The head line without its sections: {@code 03 A message to an unknown mailbox is refused}.
     */
    public String title() {
        return title;
    }

    /** What stands at the right of the head line, {@code RFC 5321 §3.3}; empty if nothing does. */
    public String sections() {
        return sections;
    }

    /** The door at which the dialogue begins, from a head line {@code # on: submission}. */
    public Optional<String> on() {
        return on;
    }

    /** The paces at which the dialogue is true: all, or those of {@code # paces: turn, bytes}. */
    public Set<Pace> paces() {
        return paces;
    }

    /**
     * What the clients say, line by line and without the CRLF of a C: line, for use as seeds of a
     * fuzzer. What would have been captured from an answer is an {@code x}.
     */
    public Stream<byte[]> said() {
        return steps.stream()
                .<Template>mapMulti(
                        (step, each) -> {
                            if (step instanceof Step.Send send) {
                                each.accept(send.bytes());
                            }
                        })
                .map(
                        bytes -> {
                            var unknown = new java.util.HashMap<String, String>();
                            bytes.uses().forEach(name -> unknown.put(name, "x"));
                            String said = bytes.bytes(unknown);
                            boolean line = said.endsWith("\r\n");
                            return Spelling.raw(line ? said.substring(0, said.length() - 2) : said);
                        });
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public String toString() {
        return file + ": " + title;
    }
}
