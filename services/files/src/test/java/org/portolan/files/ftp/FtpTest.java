package org.portolan.files.ftp;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.files.FilesSite;
import org.portolan.testkit.Player;
import org.portolan.testkit.Transcripts;

/** Plays the dialogues of this folder, in the order of the RFCs. */
class FtpTest {
    @TempDir private static Path root;

    private static FilesSite site;

    @BeforeAll
    static void open() throws Exception {
        site = FilesSite.in(root);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(FtpTest.class, "", FtpTest::player);
    }

    private static Player player() {
        try {
            return site.renewed().player("ftp");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
