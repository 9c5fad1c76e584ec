package org.portolan.mail.smtp;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.mail.MailSite;
import org.portolan.testkit.Player;
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
}
