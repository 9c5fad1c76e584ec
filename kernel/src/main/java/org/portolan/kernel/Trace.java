package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation as a file of {@code C:} and {@code S:} lines, in the language of the
 * transcripts: a trace, once saved, can be played as a test.
 */
final class Trace implements AutoCloseable {
    /** A trace is for reading: what comes after this many characters is left out. */
    private static final int MOST = 1 << 20;

    /** What a brace may begin in a transcript; all other braces are themselves. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z=]|0x)");

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
                                UTF_8));
        write("# " + title);
    }

    /** Mail passes through here: whatever the umask, a trace is for its owner. */
    private static FileAttribute<?> onlyOwner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    void client(String line) {
        write("C: " + spelled(line));
    }

    void server(String line) {
        write("S: " + spelled(line));
    }

    /** An action or an end, as the transcripts name it: {@code TLS}, {@code CLOSE}. */
    void action(String word) {
        write(word);
    }

    /**
     * The bytes of {@code line}, one in each character, as the transcripts spell them: UTF-8 where
     * they are UTF-8, and by number what a reader would not see or would take for a placeholder.
     */
    private static String spelled(String line) {
        String text = line;
        boolean utf8 = true;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line.getBytes(ISO_8859_1))).toString();
        } catch (CharacterCodingException anotherCharset) {
            utf8 = false;
        }
        StringBuilder spelled = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lastSpace = c == ' ' && i + 1 == text.length();
            boolean ellipsis = c == '…' && i == 0;
            boolean opens =
                    c == '{' && PLACEHOLDER.matcher(text).region(i, text.length()).lookingAt();
            if (Shown.steers(c) || (c > 0x7f && !utf8) || lastSpace || ellipsis || opens) {
                byte[] bytes = String.valueOf(c).getBytes(utf8 ? UTF_8 : ISO_8859_1);
                spelled.append("{0x").append(HexFormat.of().formatHex(bytes)).append('}');
            } else {
                spelled.append(c);
            }
        }
        return spelled.toString();
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
