package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.portolan.kernel.TestSite.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Door.LocalDoor;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel.Opened;

/** Doors open, stay shut with a reason, move and answer anew. */
class DoorTest {
    private record Named(String name, List<Door> doors) implements Service {}

    private static Conversation saying(String word) {
        return client -> client.writeLine(word);
    }

    private static Named stream(String name, int port, Conversation conversation) {
        return new Named(
                name, List.of(new StreamDoor(new Port(port, name), Tls.NEVER, conversation, "")));
    }

    private static KernelSettings settings(int offset, String... addresses) throws IOException {
        List<InetAddress> all = new java.util.ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return new KernelSettings(
                all, offset, 100, 100, 100, 100, Duration.ofSeconds(1), Optional.empty(), Set.of());
    }

    private static Kernel kernel(KernelSettings settings) throws IOException {
        return new Kernel(
                settings, new SteppedClock(), Admission.EVERYBODY, TestCertificates.of("test"));
    }

    private static String heardAt(InetSocketAddress door) throws IOException {
        try (TestPeer peer = TestPeer.to(door)) {
            return peer.rest().strip();
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aTakenPortIsNamedWithItsHolderAndTheOthersOpen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Kernel kernel = kernel(settings(0, "127.0.0.1", "127.0.0.2"))) {
            int taken = other.getLocalPort();
            List<Opened> opened =
                    kernel.open(
                            List.of(
                                    stream("first", taken, saying("first")),
                                    stream("second", 0, saying("second"))));
            assertThat(opened).hasSize(4);
            String self = "java (process " + ProcessHandle.current().pid() + ")";
            assertThat(opened.get(0).problem()).contains("taken by " + self);
            assertThat(opened.get(0).at().getPort()).isEqualTo(taken);
            assertThat(opened.get(1).problem()).isEmpty(); // the same port at another address
            assertThat(heardAt(opened.get(1).at())).isEqualTo("first");
            assertThat(heardAt(opened.get(2).at())).isEqualTo("second");
            assertThat(heardAt(opened.get(3).at())).isEqualTo("second");
        }
    }

    @Test
    void ipv6IsServedAndItsTakenPortsAreNamed() throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("::1"));
                Kernel kernel = kernel(settings(0, "::1", "127.0.0.1"))) {
            List<Opened> opened =
                    kernel.open(
                            List.of(
                                    stream("first", other.getLocalPort(), saying("first")),
                                    stream("second", 0, client -> tellPeer(client))));
            assertThat(opened.get(0).problem().orElseThrow()).startsWith("taken by java (process");
            assertThat(opened.get(1).problem()).isEmpty();
            assertThat(heardAt(opened.get(2).at())).isEqualTo("[0:0:0:0:0:0:0:1] true");
            assertThat(heardAt(opened.get(3).at())).isEqualTo("127.0.0.1 true");
        }
    }

    private static void tellPeer(Connection client) throws IOException {
        String peer = client.peer().toString();
        client.writeLine(peer.substring(0, peer.lastIndexOf(':')) + " " + client.peer().loopback());
    }

    @Test
    void allOfIpv4IsNotAllOfIpv6() throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6");
        try (Kernel kernel = kernel(settings(KernelSettings.ANY_FREE_PORT, "0.0.0.0"))) {
            int port =
                    kernel.open(List.of(stream("test", 7, saying("x")))).getFirst().at().getPort();
            assertThat(heardAt(new InetSocketAddress("127.0.0.1", port))).isEqualTo("x");
            assertThatThrownBy(() -> heardAt(new InetSocketAddress("::1", port)))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void allOfIpv6TakesIpv4WithIt() throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6");
        try (Kernel kernel = kernel(settings(KernelSettings.ANY_FREE_PORT, "0.0.0.0", "::"))) {
            List<Opened> opened = kernel.open(List.of(stream("test", 7, DoorTest::tellPeer)));
            assertThat(opened).hasSize(1);
            assertThat(opened.getFirst().problem()).isEmpty();
            assertThat(opened.getFirst().at().getAddress()).isInstanceOf(Inet6Address.class);
            int port = opened.getFirst().at().getPort();
            assertThat(heardAt(new InetSocketAddress("127.0.0.1", port)))
                    .isEqualTo("127.0.0.1 true"); // an IPv4 peer is one, however it came
            assertThat(heardAt(new InetSocketAddress("::1", port))).startsWith("[0:0:");
        }
    }

    @Test
    void anAddressOfAnotherMachineAndAPortBeyondAllAreSaid() throws Exception {
        try (Kernel kernel = kernel(settings(60_000, "192.0.2.1", "127.0.0.1"))) {
            List<Opened> opened =
                    kernel.open(
                            List.of(
                                    stream("low", 25, saying("x")),
                                    stream("high", 8080, saying("x"))));
            assertThat(opened.get(0).problem()).contains("this machine has no such address");
            assertThat(opened.get(2).problem().orElseThrow()).contains("68080", "port_offset");
            assertThat(opened.get(3).problem().orElseThrow()).contains("68080", "port_offset");
        }
    }

    @Test
    void aReloadMovesDoorsWhileConversationsGoOn() throws Exception {
        Conversation old =
                client -> {
                    client.writeLine("old");
                    client.writeLine("=" + client.readLine());
                };
        int port = freePort();
        try (Kernel kernel = kernel(settings(0, "127.0.0.1"))) {
            InetSocketAddress door =
                    kernel.open(List.of(stream("test", port, old))).getFirst().at();
            try (TestPeer peer = TestPeer.to(door)) {
                assertThat(peer.line()).isEqualTo("old");

                // The same door: it stays open, and somebody else answers.
                List<Opened> again = kernel.open(List.of(stream("test", port, saying("new"))));
                assertThat(again.getFirst().problem()).isEmpty();
                assertThat(heardAt(door)).isEqualTo("new");

                // From one address to all: the old door must make room for the new one.
                kernel.configure(settings(0, "0.0.0.0"), Admission.EVERYBODY);
                List<Opened> wider = kernel.open(List.of(stream("test", port, saying("wider"))));
                assertThat(wider.getFirst().problem()).isEmpty();
                assertThat(heardAt(door)).isEqualTo("wider");

                // And away.
                assertThat(kernel.open(List.of())).isEmpty();
                await().until(() -> refused(door));

                peer.send("undisturbed\r\n");
                assertThat(peer.rest()).isEqualTo("=undisturbed\r\n");
            }
        }
    }

    @Test
    void aReloadChangesWhoIsAdmittedAndHowMany() throws Exception {
        Conversation waiting =
                new Conversation() {
                    @Override
                    public void converse(Connection client) throws IOException {
                        client.writeLine("hello");
                        client.readLine();
                    }

                    @Override
                    public Optional<String> farewell(Hangup.Reason reason) {
                        return Optional.of("bye");
                    }
                };
        try (Kernel kernel = kernel(settings(KernelSettings.ANY_FREE_PORT, "127.0.0.1"))) {
            InetSocketAddress door = kernel.open(List.of(stream("t", 7, waiting))).getFirst().at();
            try (TestPeer first = TestPeer.to(door)) {
                assertThat(first.line()).isEqualTo("hello");
                KernelSettings one =
                        new KernelSettings(
                                List.of(InetAddress.getByName("127.0.0.1")),
                                KernelSettings.ANY_FREE_PORT,
                                1,
                                1,
                                1,
                                1,
                                Duration.ofSeconds(1),
                                Optional.empty(),
                                Set.of());
                kernel.configure(one, Admission.EVERYBODY);
                assertThat(heardAt(door)).isEqualTo("bye");
                kernel.configure(
                        settings(-1, "127.0.0.1"),
                        (service, port, transport, from) -> Verdict.REFUSED);
                assertThat(heardAt(door)).isEmpty();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        }
    }

    private static boolean refused(InetSocketAddress door) throws IOException {
        try (TestPeer peer = TestPeer.to(door)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void nothingOpensOnceItStops() throws Exception {
        Kernel kernel = kernel(settings(KernelSettings.ANY_FREE_PORT, "127.0.0.1"));
        kernel.close();
        assertThatThrownBy(() -> kernel.open(List.of(stream("test", 7, saying("x")))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stopping");
    }

    @Test
    void aLocalDoorIsItsOwnersAlone(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("test.sock");
        Conversation who =
                client -> {
                    String line = client.readLine();
                    client.writeLine(line + " " + client.user().orElseThrow().getName());
                };
        Named service = new Named("admin", List.of(new LocalDoor(path, who)));
        try (Kernel kernel = kernel(settings(KernelSettings.ANY_FREE_PORT, "127.0.0.1"))) {
            kernel.open(List.of(service));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            for (int i = 0; i < 2; i++) {
                try (SocketChannel channel = LocalDoor.dial(path);
                        BufferedReader in =
                                new BufferedReader(Channels.newReader(channel, ISO_8859_1))) {
                    channel.write(java.nio.ByteBuffer.wrap("hello\r\n".getBytes()));
                    assertThat(in.readLine()).isEqualTo("hello " + System.getProperty("user.name"));
                    assertThat(in.readLine()).isNull();
                }
                kernel.open(List.of(service)); // a reload leaves it as it is
            }
            await().until(() -> kernel.sockets().open().isEmpty());
            assertThat(kernel.sockets().counted()).isZero(); // local peers are not limited
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void twoSitesInOneProcessKnowNothingOfEachOther() throws Exception {
        try (TestSite one = TestSite.serving(saying("one"));
                TestSite two = TestSite.serving(client -> client.readLine())) {
            try (TestPeer second = two.connect()) {
                assertThat(heardAt(one.door())).isEqualTo("one");
                one.close();
                assertThat(two.only().peer().port()).isEqualTo(second.socket().getLocalPort());
                assertThat(two.counted("portolan_conversations")).isEqualTo(1);
                assertThat(one.counted("portolan_conversations")).isEqualTo(1);
            }
            two.awaitEmpty();
        }
    }

    /** Notes when it begins and ends. */
    private record Noting(String name, List<String> notes) implements Service {
        @Override
        public List<Door> doors() {
            return List.of();
        }

        @Override
        public void begin() {
            notes.add(name + " begins");
        }

        @Override
        public void end() {
            notes.add(name + " ends");
        }
    }

    @Test
    void aServiceBeginsAfterItsDoorsAndEndsWhenAnotherHasTakenOver() throws Exception {
        List<String> notes = new java.util.ArrayList<>();
        Noting old = new Noting("old", notes);
        Noting stays = new Noting("stays", notes);
        try (Kernel kernel = kernel(settings(0, "127.0.0.1"))) {
            kernel.open(List.of(old, stays));
            kernel.open(List.of(stays, new Noting("new", notes)));
            assertThat(notes)
                    .containsExactly("old begins", "stays begins", "new begins", "old ends");
        }
        assertThat(notes.subList(4, notes.size())).containsExactly("stays ends", "new ends");
    }
}
