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

    /** A longer line is shown in parts, as it comes. */
    private static final int LONG_LINE = 8192;

    /** Lines that are passed over, up to the one that comes next. */
    private static final String MORE = "S: …";

    /** What a brace may begin in a transcript; all other braces are themselves. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z=]|0x)");

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private static final Logger LOG = LoggerFactory.getLogger(Trace.class);

    private final BufferedWriter file;
    private final String conversation;
    private final StringBuilder unfinished = new StringBuilder();
    private String last = "";
    private String peer = "";
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

    /** A line of the client, with its end. */
    synchronized void client(String line) {
        endParts();
        clientPart(line);
    }

    /** Some of a body; its lines are shown when they have ended, or grow long. */
    synchronized void clientPart(String bytes) {
        unfinished.append(bytes);
        int from = 0;
        int end = unfinished.indexOf("\r\n");
        while (end >= 0) {
            write("C: " + spelled(unfinished.substring(from, end)));
            from = end + 2;
            end = unfinished.indexOf("\r\n", from);
        }
        unfinished.delete(0, from);
        if (unfinished.length() > LONG_LINE || bytes.endsWith("\n")) {
            endPart();
        }
    }

    private void endParts() {
        while (!unfinished.isEmpty()) {
            endPart();
        }
    }

    /** Shows what has no CRLF, but for a CR at its end that may yet become one. */
    private void endPart() {
        int last = unfinished.length() - 1;
        boolean open = last > 0 && unfinished.charAt(last) == '\r';
        String part = unfinished.substring(0, open ? last : last + 1);
        unfinished.delete(0, part.length());
        if (!part.isEmpty()) {
            write("C- " + spelled(part));
        }
    }

    synchronized void server(String line) {
        action("S: " + spelled(line).replace(conversation, "{any}")); // another in every replay
    }

    /** What the server says that is not shown. */
    synchronized void more() {
        if (!last.equals(MORE)) {
            action(MORE);
        }
    }

    /** An action or an end, as the transcripts name it: {@code TLS}, {@code CLOSE}. */
    synchronized void action(String word) {
        endParts();
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

    /** Says who the datagrams that follow come from and go to, unless it is still the same. */
    synchronized void peer(String name) {
        if (!name.equals(peer)) {
            peer = name;
            write("# " + name);
        }
    }

    /** A datagram, marked as the transcripts mark bytes: {@code C<} or {@code S>}. */
    synchronized void bytes(String mark, byte[] bytes, int length) {
        write(mark + " " + HEX.formatHex(bytes, 0, length));
    }

    private void write(String line) {
        last = line;
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
