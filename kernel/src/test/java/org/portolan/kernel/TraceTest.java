package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation as a file of C: and S: lines, without its secrets. */
class TraceTest {
    @TempDir Path folder;

    private static final class Login implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            client.writeLine("hello \u001b[31m");
            while (true) {
                String line;
                try {
                    line = client.readLine();
                } catch (MalformedLine e) {
                    client.writeLine("bad");
                    continue;
                }
                switch (line) {
                    case "login" -> {
                        client.writeLine("password?");
                        client.readSecretLine();
                        client.writeLines(List.of("welcome", "in"));
                    }
                    case "tls" -> client.startTls("go ahead");
                    case "body" -> {
                        client.readBytes(5);
                        client.traceBody("12345".getBytes(UTF_8), 0, 5);
                    }
                    case "file" -> {
                        client.write(new byte[] {'a', '\r', '\n'}, 0, 3);
                        client.write(new byte[] {'b', '\r', '\n'}, 0, 3);
                        client.writeLine("that was " + client.id());
                    }
                    default -> client.writeLine("ok");
                }
            }
        }

        @Override
        public String masked(String line) {
            return line.startsWith("pass ") ? "pass ***" : line;
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    private TestSite traced() {
        return new TestSite()
                .with("test", Tls.UPGRADE, TestSite.PATIENT, new Login())
                .with("quiet", Tls.UPGRADE, TestSite.PATIENT, new Login())
                .tracedIn(folder.resolve("traces"))
                .open();
    }

    private List<Path> traces() throws IOException {
        if (!Files.exists(folder.resolve("traces"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("traces"))) {
            return files.toList();
        }
    }

    @Test
    void everythingIsThereButTheSecrets() throws Exception {
        try (TestSite site = traced()) {
            int port;
            try (TestPeer peer = site.connect()) {
                port = peer.socket().getLocalPort();
                peer.line();
                peer.send("login\r\nhunter2\r\npass hunter2\r\nbody\r\n12345");
                for (int i = 0; i < 4; i++) {
                    peer.line();
                }
                peer.send("gr\u00fc\u00dfe\0 {any} {12} \r\n");
                peer.send("gr\u00fc\u00dfe".getBytes(UTF_8)).send("\r\ntls\r\n");
                peer.line();
                peer.line();
                peer.line();
                peer.secure(site.certificates.trust(), "");
                peer.send("inside\r\n");
                peer.line();
            }
            site.awaitEmpty();
            assertThat(traces()).hasSize(1);
            assertThat(Files.readAllLines(traces().getFirst()))
                    .containsExactly(
                            "# test, port 7, with 127.0.0.1:" + port + " at " + SteppedClock.START,
                            "S: hello {0x1b}[31m",
                            "C: login",
                            "S: password?",
                            "C: ***",
                            "S: welcome",
                            "S: in",
                            "C: pass ***",
                            "S: ok",
                            "C: body",
                            "C- 12345",
                            "C: gr{0xfc}{0xdf}e{0x00} {0x7b}any} {12}{0x20}",
                            "S: ok",
                            "C: gr\u00fc\u00dfe",
                            "S: ok",
                            "C: tls",
                            "S: go ahead",
                            "TLS",
                            "C: inside",
                            "S: ok",
                            "# closed");
        }
    }

    @Test
    void whatIsNoLineIsSpelledOrCounted() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect()) {
                peer.line();
                peer.send("pass hunter2\n\na\rb\r\n" + "x".repeat(600) + "\r\n");
                for (int i = 0; i < 4; i++) {
                    assertThat(peer.line()).isEqualTo("bad");
                }
            }
            site.awaitEmpty();
            assertThat(Files.readAllLines(traces().getFirst()))
                    .containsSubsequence(
                            "C- pass ***{0x0a}",
                            "S: bad",
                            "C- {0x0a}",
                            "S: bad",
                            "C: a{0x0d}b",
                            "S: bad",
                            "C: {repeat:*:600}",
                            "S: bad");
        }
    }

    @Test
    void whatIsNotWrittenByLinesIsPassedOver() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect()) {
                peer.line();
                peer.send("file\r\n");
                for (int i = 0; i < 3; i++) {
                    peer.line();
                }
            }
            site.awaitEmpty();
            assertThat(Files.readAllLines(traces().getFirst()))
                    .containsSubsequence("C: file", "S: …", "S: that was {any}")
                    .containsOnlyOnce("S: …");
        }
    }

    @Test
    void aBodyIsShownByLinesAndALongOneInParts() throws Exception {
        String spread = "one\r\ntwo\r\n" + "y".repeat(20_000) + "\r";
        try (TestSite site =
                new TestSite()
                        .with(
                                "test",
                                Tls.UPGRADE,
                                TestSite.PATIENT,
                                client -> {
                                    byte[] body = client.readBytes(spread.length());
                                    client.traceBody(body, 0, 4);
                                    client.traceBody(body, 4, body.length - 4);
                                    client.writeLine("thank you");
                                })
                        .tracedIn(folder.resolve("traces"))
                        .open()) {
            try (TestPeer peer = site.connect()) {
                peer.send(spread);
                assertThat(peer.line()).isEqualTo("thank you");
            }
            site.awaitEmpty();
            assertThat(Files.readAllLines(traces().getFirst()).stream().skip(1))
                    .containsExactly(
                            "C: one",
                            "C: two",
                            "C- " + "y".repeat(20_000),
                            "C- {0x0d}",
                            "S: thank you",
                            "# closed");
        }
    }

    @Test
    void theFarewellIsPartOfIt() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect()) {
                peer.line();
                site.only().end(Hangup.Reason.CLOSED_BY_ADMINISTRATOR);
                peer.rest();
            }
            site.awaitEmpty();
            assertThat(Files.readAllLines(traces().getFirst()))
                    .contains("S: bye: closed by an administrator");
        }
    }

    @Test
    void onlyWhatIsToBeTracedIs() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect("quiet")) {
                peer.line();
            }
            site.awaitEmpty();
            assertThat(traces()).isEmpty();
        }
    }

    @Test
    void itIsForItsOwnerAlone() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect()) {
                peer.line();
            }
            site.awaitEmpty();
        }
        assertThat(permissions(folder.resolve("traces"))).isEqualTo("rwx------");
        assertThat(permissions(traces().getFirst())).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aTraceThatCannotBeWrittenHurtsNobody() throws Exception {
        Files.writeString(folder.resolve("traces"), "a file where the folder should be");
        try (TestSite site = traced();
                TestPeer peer = site.connect()) {
            assertThat(peer.line()).startsWith("hello");
            peer.send("x\r\n");
            assertThat(peer.line()).isEqualTo("ok");
        }
    }

    @Test
    void aLongOneEndsInAWord() throws Exception {
        try (TestSite site = traced()) {
            try (TestPeer peer = site.connect()) {
                peer.line();
                String line = "x".repeat(500) + "\r\n";
                for (int i = 0; i < 3000; i++) {
                    peer.send(line);
                    peer.line();
                }
            }
            site.awaitEmpty();
            assertThat(Files.size(traces().getFirst())).isLessThan(1_100_000);
            assertThat(Files.readAllLines(traces().getFirst()).getLast())
                    .isEqualTo("# the rest is left out");
        }
    }
}
