package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines in, lines out: what counts as a line, and when replies leave. */
class LineTest {
    /** Says what it understood, until it understands "quit". */
    private static void mirror(Connection client) throws IOException {
        while (true) {
            try {
                String line = client.readLine();
                if (line.equals("quit")) {
                    return;
                }
                client.writeLine("=" + line);
            } catch (MalformedLine e) {
                client.writeLine("!" + e.fault());
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hello{CRLF}             | =hello",
                "{CRLF}                  | =",
                "one{CRLF}two{CRLF}      | =one / =two",
                "a{LF}                   | !BARE_LF",
                "{LF}                    | !BARE_LF",
                "a{LF}b{CRLF}            | !BARE_LF / =b",
                "one{CRLF}{LF}two{CRLF}  | =one / !BARE_LF / =two",
                "a{CR}b{CRLF}            | !BARE_CR",
                "a{CR}{CR}{LF}           | !BARE_CR",
                "{CR}b{CRLF}c{CRLF}      | !BARE_CR / =c",
                "a{NUL}b{CRLF}           | =a{NUL}b",
                "{NUL}{LF}               | !BARE_LF",
                "gr{FC}n{CRLF}           | =gr{FC}n",
                "{510}{CRLF}             | ={510}",
                "{511}{CRLF}             | !TOO_LONG",
                "{512}{CRLF}x{CRLF}      | !TOO_LONG / =x",
                "{513}{CRLF}x{CRLF}      | !TOO_LONG / =x",
                "{9000}{CRLF}x{CRLF}     | !TOO_LONG / =x",
                "{600}{LF}x{CRLF}        | !TOO_LONG / =x",
                "{40000}{CRLF}y{CRLF}    | !TOO_LONG / =y",
            })
    void linesAreReadAlikeAtEveryPace(String sent, String understood) throws Exception {
        List<String> expected = new ArrayList<>();
        for (String line : understood.split(" / ")) {
            expected.add(spelled(line.strip()));
        }
        try (TestSite site = TestSite.serving(LineTest::mirror)) {
            for (boolean dripping : new boolean[] {false, true}) {
                try (TestPeer peer = site.connect()) {
                    if (dripping) {
                        peer.sendByteByByte(spelled(sent.strip()) + "quit\r\n");
                    } else {
                        peer.send(spelled(sent.strip()) + "quit\r\n");
                    }
                    assertThat(peer.rest().lines().toList()).isEqualTo(expected);
                }
            }
        }
    }

    private static String spelled(String text) {
        String bytes =
                text.replace("{CRLF}", "\r\n")
                        .replace("{CR}", "\r")
                        .replace("{LF}", "\n")
                        .replace("{NUL}", "\0")
                        .replace("{FC}", "\u00fc");
        return java.util.regex.Pattern.compile("\\{(\\d+)\\}")
                .matcher(bytes)
                .replaceAll(m -> "a".repeat(Integer.parseInt(m.group(1))));
    }

    @Test
    void aLineWithoutEndIsNotReadPastForEver() throws Exception {
        Conversation strict =
                new Conversation() {
                    @Override
                    public void converse(Connection client) throws IOException {
                        mirror(client);
                    }

                    @Override
                    public Optional<String> farewell(Hangup.Reason reason) {
                        return Optional.of("bye: " + reason.words());
                    }
                };
        try (TestSite site = TestSite.serving(strict);
                TestPeer peer = site.connect()) {
            byte[] chunk = "a".repeat(64 * 1024).getBytes();
            for (int i = 0; i < 17; i++) { // a MiB and a little more
                peer.send(chunk);
            }
            assertThat(peer.line()).isEqualTo("bye: too many refusals");
            assertThat(site.hungUp(Hangup.Reason.TOO_MANY_REFUSALS)).isEqualTo(1);
        }
    }

    @Test
    void repliesToPipelinedCommandsLeaveTogether() throws Exception {
        List<Long> sentWhenRead = new ArrayList<>();
        Conversation counting =
                client -> {
                    for (int i = 0; i < 3; i++) {
                        String line = client.readLine();
                        sentWhenRead.add(client.bytesOut());
                        client.writeLine("=" + line);
                    }
                };
        try (TestSite site = TestSite.serving(counting);
                TestPeer peer = site.connect()) {
            peer.send("one\r\ntwo\r\n");
            assertThat(peer.line()).isEqualTo("=one");
            assertThat(peer.line()).isEqualTo("=two");
            peer.send("three\r\n");
            assertThat(peer.rest()).isEqualTo("=three\r\n");
        }
        // The second command was there already: its read did not wait, so nothing left before it.
        assertThat(sentWhenRead).containsExactly(0L, 0L, 12L);
    }

    @Test
    void aHalfClosedPeerStillGetsItsReplies() throws Exception {
        try (TestSite site = TestSite.serving(LineTest::mirror);
                TestPeer peer = site.connect()) {
            peer.send("one\r\ntwo\r\nunfinished");
            peer.halfClose();
            assertThat(peer.rest()).isEqualTo("=one\r\n=two\r\n");
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.PEER_GONE)).isEqualTo(1);
        }
    }

    @Test
    void inputBehindTheLastCommandDoesNotResetTheLastReplyAway() throws Exception {
        try (TestSite site =
                TestSite.serving(
                        client -> {
                            client.readLine();
                            client.writeLine("last word");
                        })) {
            try (TestPeer peer = site.connect()) {
                peer.send("quit\r\n" + "rubbish\r\n".repeat(1000));
                assertThat(peer.rest()).isEqualTo("last word\r\n");
            }
            site.awaitEmpty();
            assertThat(site.counted("portolan_hangups")).isZero(); // they parted as friends
        }
    }

    @Test
    void aLineOutMayHoldNoLineEndOfItsOwn() throws Exception {
        List<String> refused = new ArrayList<>();
        Conversation careless =
                client -> {
                    for (String line : List.of("a\r\nb", "a\nb", "a\rb", "\u20ac")) {
                        try {
                            client.writeLine(line);
                        } catch (IllegalArgumentException e) {
                            refused.add(line);
                        }
                    }
                    client.writeLine("\u00fc done");
                };
        try (TestSite site = TestSite.serving(careless);
                TestPeer peer = site.connect()) {
            assertThat(peer.rest()).isEqualTo("\u00fc done\r\n");
        }
        assertThat(refused).hasSize(4);
    }

    @Test
    void whatTwoThreadsWriteStaysWhole() throws Exception {
        List<String> block = List.of("begin", "x".repeat(300), "end");
        Conversation talkative =
                client -> {
                    Thread other =
                            Thread.startVirtualThread(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 500; i++) {
                                                client.writeLines(block);
                                                client.flush();
                                            }
                                        } catch (IOException e) {
                                            throw new AssertionError(e);
                                        }
                                    });
                    for (int i = 0; i < 500; i++) {
                        client.writeLines(block);
                    }
                    try {
                        other.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        try (TestSite site = TestSite.serving(talkative);
                TestPeer peer = site.connect()) {
            for (int i = 0; i < 1000; i++) {
                for (String line : block) {
                    assertThat(peer.line()).isEqualTo(line);
                }
            }
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void bytesAndLinesMixInEitherDirection() throws Exception {
        Conversation bodies =
                client -> {
                    int size = Integer.parseInt(client.readLine());
                    byte[] body = client.readBytes(size);
                    client.writeLine(Integer.toString(body.length));
                    client.write(body, 0, body.length);
                    client.writeLine(client.readLine());
                };
        byte[] body = Pattern.bytes(300_000);
        try (TestSite site = TestSite.serving(bodies);
                TestPeer peer = site.connect()) {
            peer.send("300000\r\n");
            peer.send(body);
            peer.send("after\r\n");
            assertThat(peer.line()).isEqualTo("300000");
            assertThat(peer.bytes(300_000)).isEqualTo(body);
            assertThat(peer.rest()).isEqualTo("after\r\n");
        }
    }
}
