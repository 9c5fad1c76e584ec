package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many peers as you like may stop reading: nobody else notices, and they are cut off. */
class StallTest {
    private static final int MANY = 64;
    private static final long SIZE = 64L << 20;

    @TempDir static Path folder;
    private static Path large;

    @BeforeAll
    static void makeLargeFile() throws IOException {
        large = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(SIZE); // sparse: takes no room
        }
    }

    /** "get" sends the large file; all else is echoed. */
    private static final class Files implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            try (FileChannel file = FileChannel.open(large)) {
                while (true) {
                    String line = client.readLine();
                    if (line.equals("get")) {
                        client.send(file, 0, SIZE);
                    } else {
                        client.writeLine("=" + line);
                    }
                }
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    private static final Limits DOWNLOADS =
            new Limits(
                    512,
                    20,
                    Duration.ofDays(1000),
                    Duration.ofDays(1000),
                    Duration.ofDays(10_000),
                    Duration.ofMinutes(1),
                    Duration.ofDays(1000));

    private static TestSite site(Tls tls) {
        return new TestSite()
                .with("test", tls, DOWNLOADS, new Files())
                .with("other", tls, DOWNLOADS.withIdle(Duration.ofSeconds(10)), new Files())
                .open();
    }

    private static List<TestPeer> stall(TestSite site, boolean secure) throws IOException {
        SSLContext trust = site.certificates.trust();
        List<TestPeer> stalled = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            TestPeer peer = TestPeer.narrow(site.door("test"));
            stalled.add(peer);
            if (secure) {
                peer.secure(trust, "");
            }
            peer.send("get\r\n");
        }
        await().until(() -> waitingToWrite(site) == MANY);
        return stalled;
    }

    private static long waitingToWrite(TestSite site) {
        return site.kernel.sockets().open().stream()
                .filter(c -> c.socket().writeDue != RawSocket.NEVER)
                .count();
    }

    private static void stallAndLookAround(Tls tls) throws Exception {
        boolean secure = tls == Tls.AT_ONCE;
        try (TestSite site = site(tls)) {
            List<TestPeer> stalled = stall(site, secure);
            if (!secure) {
                assertThat(site.kernel.files().underWay()).isEqualTo(MANY);
            }

            try (TestPeer other = site.connect("other")) {
                if (secure) {
                    other.secure(site.certificates.trust(), "");
                }
                other.send("anybody?\r\n");
                assertThat(other.line()).isEqualTo("=anybody?");
                other.send("get\r\n");
                other.in().skipNBytes(SIZE);
                other.send("all there\r\n");
                assertThat(other.line()).isEqualTo("=all there");

                // The watchdog is held up by none of them: a late session ends while they stall.
                Connection late = conversationOf(site, "other");
                await().until(() -> late.socket().readDue != RawSocket.NEVER);
                site.clock.advance(Duration.ofSeconds(11));
                assertThat(other.rest()).isEqualTo("bye: nothing came for too long\r\n");
            }
            await().until(() -> site.kernel.sockets().open().size() == MANY);
            assertThat(site.hungUp(Hangup.Reason.NOT_READING)).isZero();

            await().until(
                            () -> {
                                site.clock.advance(Duration.ofSeconds(61));
                                return site.kernel.sockets().open().isEmpty();
                            });
            site.awaitEmpty();
            assertThat(site.kernel.files().underWay()).isZero();
            assertThat(site.hungUp(Hangup.Reason.NOT_READING)).isEqualTo(MANY);
            for (TestPeer peer : stalled) {
                assertThat(peer.restHoweverItEnds().length).isLessThan((int) SIZE); // cut off
                peer.close();
            }
        }
    }

    private static Connection conversationOf(TestSite site, String service) {
        return site.kernel.sockets().open().stream()
                .filter(c -> c.service().name().equals(service))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void stalledDownloadsInTheClear() throws Exception {
        stallAndLookAround(Tls.NEVER);
    }

    @Test
    void stalledDownloadsBehindTls() throws Exception {
        stallAndLookAround(Tls.AT_ONCE);
    }

    @Test
    void aStopCutsStalledDownloadsOff() throws Exception {
        List<TestPeer> stalled;
        TestSite impatient =
                new TestSite()
                        .with("test", Tls.NEVER, DOWNLOADS, new Files())
                        .draining(Duration.ofMillis(200))
                        .open();
        try (TestSite site = impatient) {
            stalled = stall(site, false);
        }
        impatient.awaitEmpty();
        assertThat(impatient.kernel.files().underWay()).isZero();
        for (TestPeer peer : stalled) {
            peer.close();
        }
    }
}
