package org.portolan.mail.imap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.portolan.kernel.Connection;

/** The client, what was agreed with it, and the way to speak to it. */
final class ImapPeer {
    /** What ENABLE switches on (RFC 5161), and what switches itself on by being used. */
    enum Extension {
        IMAP4REV2,
        CONDSTORE,
        QRESYNC,
        UTF8_ACCEPT
    }

    private final Connection client;
    private final Set<Extension> enabled = new LinkedHashSet<>();
    private final ImapOutput output;

    /** Held by whoever speaks, while another thread may, too: in IDLE. */
    final ReentrantLock speaking = new ReentrantLock();

    ImapPeer(Connection client) {
        this.client = client;
        this.output =
                new ImapOutput(
                        new ImapOutput.Sink() {
                            @Override
                            public void write(byte[] bytes, int from, int count)
                                    throws IOException {
                                client.write(bytes, from, count);
                            }

                            @Override
                            public void send(FileChannel file, long from, long count)
                                    throws IOException {
                                client.send(file, from, count);
                            }
                        });
    }

    Connection client() {
        return client;
    }

    /** For responses that are built of bytes; to be flushed before another line is said. */
    ImapOutput output() {
        return output;
    }

    boolean has(Extension extension) {
        return enabled.contains(extension);
    }

    /** Returns whether it was off. */
    boolean enable(Extension extension) {
        boolean news = enabled.add(extension);
        if (extension == Extension.QRESYNC) {
            news |= enabled.add(Extension.CONDSTORE); // RFC 7162 §3.2.3
        }
        return news;
    }

    /** Whether names travel as UTF-8. */
    boolean utf8() {
        return has(Extension.IMAP4REV2) || has(Extension.UTF8_ACCEPT);
    }

    /** Says a line: an untagged response, or an answer. */
    void say(String line) throws IOException {
        output.flush();
        client.writeLine(line);
    }

    void say(List<String> lines) throws IOException {
        output.flush();
        client.writeLines(lines);
    }
}
