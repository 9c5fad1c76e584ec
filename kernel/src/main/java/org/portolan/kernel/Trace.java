package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation as a file of {@code C:} and {@code S:} lines, in the language of the
 * transcripts: a trace, once saved, can be played as a test.
 */
final class Trace implements AutoCloseable {
    /** A trace is for reading: what comes after this many characters is left out. */
    private static final int MOST = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Trace.class);

    private final BufferedWriter file;
    private final String conversation;
    private int written;

    Trace(Path folder, String conversation, String title) throws IOException {
        this.conversation = conversation;
        Files.createDirectories(folder, onlyOwner("rwx------"));
        file =
                new BufferedWriter(
                        Channels.newWriter(
                                Files.newByteChannel(
                                        folder.resolve(conversation + ".txt"),
                                        Set.of(CREATE_NEW, WRITE),
                                        onlyOwner("rw-------")),
                                ISO_8859_1));
        write("# " + title);
    }

    /** Mail passes through here: whatever the umask, a trace is for its owner. */
    private static FileAttribute<?> onlyOwner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
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
        } catch (IOException e) { // the conversation itself goes on
            written = MOST + 1;
            LOG.warn("the trace of {} ends early", conversation, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("the trace of {} did not close", conversation, e);
        }
    }
}
