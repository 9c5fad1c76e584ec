package org.portolan.files.tftp;

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

/** Plays the dialogues of this folder: what is answered at port 69 itself. */
class TftpTest {
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
        return Transcripts.tests(TftpTest.class, "", TftpTest::player);
    }

    private static Player player() {
        try {
            return site.renewed().player("tftp");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
