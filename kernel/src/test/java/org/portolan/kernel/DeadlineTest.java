package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every wait ends; what can be said is said. */
class DeadlineTest {
    private static final Limits LIMITS =
            new Limits(
                    512,
                    1000,
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofHours(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30));

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    /** Greets, echoes lines, sends "flood" bytes without end, and takes a "body" of 1 MB. */
    static final class Echo implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            client.writeLine("hello");
            while (true) {
                String line = client.readLine();
                switch (line) {
                    case "flood" -> flood(client);
                    case "tls" -> client.startTls("go ahead");
                    case "body" -> {
                        client.writeLine("go on");
                        client.readBytes(1_000_000);
                        client.writeLine("thanks");
                    }
                    case "quit" -> {
                        return;
                    }
                    default -> client.writeLine("=" + line);
                }
            }
        }

        private static void flood(Connection client) throws IOException {
            byte[] chunk = new byte[100_000];
            while (true) {
                client.write(chunk, 0, chunk.length);
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    @Test
    void anIdlePeerIsToldAndHungUpOn() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            assertThat(peer.line()).isEqualTo("hello");
            site.awaitReadDue(LIMITS.idle());
            site.clock.advance(LIMITS.idle()); // not later than it may
            peer.send("here\r\n");
            assertThat(peer.line()).isEqualTo("=here");
            site.awaitReadDue(LIMITS.idle()); // the next command has all of its time again
            site.clock.advance(LIMITS.idle().plus(MOMENT));
            assertThat(peer.rest()).isEqualTo("bye: nothing came for too long\r\n");
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.IDLE)).isEqualTo(1);
        }
    }

    @Test
    void drippingDoesNotStretchACommand() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            peer.line();
            site.awaitReadDue(LIMITS.idle());
            peer.send("d");
            site.awaitReadDue(LIMITS.command());
            Connection connection = site.only();
            long due = connection.socket().readDue;
            for (int i = 0; i < 3; i++) {
                long before = connection.bytesIn();
                site.clock.advance(Duration.ofSeconds(39));
                peer.send("d");
                await().until(() -> connection.bytesIn() > before);
                await().until(() -> connection.socket().readDue == due); // as it was
            }
            site.clock.advance(Duration.ofSeconds(3).plus(MOMENT));
            assertThat(peer.rest()).isEqualTo("bye: a command took too long\r\n");
            assertThat(site.hungUp(Hangup.Reason.TOO_SLOW)).isEqualTo(1);
        }
    }

    @Test
    void aBodyHasToComeOnByAStepWithinEachCommandTime() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            peer.line();
            peer.send("body\r\n");
            assertThat(peer.line()).isEqualTo("go on");
            site.awaitReadDue(LIMITS.command());
            Connection connection = site.only();
            for (int i = 0; i < 3; i++) { // quick enough: each step renews the time
                site.clock.advance(LIMITS.command());
                peer.send(new byte[Limits.BODY_STEP]);
                site.awaitReadDue(LIMITS.command());
            }
            long due = connection.socket().readDue;
            site.clock.advance(LIMITS.command());
            peer.send(new byte[Limits.BODY_STEP / 2]); // too slow: half a step does not
            long all = "body\r\n".length() + 3L * Limits.BODY_STEP + Limits.BODY_STEP / 2;
            await().until(() -> connection.bytesIn() == all);
            await().until(() -> connection.socket().readDue == due);
            site.clock.advance(MOMENT);
            assertThat(peer.rest()).isEqualTo("bye: a command took too long\r\n");
        }
    }

    @Test
    void aBusySessionEndsToo() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            peer.line();
            for (int i = 0; i < 12; i++) {
                site.awaitReadDue(LIMITS.idle());
                site.clock.advance(Duration.ofMinutes(5));
                peer.send("busy\r\n");
                assertThat(peer.line()).isEqualTo("=busy");
            }
            site.clock.advance(MOMENT);
            assertThat(peer.rest()).isEqualTo("bye: the session lasted too long\r\n");
            assertThat(site.hungUp(Hangup.Reason.SESSION_TOO_LONG)).isEqualTo(1);
        }
    }

    @Test
    void aPeerThatDoesNotReadIsCutOffInTheClear() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = TestPeer.narrow(site.door())) {
            peer.line();
            peer.send("flood\r\n");
            cutOff(site);
            assertThat(site.hungUp(Hangup.Reason.NOT_READING)).isEqualTo(1);
        }
    }

    @Test
    void aPeerThatDoesNotReadIsCutOffBehindTls() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = TestPeer.narrow(site.door())) {
            peer.line();
            peer.send("tls\r\n");
            assertThat(peer.line()).isEqualTo("go ahead");
            peer.secure(site.certificates.trust(), "");
            peer.send("flood\r\n");
            cutOff(site);
            assertThat(site.hungUp(Hangup.Reason.NOT_READING)).isEqualTo(1);
        }
    }

    /** A write that comes on renews its time, so the clock has to move until it does not. */
    private static void cutOff(TestSite site) {
        Connection connection = site.only();
        await().until(() -> connection.socket().writeDue != RawSocket.NEVER);
        await().until(
                        () -> {
                            site.clock.advance(Duration.ofSeconds(61));
                            return site.kernel.sockets().open().isEmpty();
                        });
        site.awaitEmpty();
    }

    @Test
    void readingALittleNowAndThenDoesNotStretchTheSession() throws Exception {
        SteppedClock clock = new SteppedClock();
        try (ServerSocketChannel door = ServerSocketChannel.open().bind(ANY_PORT);
                SocketChannel channel = SocketChannel.open(door.getLocalAddress())) {
            RawSocket socket = new RawSocket(channel, LIMITS, clock);
            socket.beginWrite();
            for (int i = 0; i < 61; i++) { // the peer takes a byte every minute
                socket.endWhatIsLate(clock.nanos());
                assertThat(channel.isOpen()).isTrue();
                clock.advance(LIMITS.write());
                socket.wrote(1);
            }
            clock.advance(MOMENT);
            socket.wrote(1);
            socket.endWhatIsLate(clock.nanos());
            assertThat(channel.isOpen()).isFalse();
            assertThat(socket.gone(null).reason()).isEqualTo(Hangup.Reason.SESSION_TOO_LONG);
        }
    }

    @Test
    void whoConnectsAndShakesNoHandIsClosedWithoutAWordInTheClear() throws Exception {
        TestSite at = new TestSite().with("test", Tls.AT_ONCE, LIMITS, new Echo()).open();
        try (TestSite site = at;
                TestPeer peer = site.connect()) {
            peer.send(new byte[] {22, 3, 1, 2, 0, 1}); // the beginning of a ClientHello
            site.awaitReadDue(LIMITS.handshake());
            site.clock.advance(LIMITS.handshake().plus(MOMENT));
            assertThat(peer.rest()).isEmpty();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TOO_SLOW)).isEqualTo(1);
        }
    }

    @Test
    void whoAsksForTlsAndShakesNoHandIsClosedWithoutAWordInTheClear() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            peer.line();
            peer.send("tls\r\n");
            assertThat(peer.line()).isEqualTo("go ahead");
            site.awaitReadDue(LIMITS.handshake());
            site.clock.advance(LIMITS.handshake().plus(MOMENT));
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void theFarewellGoesThroughTls() throws Exception {
        TestSite at = new TestSite().with("test", Tls.AT_ONCE, LIMITS, new Echo()).open();
        try (TestSite site = at;
                TestPeer peer = site.connect()) {
            peer.secure(site.certificates.trust(), "");
            assertThat(peer.line()).isEqualTo("hello");
            site.awaitReadDue(LIMITS.idle());
            site.clock.advance(LIMITS.idle().plus(MOMENT));
            assertThat(peer.rest()).isEqualTo("bye: nothing came for too long\r\n");
        }
    }

    @Test
    void aCodecThatReadsNoLinesHasACommandsTime() throws Exception {
        Conversation binary =
                client -> {
                    byte[] four = client.readBytes(4);
                    client.write(four, 0, 4);
                };
        try (TestSite site = TestSite.serving(LIMITS, binary)) {
            site.clock.advance(Duration.ofHours(10)); // the kernel has been up for a while
            try (TestPeer peer = site.connect()) {
                site.awaitReadDue(LIMITS.command());
                peer.send("abcd");
                assertThat(peer.rest()).isEqualTo("abcd");
            }
        }
    }

    @Test
    void anAdministratorsEndIsSaid() throws Exception {
        try (TestSite site = TestSite.serving(LIMITS, new Echo());
                TestPeer peer = site.connect()) {
            peer.line();
            site.only().end(Hangup.Reason.CLOSED_BY_ADMINISTRATOR);
            assertThat(peer.rest()).isEqualTo("bye: closed by an administrator\r\n");
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.CLOSED_BY_ADMINISTRATOR)).isEqualTo(1);
        }
    }

    @Test
    void tooManyRefusalsAreSaid() throws Exception {
        Conversation refusing =
                new Conversation() {
                    @Override
                    public void converse(Connection client) throws IOException {
                        while (true) {
                            client.readLine();
                            client.refused();
                            client.writeLine("no");
                        }
                    }

                    @Override
                    public Optional<String> farewell(Hangup.Reason reason) {
                        return Optional.of("bye: " + reason.words());
                    }
                };
        Limits three =
                new Limits(
                        512,
                        3,
                        LIMITS.idle(),
                        LIMITS.command(),
                        LIMITS.session(),
                        LIMITS.write(),
                        LIMITS.handshake());
        try (TestSite site = TestSite.serving(three, refusing);
                TestPeer peer = site.connect()) {
            peer.send("x\r\n".repeat(100));
            assertThat(peer.rest()).isEqualTo("no\r\nno\r\nno\r\nbye: too many refusals\r\n");
            assertThat(site.counted("portolan_refusals")).isEqualTo(4);
        }
    }

    @Test
    void whatBreaksOnOurSideEndsOneConversation() throws Exception {
        Conversation broken =
                new Conversation() {
                    @Override
                    public void converse(Connection client) throws IOException {
                        String line = client.readLine();
                        switch (line) {
                            case "runtime" -> throw new IllegalStateException("a bug");
                            case "io" -> throw new IOException("a disk");
                            case "error" -> throw new StackOverflowError();
                            default -> client.writeLine("=" + line);
                        }
                    }

                    @Override
                    public Optional<String> farewell(Hangup.Reason reason) {
                        return Optional.of("bye: " + reason.words());
                    }
                };
        try (TestSite site = TestSite.serving(LIMITS, broken);
                TestPeer bystander = site.connect()) {
            for (String kind : new String[] {"runtime", "io", "error"}) {
                try (TestPeer peer = site.connect()) {
                    peer.send(kind + "\r\n");
                    assertThat(peer.rest()).isEqualTo("bye: an internal error\r\n");
                }
            }
            assertThat(site.hungUp(Hangup.Reason.OUR_FAULT)).isEqualTo(3);
            bystander.send("still here\r\n");
            assertThat(bystander.rest()).isEqualTo("=still here\r\n");
            site.awaitEmpty();
        }
    }
}
