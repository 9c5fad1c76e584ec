package org.portolan.mail.imap;

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
class ImapTest {
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
        return Transcripts.tests(ImapTest.class, "", ImapTest::player);
    }

    private static Player player() {
        try {
            return site.emptied().player("imap");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String answer(RawClient client, String line) throws IOException {
        client.sendLine(line);
        return client.readLine();
    }

    @Test
    void aPasswordCanBeProvedWithoutBeingShown() throws Exception {
        try (RawClient client = site.connect("imap")) {
            assertThat(client.readLine()).startsWith("* OK ");
            ScramClient grace = new ScramClient("grace", "of the navy 1906");
            String challenge = answer(client, "a AUTHENTICATE SCRAM-SHA-256 " + grace.first());
            String last = answer(client, grace.last(challenge.substring(2)));
            grace.check(last.substring(2));
            assertThat(answer(client, "")).startsWith("a OK [CAPABILITY ");
        }
    }
}
