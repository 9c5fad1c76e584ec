package org.portolan.kernel.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link UdpSocket} has to do, and what only the system's calls can. */
class UdpSocketTest {
    private static final UdpSocket.Options USUAL = new UdpSocket.Options(512, false, false, 65536);

    private static InetSocketAddress at(String address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), 0);
    }

    private static DatagramSocket client(String address) throws IOException {
        DatagramSocket client = new DatagramSocket(at(address));
        client.setSoTimeout(20_000);
        return client;
    }

    private static void send(DatagramSocket from, InetSocketAddress to, byte[] bytes)
            throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket next(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        at.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private static String text(UdpSocket socket, int i) {
        byte[] bytes = new byte[512];
        socket.copy(i, bytes);
        return new String(bytes, 0, socket.length(i), UTF_8);
    }

    /** Takes in until so many came; each is handed to {@code each} while it is there. */
    private static void take(UdpSocket socket, int count, java.util.function.IntConsumer each)
            throws IOException {
        int taken = 0;
        while (taken < count) {
            int came = socket.receive();
            for (int i = 0; i < came; i++) {
                each.accept(i);
            }
            taken += came;
            socket.send();
        }
        assertThat(taken).isEqualTo(count);
    }

    abstract static class EveryKind {
        abstract UdpSocket open(InetSocketAddress at, UdpSocket.Options options) throws IOException;

        private void echoes(String server, String client) throws IOException {
            try (UdpSocket socket = open(at(server), USUAL);
                    DatagramSocket peer = client(client)) {
                InetSocketAddress to =
                        new InetSocketAddress(InetAddress.getByName(client), socket.at().getPort());
                send(peer, to, "one".getBytes(UTF_8));
                take(
                        socket,
                        1,
                        i -> {
                            assertThat(text(socket, i)).isEqualTo("one");
                            assertThat(socket.port(i)).isEqualTo(peer.getLocalPort());
                            byte[] from = new byte[socket.ipv4(i) ? 4 : 16];
                            socket.copyAddress(i, from);
                            assertThat(from).isEqualTo(to.getAddress().getAddress());
                            socket.reply(i, "other".getBytes(UTF_8), 5);
                            socket.reply(i, "words".getBytes(UTF_8), 4);
                        });
                assertThat(text(next(peer))).isEqualTo("other");
                assertThat(text(next(peer))).isEqualTo("word");
            }
        }

        @Test
        void takesInAndRepliesOverIpv4() throws IOException {
            echoes("127.0.0.1", "127.0.0.1");
        }

        @Test
        void takesInAndRepliesOverIpv6() throws IOException {
            echoes("::1", "::1");
        }

        @Test
        void aSocketForAllAddressesHasBothFamilies() throws IOException {
            echoes("::", "::1");
            echoes("::", "127.0.0.1");
            echoes("0.0.0.0", "127.0.0.1");
        }

        @Test
        void anEmptyDatagramIsOneToo() throws IOException {
            try (UdpSocket socket = open(at("127.0.0.1"), USUAL);
                    DatagramSocket peer = client("127.0.0.1")) {
                send(peer, socket.at(), new byte[0]);
                take(socket, 1, i -> assertThat(socket.length(i)).isZero());
            }
        }

        @Test
        void whatIsTooLongIsSeenToBe() throws IOException {
            try (UdpSocket socket = open(at("127.0.0.1"), USUAL);
                    DatagramSocket peer = client("127.0.0.1")) {
                send(peer, socket.at(), new byte[513]);
                take(socket, 1, i -> assertThat(socket.length(i)).isGreaterThan(512));
                send(peer, socket.at(), new byte[512]);
                take(socket, 1, i -> assertThat(socket.length(i)).isEqualTo(512));
            }
        }

        @Test
        void aReplyMayLeaveLaterFromAnotherThread() throws Exception {
            List<UdpSocket.WayBack> ways = new ArrayList<>();
            try (UdpSocket socket = open(at("::"), USUAL);
                    DatagramSocket peer = client("127.0.0.1")) {
                InetSocketAddress to = new InetSocketAddress("127.0.0.1", socket.at().getPort());
                send(peer, to, "one".getBytes(UTF_8));
                take(socket, 1, i -> ways.add(socket.wayBack(i)));
                send(peer, to, "two".getBytes(UTF_8));
                take(socket, 1, i -> {}); // the batch of the first one is gone
                assertThat(
                                CompletableFuture.supplyAsync(
                                                () ->
                                                        ways.getFirst()
                                                                .reply("later".getBytes(UTF_8)))
                                        .get())
                        .isTrue();
                assertThat(text(next(peer))).isEqualTo("later");
            }
            assertThat(ways.getFirst().reply("too late".getBytes(UTF_8))).isFalse();
        }

        @Test
        void whoWaitsCanBeWoken() throws Exception {
            try (UdpSocket socket = open(at("127.0.0.1"), USUAL)) {
                CompletableFuture<Integer> waiting =
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return socket.receive();
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                });
                socket.wake();
                assertThat(waiting.get()).isEqualTo(-1);
                assertThat(socket.receive()).isEqualTo(-1);
            }
        }

        @Test
        void aTakenPortAndAStrangeAddressAreToldApart() throws IOException {
            try (DatagramSocket holder = client("127.0.0.1")) {
                InetSocketAddress taken = new InetSocketAddress("127.0.0.1", holder.getLocalPort());
                assertThatThrownBy(() -> open(taken, USUAL))
                        .isInstanceOf(BindException.class)
                        .hasMessageContaining("already in use");
            }
            assertThatThrownBy(() -> open(at("192.0.2.1"), USUAL))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("Cannot assign requested address");
        }

        @Test
        void aPeerThatIsGoneHarmsNobody() throws IOException {
            try (UdpSocket socket = open(at("127.0.0.1"), USUAL);
                    DatagramSocket peer = client("127.0.0.1")) {
                for (int round = 0; round < 50; round++) {
                    try (DatagramSocket gone = client("127.0.0.1")) {
                        send(gone, socket.at(), "gone".getBytes(UTF_8));
                    }
                    send(peer, socket.at(), "here".getBytes(UTF_8));
                    take(socket, 2, i -> socket.reply(i, new byte[] {'h'}, 1));
                    assertThat(text(next(peer))).isEqualTo("h");
                }
            }
        }
    }

    @Nested
    class WithAChannel extends EveryKind {
        @Override
        UdpSocket open(InetSocketAddress at, UdpSocket.Options options) throws IOException {
            return new ChannelUdpSocket(at, options);
        }
    }

    @Nested
    class WithTheSystemsCalls extends EveryKind {
        @Override
        UdpSocket open(InetSocketAddress at, UdpSocket.Options options) throws IOException {
            return new SystemUdpSocket(at, options);
        }

        @Test
        void manyComeTogetherAndEachGetsItsOwnReply() throws IOException {
            List<DatagramSocket> peers = new ArrayList<>();
            try (UdpSocket socket = open(at("127.0.0.1"), USUAL)) {
                for (int i = 0; i < 100; i++) {
                    peers.add(client("127.0.0.1"));
                    send(peers.get(i), socket.at(), ("number " + i).getBytes(UTF_8));
                }
                assertThat(socket.receive()).isEqualTo(UdpSocket.MOST);
                byte[] long500 = new byte[500];
                for (int i = 0; i < UdpSocket.MOST; i++) {
                    socket.copy(i, long500);
                    socket.reply(i, long500, 500); // more than the room for replies holds
                    socket.reply(i, long500, socket.length(i));
                    socket.reply(i, long500, socket.length(i));
                }
                assertThat(socket.send()).isZero();
                take(socket, 100 - UdpSocket.MOST, i -> {});
                for (int i = 0; i < UdpSocket.MOST; i++) {
                    assertThat(text(next(peers.get(i)))).hasSize(500).startsWith("number " + i);
                    assertThat(text(next(peers.get(i)))).isEqualTo("number " + i);
                    assertThat(text(next(peers.get(i)))).isEqualTo("number " + i);
                }
            } finally {
                peers.forEach(DatagramSocket::close);
            }
        }

        @Test
        void aReplyComesFromTheAddressThatWasAsked() throws IOException {
            for (String all : List.of("0.0.0.0", "::")) {
                try (UdpSocket socket = open(at(all), USUAL);
                        DatagramSocket peer = client("127.0.0.1")) {
                    InetSocketAddress asked =
                            new InetSocketAddress("127.0.0.77", socket.at().getPort());
                    send(peer, asked, "one".getBytes(UTF_8));
                    List<UdpSocket.WayBack> ways = new ArrayList<>();
                    take(
                            socket,
                            1,
                            i -> {
                                assertThat(socket.asked(i)).isEqualTo(asked.getAddress());
                                socket.reply(i, "now".getBytes(UTF_8), 3);
                                ways.add(socket.wayBack(i));
                            });
                    assertThat(next(peer).getSocketAddress()).isEqualTo(asked);
                    ways.getFirst().reply("later".getBytes(UTF_8));
                    assertThat(next(peer).getSocketAddress()).isEqualTo(asked);
                }
            }
        }

        @Test
        void oneReplyThatCannotBeSentIsCountedAndTheOthersLeave() throws IOException {
            UdpSocket.Options huge = new UdpSocket.Options(70_000, false, false, 65536);
            try (UdpSocket socket = open(at("127.0.0.1"), huge);
                    DatagramSocket peer = client("127.0.0.1")) {
                send(peer, socket.at(), "one".getBytes(UTF_8));
                assertThat(socket.receive()).isEqualTo(1);
                socket.reply(0, "before".getBytes(UTF_8), 6);
                socket.reply(0, new byte[70_000], 70_000); // no datagram is that long
                socket.reply(0, "after".getBytes(UTF_8), 5);
                assertThat(socket.send()).isEqualTo(1);
                assertThat(text(next(peer))).isEqualTo("before");
                assertThat(text(next(peer))).isEqualTo("after");
            }
        }

        @Test
        void theSystemSaysWhenADatagramCame() throws IOException {
            UdpSocket.Options stamped = new UdpSocket.Options(512, false, true, 65536);
            try (UdpSocket socket = open(at("127.0.0.1"), stamped);
                    DatagramSocket peer = client("127.0.0.1")) {
                long before = System.currentTimeMillis() * 1_000_000L - 1_000_000L;
                send(peer, socket.at(), "one".getBytes(UTF_8));
                take(
                        socket,
                        1,
                        i ->
                                assertThat(socket.arrived(i))
                                        .isBetween(before, before + 60_000_000_000L));
            }
        }

        @Test
        void whatNobodyTakesInTimeIsCounted() throws IOException {
            UdpSocket.Options small = new UdpSocket.Options(512, false, false, 4096);
            try (UdpSocket socket = open(at("127.0.0.1"), small);
                    DatagramSocket peer = client("127.0.0.1")) {
                for (int i = 0; i < 200; i++) {
                    send(peer, socket.at(), new byte[500]);
                }
                int taken = socket.receive();
                send(peer, socket.at(), "last".getBytes(UTF_8)); // brings the count along
                while (!text(socket, 0).equals("last")) {
                    taken += socket.receive();
                }
                assertThat(taken + socket.overflown()).isEqualTo(201);
                assertThat(socket.overflown()).isPositive();
            }
        }

        @Test
        void socketsThatShareAPortShareThePeers() throws IOException {
            UdpSocket.Options shared = new UdpSocket.Options(512, true, false, 65536);
            try (UdpSocket one = open(at("127.0.0.1"), shared);
                    UdpSocket two = open(one.at(), shared)) {
                assertThatThrownBy(() -> open(one.at(), USUAL)).isInstanceOf(BindException.class);
                for (int i = 0; i < 64; i++) {
                    try (DatagramSocket peer = client("127.0.0.1")) {
                        send(peer, one.at(), "x".getBytes(UTF_8));
                    }
                }
                assertThat(one.receive() + two.receive()).isEqualTo(64);
            }
        }
    }
}
