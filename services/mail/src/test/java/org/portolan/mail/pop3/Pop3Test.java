package org.portolan.mail.pop3;

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
}
