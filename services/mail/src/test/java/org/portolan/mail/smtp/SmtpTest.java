package org.portolan.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.mail.ScramClient;
import org.portolan.testkit.Player;
import org.portolan.testkit.RawClient;
import org.portolan.testkit.Transcripts;

/** Plays the dialogues of this folder, in the order of the RFC. */
class SmtpTest {
    @TempDir private static Path root;

    private static MailSite site;

    @BeforeAll
    static void open() throws Exception {
        site = MailSite.in(root);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(SmtpTest.class, "", SmtpTest::player);
    }

    private static Player player() {
        try {
            return site.emptied().player("smtp");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static RawClient greeted(String door) throws IOException {
        RawClient client = site.connect(door);
        assertThat(client.readLine()).startsWith("220 ");
        client.sendLine("EHLO client.example");
        String line;
        do {
            line = client.readLine();
        } while (line.startsWith("250-"));
        assertThat(line).startsWith("250 ");
        return client;
    }

    private static String answer(RawClient client, String line) throws IOException {
        client.sendLine(line);
        return client.readLine();
    }

    /** A client that is halfway through a message to ada. */
    private static RawClient sending() throws IOException {
        RawClient client = greeted("smtp");
        assertThat(answer(client, "MAIL FROM:<sender@client.example>")).startsWith("250 ");
        assertThat(answer(client, "RCPT TO:<ada@portolan.example>")).startsWith("250 ");
        assertThat(answer(client, "DATA")).startsWith("354 ");
        client.sendLine("Subject: half");
        client.sendLine("");
        client.send("of it\r\n.\r");
        return client;
    }

    @Test
    void whoLeavesInTheMidstOfAMessageHasSentNone() throws Exception {
        site.emptied();
        sending().close();
        sending().reset();
        site.awaitQuiet();
        assertThat(site.messagesOf("ada")).isZero();
    }

    @Test
    void aPasswordCanBeProvedWithoutBeingShown() throws Exception {
        try (RawClient client = greeted("submission")) {
            ScramClient ada = new ScramClient("ada", "lovelace1815");
            String challenge = answer(client, "AUTH SCRAM-SHA-256 " + ada.first());
            assertThat(challenge).startsWith("334 ");
            String last = answer(client, ada.last(challenge.substring(4)));
            assertThat(last).startsWith("334 ");
            ada.check(last.substring(4));
            // RFC 4954 §4: success itself has no room for the server's last word
            assertThat(answer(client, "")).startsWith("235 2.7.0 ");
            assertThat(answer(client, "MAIL FROM:<ada@portolan.example>")).startsWith("250 ");
        }
    }

    @Test
    void itCanBeProvedAfterAnEmptyPrompt() throws Exception {
        try (RawClient client = greeted("smtp")) {
            ScramClient ada = new ScramClient("ada@second.example", "lovelace1815");
            assertThat(answer(client, "auth scram-sha-256")).isEqualTo("334 ");
            String challenge = answer(client, ada.first());
            String last = answer(client, ada.last(challenge.substring(4)));
            ada.check(last.substring(4));
            assertThat(answer(client, "*")).startsWith("501 5.7.0 ");
            // who gave up at the last moment is not in
            assertThat(answer(client, "AUTH PLAIN")).isEqualTo("334 ");
            assertThat(answer(client, "*")).startsWith("501 5.7.0 ");
        }
    }

    @Test
    void aWrongPasswordProvesNothing() throws Exception {
        try (RawClient client = greeted("smtp")) {
            for (String name : new String[] {"ada", "nobody"}) {
                ScramClient guess = new ScramClient(name, "lovelace1816");
                String challenge = answer(client, "AUTH SCRAM-SHA-256 " + guess.first());
                assertThat(challenge).startsWith("334 ");
                assertThat(answer(client, guess.last(challenge.substring(4))))
                        .startsWith("535 5.7.8 ");
            }
        }
    }

    @Test
    void whoIsSilentForTooLongIsToldSo() throws Exception {
        try (RawClient client = greeted("smtp")) {
            MailSite.await()
                    .until(
                            () -> {
                                site.clock().advance(Duration.ofMinutes(6));
                                return site.hungUp("idle") == 1;
                            });
            assertThat(client.readLine()).startsWith("421 4.4.2 ");
            client.awaitHangUp();
        }
    }
}
