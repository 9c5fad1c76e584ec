package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A library that keeps buffers and a clock of its own is a conversation like any other. */
class LibraryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Sends back what comes, in whatever pieces it comes. */
    private static final Conversation ECHO =
            client -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(50_000);
                while (true) {
                    client.read(buffer.clear(), PATIENCE, Hangup.Reason.IDLE);
                    client.send(buffer.flip());
                }
            };

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"NEVER", "AT_ONCE"})
    void bytesComeAndGoInBuffersOfItsOwn(Tls tls) throws Exception {
        byte[] content = Pattern.bytes(300_000);
        try (TestSite site = TestSite.serving(tls, ECHO);
                TestPeer peer = site.connect()) {
            if (tls == Tls.AT_ONCE) {
                peer.secure(site.certificates.trust(), "");
            }
            for (int from = 0; from < content.length; from += 30_000) {
                byte[] piece = java.util.Arrays.copyOfRange(content, from, from + 30_000);
                peer.send(piece);
                assertThat(peer.bytes(piece.length)).isEqualTo(piece);
            }
            if (tls == Tls.NEVER) {
                assertThat(site.only().bytesIn()).isEqualTo(content.length);
            }
        }
    }

    @Test
    void whatALineLeftOverIsReadFirst() throws Exception {
        Conversation mixed =
                client -> {
                    client.writeLine(client.readLine());
                    ByteBuffer buffer = ByteBuffer.allocate(4);
                    client.read(buffer, PATIENCE, Hangup.Reason.IDLE);
                    client.send(buffer.flip());
                };
        try (TestSite site = TestSite.serving(mixed);
                TestPeer peer = site.connect()) {
            peer.send("first\r\nsecond");
            assertThat(peer.line()).isEqualTo("first");
            assertThat(peer.bytes(4)).isEqualTo("seco".getBytes());
        }
    }

    @Test
    void itsPatienceIsTheOnlyOne() throws Exception {
        AtomicReference<Hangup> seen = new AtomicReference<>();
        Conversation waiting =
                client -> {
                    try {
                        client.read(ByteBuffer.allocate(1), PATIENCE, Hangup.Reason.TOO_SLOW);
                    } catch (Hangup e) {
                        seen.set(e);
                        throw e;
                    }
                };
        try (TestSite site = TestSite.serving(waiting);
                TestPeer peer = site.connect()) {
            site.awaitReadDue(PATIENCE);
            site.clock.advance(PATIENCE.plusMillis(1));
            TestSite.await().until(() -> seen.get() != null);
            assertThat(seen.get().reason()).isEqualTo(Hangup.Reason.TOO_SLOW);
        }
    }

    @Test
    void aStopEndsOnlyAnIdleWait() throws Exception {
        AtomicReference<Hangup> seen = new AtomicReference<>();
        Conversation idle =
                client -> {
                    try {
                        client.read(ByteBuffer.allocate(1), PATIENCE, Hangup.Reason.IDLE);
                    } catch (Hangup e) {
                        seen.set(e);
                        throw e;
                    }
                };
        TestSite site = TestSite.serving(idle);
        try (TestPeer peer = site.connect()) {
            site.awaitReadDue(PATIENCE);
            site.close();
            assertThat(seen.get().reason()).isEqualTo(Hangup.Reason.STOPPING);
        }
    }

    @Test
    void whatHappenedStandsInTheTrace() throws Exception {
        Conversation telling =
                client -> {
                    client.trace("log-in of ada\u001b[2J");
                    client.send(ByteBuffer.wrap(new byte[] {1}));
                };
        try (TestSite site =
                        new TestSite()
                                .with("test", Tls.NEVER, TestSite.PATIENT, telling)
                                .tracedIn(folder)
                                .open();
                TestPeer peer = site.connect()) {
            peer.bytes(1);
            site.awaitEmpty();
        }
        try (var files = Files.list(folder)) {
            assertThat(Files.readAllLines(files.findFirst().orElseThrow()))
                    .contains("# log-in of ada{0x1b}[2J", "S: …");
        }
    }
}
