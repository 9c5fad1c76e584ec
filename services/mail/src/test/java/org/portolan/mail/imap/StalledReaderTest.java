package org.portolan.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.testkit.RawClient;

/** Who asks for a large mailbox and does not read it costs one write, and its session alone. */
class StalledReaderTest {
    private static final int MESSAGES = 60;
    private static final int RECEIVE_BUFFER = 4096;

    @TempDir private Path root;

    private static String ok(RawClient client, String command) throws IOException {
        client.send("t " + command + "\r\n");
        String line;
        do {
            line = client.readLine();
        } while (!line.startsWith("t "));
        assertThat(line).as(command).startsWith("t OK");
        return line;
    }

    private static RawClient selected(MailSite site) throws IOException {
        RawClient client = RawClient.connectNarrow(site.door("imap"), RECEIVE_BUFFER);
        client.readLine();
        ok(client, "LOGIN ada lovelace1815");
        ok(client, "SELECT INBOX");
        return client;
    }

    private static void fill(RawClient client) throws IOException {
        String message = "Subject: x\r\n\r\n" + ("y".repeat(98) + "\r\n").repeat(1_900);
        String literal = " {" + message.length() + "+}\r\n" + message;
        ok(client, "APPEND INBOX" + literal.repeat(MESSAGES));
    }

    @Test
    void othersGoOnAndTheDeadlineEndsIt() throws Exception {
        String[] asked = {"BODY.PEEK[]", "BINARY.PEEK[1]", "BODY.PEEK[1]<1.100000>"};
        try (MailSite site = MailSite.in(root);
                RawClient other = selected(site)) {
            fill(other);
            List<RawClient> stalled = new ArrayList<>();
            for (String item : asked) {
                RawClient client = selected(site);
                client.sendLine("s FETCH 1:* (FLAGS " + item + ")");
                stalled.add(client);
            }
            int changes = 0;
            while (site.hungUp("not_reading") < asked.length) {
                assertThat(changes++).as("turns").isLessThan(5_000);
                ok(
                        other,
                        "STORE " + (1 + changes % MESSAGES) + " FLAGS ($Turn" + changes % 9 + ")");
                ok(other, "NOOP");
                site.clock().advance(Duration.ofSeconds(1));
            }
            ok(other, "UID EXPUNGE 1:*");
            ok(other, "FETCH 1:* FLAGS");
            for (RawClient client : stalled) {
                client.close();
            }
        }
    }
}
