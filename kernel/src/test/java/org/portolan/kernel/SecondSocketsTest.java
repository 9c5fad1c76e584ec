package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Ports.Pending;
import org.portolan.kernel.Ports.PortRange;

/** Connections besides the first: accepted once, or dialled. */
class SecondSocketsTest {
    private static final Limits LIMITS =
            new Limits(
                    512,
                    20,
                    Duration.ofDays(1000),
                    Duration.ofMinutes(2),
                    Duration.ofDays(10_000),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30));

    private final BlockingQueue<Kernel> kernelHere = new LinkedBlockingQueue<>();

    /** A conversation that needs the kernel's ports gets them once the kernel is there. */
    private interface Using {
        void converse(Connection client, Ports ports) throws IOException, InterruptedException;
    }

    private TestSite serving(Using using) {
        TestSite site =
                TestSite.serving(
                        LIMITS,
                        client -> {
                            try {
                                Kernel kernel = kernelHere.take();
                                kernelHere.add(kernel);
                                using.converse(client, kernel.ports());
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        kernelHere.add(site.kernel);
        return site;
    }

    /** "port" opens one; then the line that came through it is said on the first socket. */
    private static void relay(Connection client, Ports ports, PortRange range) throws IOException {
        try (Pending pending = ports.listenOnce(range, client)) {
            client.writeLine(Integer.toString(pending.at().getPort()));
            client.flush();
            Connection second = pending.accept();
            try {
                client.writeLine("second said " + second.readLine());
            } finally {
                ports.hangUp(second);
            }
        }
    }

    private static InetSocketAddress at(String port) {
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }

    @Test
    void theExpectedPeerIsTakenAndStrangersAreClosed() throws Exception {
        try (TestSite site = serving((client, ports) -> relay(client, ports, PortRange.ANY));
                TestPeer peer = site.connect()) {
            InetSocketAddress pending = at(peer.line());
            try (TestPeer stranger = TestPeer.from("127.0.0.2", pending)) {
                assertThat(stranger.restHoweverItEnds()).isEmpty();
            }
            try (TestPeer second = TestPeer.to(pending)) {
                await().until(() -> site.kernel.sockets().open().size() == 2); // both in the table
                assertThat(site.kernel.sockets().counted()).isEqualTo(2);
                second.send("hello\r\n");
                assertThat(second.rest()).isEmpty();
            }
            assertThat(peer.rest()).isEqualTo("second said hello\r\n");
            site.awaitEmpty();
            assertThatThrownBy(() -> TestPeer.to(pending)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoHasComeIsTakenWithoutWaiting() throws Exception {
        try (TestSite site = serving(SecondSocketsTest::takeWithoutWaiting);
                TestPeer peer = site.connect()) {
            InetSocketAddress pending = at(peer.line());
            assertThat(peer.line()).isEqualTo("nobody");
            try (TestPeer stranger = TestPeer.from("127.0.0.2", pending)) {
                peer.send("and now?\r\n");
                assertThat(peer.line()).isEqualTo("nobody");
                assertThat(stranger.restHoweverItEnds()).isEmpty();
            }
            try (TestPeer second = TestPeer.to(pending)) {
                peer.send("and now?\r\n");
                assertThat(second.rest()).isEqualTo("welcome\r\n");
            }
            assertThat(peer.rest()).isEqualTo("somebody\r\n");
            site.awaitEmpty();
        }
    }

    private static void takeWithoutWaiting(Connection client, Ports ports) throws IOException {
        try (Pending pending = ports.listenOnce(PortRange.ANY, client)) {
            client.writeLine(Integer.toString(pending.at().getPort()));
            Optional<Connection> second = pending.arrived();
            while (second.isEmpty()) {
                client.writeLine("nobody");
                client.readLine();
                second = pending.arrived();
            }
            second.get().writeLine("welcome");
            ports.hangUp(second.get());
            client.writeLine("somebody");
        }
    }

    @Test
    void nobodyComesInTime() throws Exception {
        try (TestSite site =
                        serving(
                                (client, ports) -> {
                                    try {
                                        relay(client, ports, PortRange.ANY);
                                    } catch (Hangup e) {
                                        client.writeLine("nobody: " + e.reason());
                                    }
                                });
                TestPeer peer = site.connect()) {
            peer.line();
            // The wait begins right after that line; until then the clock has to go on.
            Thread moving =
                    Thread.startVirtualThread(
                            () ->
                                    await().until(
                                                    () -> {
                                                        site.clock.advance(Duration.ofSeconds(31));
                                                        return site.kernel
                                                                .sockets()
                                                                .open()
                                                                .isEmpty();
                                                    }));
            assertThat(peer.rest()).isEqualTo("nobody: TOO_SLOW\r\n");
            moving.join();
        }
    }

    @Test
    void aWaitEndsWithItsOwner() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        try (TestSite site =
                        serving(
                                (client, ports) -> {
                                    try {
                                        relay(client, ports, PortRange.ANY);
                                    } finally {
                                        ended.add("ended");
                                    }
                                });
                TestPeer peer = site.connect()) {
            peer.line();
            site.only().socket().abort();
            assertThat(ended.take()).isEqualTo("ended"); // though the clock stands still
            site.awaitEmpty();
        }
    }

    @Test
    void aRangeIsUsedUpAndThenExhausted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            PortRange range = new PortRange(port, port);
            try (TestSite site =
                            serving(
                                    (client, ports) -> {
                                        try {
                                            relay(client, ports, range);
                                        } catch (Hangup e) {
                                            throw e;
                                        } catch (IOException e) {
                                            client.writeLine(e.getMessage());
                                        }
                                    });
                    TestPeer peer = site.connect()) {
                assertThat(peer.rest())
                        .isEqualTo("no free port from " + port + " to " + port + "\r\n");
            }
        }
    }

    @Test
    void aSecondSocketIsCountedAgainstThePeer() throws Exception {
        TestSite at =
                new TestSite()
                        .with(
                                "test",
                                Tls.NEVER,
                                LIMITS,
                                client -> {
                                    try {
                                        Kernel kernel = kernelHere.take();
                                        relay(client, kernel.ports(), PortRange.ANY);
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                })
                        .atMost(10, 1, 10)
                        .open();
        try (TestSite site = at;
                TestPeer peer = site.connect()) {
            kernelHere.add(site.kernel);
            try (TestPeer second = TestPeer.to(at(peer.line()))) {
                assertThat(second.restHoweverItEnds()).isEmpty();
            }
            assertThat(peer.rest()).isEmpty();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TOO_MANY_CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void diallingReachesWhoIsThere(@TempDir Path folder) throws Exception {
        byte[] content = Pattern.bytes(200_000);
        Path path = Files.write(folder.resolve("file"), content);
        try (ServerSocket there = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                TestSite site =
                        serving(
                                (client, ports) -> {
                                    Connection second =
                                            ports.dial(
                                                    client.service(),
                                                    at(client.readLine()),
                                                    Optional.empty());
                                    try (FileChannel file = FileChannel.open(path)) {
                                        second.send(file, 0, content.length);
                                    } finally {
                                        ports.hangUp(second);
                                        ports.hangUp(second); // once more does no harm
                                    }
                                    client.writeLine("sent " + second.bytesOut());
                                });
                TestPeer peer = site.connect()) {
            peer.send(there.getLocalPort() + "\r\n");
            try (Socket answered = there.accept()) {
                assertThat(answered.getInputStream().readAllBytes()).isEqualTo(content);
            }
            assertThat(peer.rest()).isEqualTo("sent 200000\r\n");
            site.awaitEmpty();
        }
    }

    @Test
    void diallingNobodyIsAnOrdinaryFailure() throws Exception {
        int nobody;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = probe.getLocalPort();
        }
        try (TestSite site =
                        serving(
                                (client, ports) -> {
                                    try {
                                        ports.dial(
                                                client.service(),
                                                at(client.readLine()),
                                                Optional.empty());
                                    } catch (IOException e) {
                                        client.writeLine("nobody there");
                                    }
                                });
                TestPeer peer = site.connect()) {
            peer.send(nobody + "\r\n");
            assertThat(peer.rest()).isEqualTo("nobody there\r\n");
            site.awaitEmpty();
        }
    }

    @Test
    void asAClientOnlyTheRightNameIsTrusted() throws Exception {
        TestSite remote =
                TestSite.serving(
                        client -> {
                            client.readLine();
                            client.startTls("go ahead");
                            client.writeLine("=" + client.readLine());
                        });
        SSLContext trust = remote.certificates.trust();
        try (remote;
                TestSite site =
                        serving(
                                (client, ports) -> {
                                    String host = client.readLine();
                                    Connection second =
                                            ports.dial(
                                                    client.service(),
                                                    remote.door(),
                                                    Optional.empty());
                                    try {
                                        second.writeLine("tls");
                                        second.readLine();
                                        second.startTls(host, trust);
                                        second.writeLine("secret");
                                        client.writeLine(second.readLine());
                                    } catch (Hangup e) {
                                        client.writeLine("not with " + e.reason());
                                    } finally {
                                        ports.hangUp(second);
                                    }
                                })) {
            try (TestPeer peer = site.connect()) {
                peer.send("portolan.test\r\n");
                assertThat(peer.rest()).isEqualTo("=secret\r\n");
            }
            try (TestPeer peer = site.connect()) {
                peer.send("somebody.else\r\n");
                assertThat(peer.rest()).isEqualTo("not with TLS_FAILED\r\n");
            }
            site.awaitEmpty();
            remote.awaitEmpty();
        }
    }

    @Test
    void asAClientAReplySlippedInBeforeTlsIsRefused() throws Exception {
        try (ServerSocket there = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                TestSite site =
                        serving(
                                (client, ports) -> {
                                    Connection second =
                                            ports.dial(
                                                    client.service(),
                                                    at(client.readLine()),
                                                    Optional.empty());
                                    try {
                                        client.writeLine(second.readLine());
                                        second.startTls("x", SSLContext.getDefault());
                                    } catch (MalformedLine e) {
                                        client.writeLine(e.fault().name());
                                    } catch (java.security.NoSuchAlgorithmException e) {
                                        throw new AssertionError(e);
                                    } finally {
                                        ports.hangUp(second);
                                    }
                                });
                TestPeer peer = site.connect()) {
            peer.send(there.getLocalPort() + "\r\n");
            try (Socket answered = there.accept()) {
                answered.getOutputStream().write("go ahead\r\n250 trust me\r\n".getBytes());
                assertThat(peer.rest()).isEqualTo("go ahead\r\nTEXT_BEFORE_TLS\r\n");
            }
        }
    }

    @Test
    void dataArrivesOnASecondSocketThatNeverReadsALine() throws Exception {
        byte[] content = Pattern.bytes(300_000);
        try (TestSite site =
                        serving(
                                (client, ports) -> {
                                    try (Pending pending =
                                            ports.listenOnce(PortRange.ANY, client)) {
                                        client.writeLine("" + pending.at().getPort());
                                        client.flush();
                                        Connection second = pending.accept();
                                        byte[] got = second.readBytes(content.length);
                                        ports.hangUp(second);
                                        client.writeLine("" + java.util.Arrays.hashCode(got));
                                    }
                                });
                TestPeer peer = site.connect()) {
            site.clock.advance(Duration.ofDays(1));
            try (TestPeer second = TestPeer.to(at(peer.line()))) {
                await().until(() -> site.kernel.sockets().open().size() == 2);
                second.send(content);
            }
            assertThat(peer.rest()).isEqualTo(java.util.Arrays.hashCode(content) + "\r\n");
        }
    }

    @Test
    void aHostIsLookedUpByNameOrTakenAsTheAddressItIs() throws Exception {
        try (TestSite site = TestSite.serving(client -> {})) {
            Ports ports = site.kernel.ports();

            assertThat(ports.lookUp("192.0.2.7").getHostAddress()).isEqualTo("192.0.2.7");
            assertThat(ports.lookUp("localhost").isLoopbackAddress()).isTrue();
            assertThatThrownBy(() -> ports.lookUp("nowhere.invalid"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("nowhere.invalid");
        }
    }
}
