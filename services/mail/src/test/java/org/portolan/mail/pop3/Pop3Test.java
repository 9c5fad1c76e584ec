package org.portolan.mail.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
class Pop3Test {
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
        return Transcripts.tests(Pop3Test.class, "", Pop3Test::player);
    }

    private static Player player() {
        try {
            return site.emptied().player("pop3");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static RawClient greeted() throws IOException {
        RawClient client = site.connect("pop3");
        assertThat(client.readLine()).startsWith("+OK ");
        return client;
    }

    private static String answer(RawClient client, String line) throws IOException {
        client.sendLine(line);
        return client.readLine();
    }

    @Test
    void aPasswordCanBeProvedWithoutBeingShown() throws Exception {
        site.emptied();
        try (RawClient client = greeted()) {
            ScramClient grace = new ScramClient("grace", "of the navy 1906");
            String challenge = answer(client, "AUTH SCRAM-SHA-256 " + grace.first());
            assertThat(challenge).startsWith("+ ");
            String last = answer(client, grace.last(challenge.substring(2)));
            assertThat(last).startsWith("+ ");
            grace.check(last.substring(2));
            // RFC 5034 §4: success itself has no room for the server's last word
            assertThat(answer(client, "")).startsWith("+OK 0 messages");
        }
    }

    @Test
    void aWrongPasswordProvesNothing() throws Exception {
        try (RawClient client = greeted()) {
            for (String name : new String[] {"ada", "nobody"}) {
                ScramClient guess = new ScramClient(name, "lovelace1816");
                assertThat(answer(client, "AUTH SCRAM-SHA-256")).isEqualTo("+ ");
                String challenge = answer(client, guess.first());
                assertThat(answer(client, guess.last(challenge.substring(2))))
                        .startsWith("-ERR [AUTH] ");
            }
        }
    }

    /** Not by QUIT, by a reset, and at once: the next one has to get in all the same. */
    @Test
    void whoDisappearsKeepsNobodyOut() throws Exception {
        site.emptied();
        RawClient gone = greeted();
        assertThat(answer(gone, "USER ada")).startsWith("+OK ");
        assertThat(answer(gone, "PASS lovelace1815")).startsWith("+OK ");
        gone.reset();
        MailSite.await()
                .until(
                        () -> {
                            try (RawClient next = greeted()) {
                                answer(next, "USER ada");
                                return answer(next, "PASS lovelace1815").startsWith("+OK ");
                            }
                        });
    }
}
