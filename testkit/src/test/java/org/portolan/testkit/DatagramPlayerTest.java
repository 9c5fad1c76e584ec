package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DatagramPlayerTest {
    /** Answers each datagram with some, on a free port of the loopback address. */
    private static final class DatagramServer implements AutoCloseable {
        final DatagramSocket socket;

        DatagramServer(Function<byte[], List<byte[]>> answers) throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            Thread.startVirtualThread(
                    () -> {
                        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                        while (!socket.isClosed()) {
                            try {
                                packet.setLength(2048);
                                socket.receive(packet);
                                byte[] said = packet.getData();
                                for (byte[] answer :
                                        answers.apply(Arrays.copyOf(said, packet.getLength()))) {
                                    socket.send(
                                            new DatagramPacket(
                                                    answer,
                                                    answer.length,
                                                    packet.getSocketAddress()));
                                }
                            } catch (IOException _) {
                                // Closed by the test: it is over.
                                return;
                            }
                        }
                    });
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** 0 is ignored, 1 gets a stamp and more, 3 gets two answers, all else comes back. */
    private static List<byte[]> echo(byte[] said) {
        return switch (said.length == 0 ? 9 : said[0]) {
            case 0 -> List.of();
            case 1 -> List.of(new byte[] {1, 0x47, 0x11, 5, 6});
            case 3 -> Collections.nCopies(2, said);
            default -> List.of(said);
        };
    }

    private DatagramServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new DatagramServer(DatagramPlayerTest::echo);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void play(Pace pace, String dialogue) {
        Player.againstDatagrams(server.address())
                .patience(Duration.ofMillis(200))
                .play(Transcript.parse("test.txt", dialogue), pace);
    }

    @ParameterizedTest
    @EnumSource
    void theExampleOfTheManualIsTrue(Pace pace) throws Exception {
        try (ScriptedServer stream = new ScriptedServer(peer -> peer.say("not here"))) {
            Player.against(stream.address())
                    .datagramDoor("echo", server.address())
                    .play(Transcript.parse("manual", Manual.examples().getLast()), pace);
        }
    }

    @ParameterizedTest
    @EnumSource
    void datagramsAndConnectionsMixInOneDialogue(Pace pace) throws Exception {
        try (ScriptedServer stream = new ScriptedServer(peer -> peer.say("4711"))) {
            Player.against(stream.address())
                    .datagramDoor("echo", server.address())
                    .play(
                            Transcript.parse(
                                    "both.txt",
                                    """
                                    # What a connection says is sent as a datagram.
                                    S: {=ticket}
                                    EOF
                                    CONNECT2 echo
                                    C2< 00
                                    C2< "t" {ticket}
                                    S2> "t4711"
                                    CLOSE2
                                    CONNECT2 echo
                                    C2<
                                    C2< 02
                                    S2>  {any…}
                                    S2> 02
                                    """),
                            pace);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramMustMatchWholly(Pace pace) {
        for (String expected : List.of("S> 02 03", "S> 02 03 04 05", "S> 03 {any…}")) {
            assertThatThrownBy(() -> play(pace, "# A.\nC< 02 03 04\n" + expected + "\n"))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("test.txt:3 at the pace " + pace.title())
                    .hasMessageContaining("received  S> 02 03 04\n")
                    .hasMessageContaining("\n  C< 02 03 04");
        }
        play(pace, "# A.\nC< 02 03 04\nS> 02 {any…} 04\nC< 02 03 04\nS> 02 03 {any…}\n");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerTooManyIsAMismatch(Pace pace) {
        assertThatThrownBy(() -> play(pace, "# A.\nC< 03 04\nS> 03 04\n"))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("test.txt:3 ")
                .hasMessageContaining("and then more: S> 03 04");
        assertThatThrownBy(() -> play(pace, "# A.\nC< 03 04\nS> 03 04\nCLOSE\n"))
                .hasMessageContaining("and then more: S> 03 04");
        play(pace, "# A.\nC< 03 04\nS> 03 04\nS> 03 04\n");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatDoesNotComeIsAMismatch(Pace pace) {
        assertThatThrownBy(() -> play(pace, "# A.\nC< 00\nS> 00\n"))
                .isInstanceOf(Mismatch.class)
                .hasMessageContaining("nothing came within");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    C: x    | is written C< in hex
                    S: x    | there are C< and S>
                    TLS     | there are C< and S>
                    HALF    | there are C< and S>
                    RESET   | there are C< and S>
                    EOF     | there are C< and S>
                    """)
    void whatNeedsAConnectionIsSaid(String line, String message) {
        for (Pace pace : Pace.values()) {
            assertThatThrownBy(() -> play(pace, "# A.\nC< 02\nS> 02\n" + line + "\n"))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("test.txt:4 ")
                    .hasMessageContaining(message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRestOfAStreamEndsWithEof(Pace pace) throws Exception {
        try (ScriptedServer stream = new ScriptedServer(peer -> peer.say("hello"))) {
            assertThatThrownBy(
                            () ->
                                    Player.against(stream.address())
                                            .play(
                                                    Transcript.parse(
                                                            "rest.txt", "# A.\nS> \"h\" {any…}\n"),
                                                    pace))
                    .isInstanceOf(Mismatch.class)
                    .hasMessageContaining("must be followed by EOF");
        }
    }

    @Test
    void allAtOnceNothingIsReadBeforeAllIsSaid() throws Exception {
        AtomicInteger came = new AtomicInteger();
        try (DatagramServer late =
                new DatagramServer(
                        said ->
                                came.incrementAndGet() < 3
                                        ? List.of()
                                        : List.of(new byte[] {1}, new byte[] {2}))) {
            Transcript dialogue =
                    Transcript.parse("late.txt", "# A.\nC< 07\nS> 01\nC< 08\nS> 02\nC< 09\n");
            Player player = Player.againstDatagrams(late.address());

            player.play(dialogue, Pace.ALL_AT_ONCE);
            came.set(0);
            assertThatThrownBy(
                            () ->
                                    player.patience(Duration.ofMillis(200))
                                            .play(dialogue, Pace.TURN_BY_TURN))
                    .hasMessageContaining("late.txt:3 ");
        }
    }

    @Test
    void aClientSpeaksFromOnePort() throws Exception {
        try (RawDatagramClient client = RawDatagramClient.to(server.address())) {
            client.send(new byte[] {2});
            client.send(new byte[] {3});

            assertThat(client.receive()).containsExactly(2);
            assertThat(client.receive()).containsExactly(3);
            assertThat(client.receive()).containsExactly(3);
            assertThat(client.waiting()).isEmpty();
            assertThat(client.port()).isPositive();
        }
    }

    @Test
    void anAnswerFromElsewhereIsAnError() throws Exception {
        try (RawDatagramClient client = RawDatagramClient.to(server.address());
                DatagramSocket stranger = new DatagramSocket()) {
            stranger.send(
                    new DatagramPacket(
                            new byte[1], 1, InetAddress.getLoopbackAddress(), client.port()));

            assertThatThrownBy(client::receive).hasMessageContaining("came from");
        }
    }
}
