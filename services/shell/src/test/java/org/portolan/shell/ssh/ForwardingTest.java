package org.portolan.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.shell.ShellSite;
import org.portolan.stores.Events;

/** Ports are forwarded by rule alone, and stand in the table of sockets while they are. */
class ForwardingTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final SshdSocketAddress ORIGIN = new SshdSocketAddress("127.0.0.1", 1);

    @TempDir private static Path root;

    private static ServerSocket destination;
    private static int freePort;
    private static ShellSite site;
    private static ShellSite strict;
    private static SshClient client;

    @BeforeAll
    static void open() throws Exception {
        destination = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            freePort = free.getLocalPort();
        }
        ShellSite.Changed some =
                new ShellSite.Changed(
                        Duration.ofHours(1),
                        Duration.ofMinutes(5),
                        List.of(
                                "ada may reach 127.0.0.1:" + destination.getLocalPort(),
                                "ada may listen at " + freePort));
        site = ShellSite.in(root.resolve("some"), some);
        strict = ShellSite.in(root.resolve("strict"));
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.setKeyIdentityProvider(session -> List.of());
        client.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        client.start();
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        site.close();
        strict.close();
        destination.close();
    }

    private static ClientSession loggedIn(ShellSite at) throws Exception {
        ClientSession session = client.connect("ada", at.door("ssh")).verify(LONG).getSession();
        session.addPasswordIdentity(ShellSite.PASSWORD);
        session.auth().verify(LONG);
        return session;
    }

    private static SshdSocketAddress destination() {
        return new SshdSocketAddress("127.0.0.1", destination.getLocalPort());
    }

    @Test
    void whatIsSaidAtOneEndIsHeardAtTheOther() throws Exception {
        try (ClientSession session = loggedIn(site);
                ChannelDirectTcpip channel =
                        session.createDirectTcpipChannel(ORIGIN, destination())) {
            channel.open().verify(LONG);
            try (Socket reached = destination.accept()) {
                assertThat(site.kernel().sockets().open())
                        .anySatisfy(
                                each -> {
                                    assertThat(each.service().name()).isEqualTo("forward");
                                    assertThat(each.account()).isEqualTo("ada");
                                    assertThat(each.peer().port())
                                            .isEqualTo(destination.getLocalPort());
                                });
                channel.getInvertedIn().write("from the client\n".getBytes(UTF_8));
                channel.getInvertedIn().flush();
                assertThat(reached.getInputStream().readNBytes(16))
                        .isEqualTo("from the client\n".getBytes(UTF_8));
                byte[] much = new byte[3_000_000];
                java.util.Arrays.fill(much, (byte) 'x');
                Thread sender = Thread.ofVirtual().start(() -> sendAndEnd(reached, much));
                assertThat(channel.getInvertedOut().readNBytes(much.length)).isEqualTo(much);
                sender.join();
                ShellSite.await().until(channel::isEofSignalled);
                channel.getInvertedIn().write("and after its end\n".getBytes(UTF_8));
                channel.getInvertedIn().close();
                assertThat(reached.getInputStream().readAllBytes())
                        .isEqualTo("and after its end\n".getBytes(UTF_8));
            }
        }
        site.quiet();
        assertThat(site.events().latest(50))
                .anySatisfy(
                        each -> {
                            assertThat(each.kind()).isEqualTo(Events.Kind.FORWARDED);
                            assertThat(each.words()).startsWith("reaches 127.0.0.1:");
                        });
    }

    private static void sendAndEnd(Socket reached, byte[] much) {
        try {
            reached.getOutputStream().write(much);
            reached.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSocketIsClosedWithTheSession() throws Exception {
        Socket reached;
        try (ClientSession session = loggedIn(site);
                ChannelDirectTcpip channel =
                        session.createDirectTcpipChannel(ORIGIN, destination())) {
            channel.open().verify(LONG);
            reached = destination.accept();
        }
        site.quiet();
        try (reached) {
            assertThat(reached.getInputStream().readAllBytes()).isEmpty();
        }
    }

    private static void assertRefused(ShellSite at, String host, int port, String why)
            throws Exception {
        try (ClientSession session = loggedIn(at);
                ChannelDirectTcpip channel =
                        session.createDirectTcpipChannel(
                                ORIGIN, new SshdSocketAddress(host, port))) {
            assertThatThrownBy(() -> channel.open().verify(LONG))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            SshChannelOpenException.class,
                            e ->
                                    assertThat(e.getReasonCode())
                                            .isEqualTo(
                                                    SshConstants
                                                            .SSH_OPEN_ADMINISTRATIVELY_PROHIBITED))
                    .hasMessageContaining(why);
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void withoutARuleNothingIsReached() throws Exception {
        assertRefused(strict, "127.0.0.1", destination.getLocalPort(), "not forwarded");
        assertRefused(site, "127.0.0.1", site.door("telnet").getPort(), "no rule");
        assertRefused(site, "0.0.0.0", destination.getLocalPort(), "no rule");
        assertRefused(site, "192.0.2.1", destination.getLocalPort(), "no rule");
        assertRefused(site, "127.0.0.1", 0, "no such port");
        assertThat(site.events().latest(50))
                .anySatisfy(each -> assertThat(each.kind()).isEqualTo(Events.Kind.REFUSED));
    }

    @Test
    void aPortThatAClientOpenedLeadsToIt() throws Exception {
        try (ClientSession session = loggedIn(site)) {
            SshdSocketAddress at =
                    session.startRemotePortForwarding(
                            new SshdSocketAddress("127.0.0.1", 0), destination());
            assertThat(at.getPort()).isEqualTo(freePort);
            try (Socket outside = new Socket("127.0.0.1", freePort);
                    Socket reached = destination.accept()) {
                outside.getOutputStream().write("knock\n".getBytes(UTF_8));
                assertThat(reached.getInputStream().readNBytes(6))
                        .isEqualTo("knock\n".getBytes(UTF_8));
                assertThat(site.kernel().sockets().open())
                        .anySatisfy(
                                each -> {
                                    assertThat(each.service().name()).isEqualTo("forward");
                                    assertThat(each.port().number()).isEqualTo(freePort);
                                    assertThat(each.account()).isEqualTo("ada");
                                });
                sendAndEnd(reached, "come in\n".getBytes(UTF_8));
                assertThat(outside.getInputStream().readAllBytes())
                        .isEqualTo("come in\n".getBytes(UTF_8));
            }
            session.stopRemotePortForwarding(at);
            assertThatThrownBy(() -> new Socket("127.0.0.1", freePort).close())
                    .isInstanceOf(IOException.class);
            session.startRemotePortForwarding(
                    new SshdSocketAddress("localhost", freePort), destination());
        }
        site.quiet();
        ShellSite.await().until(ForwardingTest::isFree);
    }

    @Test
    void aPortIsClosedWhenTheClientSaysGoodbye() throws Exception {
        ClientSession session = loggedIn(site);
        session.startRemotePortForwarding(
                new SshdSocketAddress("localhost", freePort), destination());
        session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, "goodbye");
        ShellSite.await().until(ForwardingTest::isFree);
        site.quiet();
    }

    private static boolean isFree() {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress("127.0.0.1", freePort));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    @Test
    void withoutARuleNoPortIsOpened() throws Exception {
        try (ClientSession session = loggedIn(strict)) {
            assertThatThrownBy(
                            () ->
                                    session.startRemotePortForwarding(
                                            new SshdSocketAddress("127.0.0.1", 0), destination()))
                    .isInstanceOf(IOException.class);
        }
        try (ClientSession session = loggedIn(site)) {
            for (String host : List.of("", "0.0.0.0", "192.0.2.1", "elsewhere")) {
                assertThatThrownBy(
                                () ->
                                        session.startRemotePortForwarding(
                                                new SshdSocketAddress(host, freePort),
                                                destination()))
                        .isInstanceOf(IOException.class);
            }
            assertThat(session.isOpen()).isTrue();
        }
    }
}
