package org.portolan.names.dns;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.portolan.testkit.Transcripts;

/** Plays the dialogues of this folder, in the order of the RFCs. */
class DnsTest {
    private static NamesSite site;

    @BeforeAll
    static void open() throws Exception {
        site = new NamesSite(Map.of());
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Transcripts.tests(DnsTest.class, "", site::player);
    }
}
