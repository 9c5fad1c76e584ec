package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One conversation as a file of {@code C:} and {@code S:} lines, in the language of the
 * transcripts: a trace, once saved, can be played as a test.
 */
final class Trace implements AutoCloseable {
    /** A trace is for reading: what comes after this many characters is left out. */
    private static final int MOST = 1 << 20;

    private final BufferedWriter file;
    private int written;

    Trace(Path folder, String conversation, String title) throws IOException {
        Files.createDirectories(folder);
        file =
                Files.newBufferedWriter(
                        folder.resolve(conversation + ".txt"),
                        ISO_8859_1,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        write("# " + title);
    }

    void client(String line) {
        write("C: " + Shown.of(line));
    }

    void server(String line) {
        write("S: " + Shown.of(line));
    }

    /** An action or an end, as the transcripts name it: {@code TLS}, {@code CLOSE}. */
    void action(String word) {
        write(word);
    }

    private synchronized void write(String line) {
        if (written > MOST) {
            return;
        }
        written += line.length() + 1;
        try {
            file.write(written > MOST ? "# the rest is left out" : line);
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be closed", e);
        }
    }
}
