package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DEFLATE in both directions, with java.util.zip by hand at the other end. */
class DeflateTest {
    /** Echoes lines; "deflate" compresses; "up n" and "down n" move a body of n bytes. */
    private static final class Talk implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            while (true) {
                try {
                    obey(client, client.readLine().split(" "));
                } catch (MalformedLine e) {
                    client.writeLine("!" + e.fault());
                    client.refused();
                }
            }
        }

        private static void obey(Connection client, String[] words) throws IOException {
            switch (words[0]) {
                case "deflate" -> client.deflate("go ahead");
                case "state" -> client.writeLine("deflated " + client.deflated());
                case "up" -> {
                    byte[] body = client.readBytes(Integer.parseInt(words[1]));
                    client.writeLine(Integer.toString(Arrays.hashCode(body)));
                }
                case "down" -> client.out().write(Pattern.bytes(Integer.parseInt(words[1])));
                default -> client.writeLine("=" + String.join(" ", words));
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("bye: " + reason.words());
        }
    }

    /** The other end of the compressed conversation. */
    private static final class Packed implements AutoCloseable {
        private final TestPeer peer;
        private final Deflater deflater = new Deflater(9, true);
        private final Inflater inflater = new Inflater(true);
        private final byte[] one = new byte[1];

        Packed(TestPeer peer) throws IOException {
            this.peer = peer;
            peer.send("deflate\r\n");
            assertThat(peer.line()).isEqualTo("go ahead");
        }

        byte[] packed(byte[] bytes) {
            deflater.setInput(bytes);
            byte[] packed = new byte[bytes.length + 1024];
            int count = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(packed, count);
        }

        Packed send(String text) throws IOException {
            peer.send(packed(text.getBytes(ISO_8859_1)));
            return this;
        }

        byte[] bytes(int count) throws IOException, DataFormatException {
            byte[] bytes = new byte[count];
            int have = 0;
            while (have < count) {
                int more = inflater.inflate(bytes, have, count - have);
                have += more;
                if (more == 0) {
                    assertThat(inflater.needsInput()).isTrue();
                    one[0] = peer.bytes(1)[0];
                    inflater.setInput(one);
                }
            }
            return bytes;
        }

        String line() throws IOException, DataFormatException {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append((char) bytes(1)[0]);
            }
            return line.substring(0, line.length() - 2);
        }

        @Override
        public void close() throws IOException {
            deflater.end();
            inflater.end();
            peer.close();
        }
    }

    private static TestSite site() {
        return TestSite.serving(new Talk());
    }

    @Test
    void linesAndBodiesPassBothWays() throws Exception {
        try (TestSite site = site();
                Packed peer = new Packed(site.connect())) {
            assertThat(peer.send("state\r\n").line()).isEqualTo("deflated true");
            assertThat(peer.send("one\r\ntwo\r\n").line()).isEqualTo("=one");
            assertThat(peer.line()).isEqualTo("=two");
            for (int size : new int[] {0, 1, 511, 8192, 32_768, 100_000, 1_000_000}) {
                byte[] body = Pattern.bytes(size);
                peer.send("up " + size + "\r\n");
                peer.peer.send(peer.packed(body));
                assertThat(peer.line()).isEqualTo(Integer.toString(Arrays.hashCode(body)));
                assertThat(peer.send("down " + size + "\r\n").bytes(size)).isEqualTo(body);
            }
        }
    }

    @Test
    void aLineComesOctetByOctet() throws Exception {
        try (TestSite site = site();
                Packed peer = new Packed(site.connect())) {
            for (byte octet : peer.packed("slowly\r\n".getBytes(ISO_8859_1))) {
                peer.peer.send(new byte[] {octet});
            }
            assertThat(peer.line()).isEqualTo("=slowly");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void insideTls(String version) throws Exception {
        try (TestSite site = TestSite.serving(Tls.AT_ONCE, new Talk());
                Packed peer =
                        new Packed(site.connect().secure(site.certificates.trust(), "", version))) {
            assertThat(peer.send("down 100000\r\n").bytes(100_000))
                    .isEqualTo(Pattern.bytes(100_000));
            assertThat(peer.send("one\r\n").line()).isEqualTo("=one");
        }
    }

    @Test
    void whatCameBeforeTheGoAheadIsNotTakenForCompressed() throws Exception {
        try (TestSite site = site();
                TestPeer peer = site.connect()) {
            peer.send("deflate\r\nearly\r\n"); // RFC 4978 §3
            assertThat(peer.line()).isEqualTo("!TEXT_BEFORE_TLS");
            peer.send("state\r\n");
            assertThat(peer.line()).isEqualTo("deflated false");
        }
    }

    @Test
    void aBombIsALineThatIsTooLong() throws Exception {
        int size = 900_000; // in a thousand octets
        try (TestSite site = site();
                Packed peer = new Packed(site.connect())) {
            byte[] bomb = peer.packed(new byte[size]);
            assertThat(bomb.length).isLessThan(2000);
            peer.peer.send(bomb);
            assertThat(peer.send("\r\n").line()).isEqualTo("!TOO_LONG");
            assertThat(peer.send("alive\r\n").line()).isEqualTo("=alive");
        }
    }

    @Test
    void aBombWithoutAnEndIsHungUpOn() throws Exception {
        try (TestSite site = site();
                Packed peer = new Packed(site.connect())) {
            peer.peer.send(peer.packed(new byte[2 << 20]));
            assertThat(peer.line()).isEqualTo("bye: " + Hangup.Reason.TOO_MANY_REFUSALS.words());
            peer.peer.close();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.TOO_MANY_REFUSALS)).isEqualTo(1);
        }
    }

    /** Empty blocks make nothing of much: they are read, and the command's time runs on. */
    @Test
    void blocksOfNothingDoNotStopTheClock() throws Exception {
        Limits limits = TestSite.PATIENT.withIdle(Duration.ofSeconds(10));
        try (TestSite site = TestSite.serving(limits, new Talk());
                Packed peer = new Packed(site.connect())) {
            site.awaitReadDue(Duration.ofSeconds(10));
            for (int i = 0; i < 100; i++) {
                peer.peer.send(new byte[] {0, 0, 0, (byte) 0xff, (byte) 0xff}); // RFC 1951 §3.2.4
            }
            site.awaitReadDue(Duration.ofSeconds(10));
            site.clock.advance(Duration.ofSeconds(11));
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.IDLE)).isEqualTo(1);
        }
    }

    @Test
    void whatIsNoDeflateEndsTheConversation() throws Exception {
        Random random = new Random(4978);
        try (TestSite site = site()) {
            for (int round = 0; round < 50; round++) {
                try (Packed peer = new Packed(site.connect())) {
                    byte[] noise = new byte[2000];
                    random.nextBytes(noise);
                    noise[0] = 7; // the type of block that is none, RFC 1951 §3.2.3
                    peer.peer.send(noise);
                    peer.peer.halfClose();
                    peer.peer.restHoweverItEnds();
                }
            }
            site.awaitEmpty();
        }
    }

    @Test
    void aStreamThatEndsIsAPeerThatIsGone() throws Exception {
        try (TestSite site = site();
                Packed peer = new Packed(site.connect())) {
            peer.peer.send(new byte[] {3, 0}); // a last block, and nothing in it
            peer.peer.restHoweverItEnds();
            site.awaitEmpty();
            assertThat(site.hungUp(Hangup.Reason.PEER_GONE)).isEqualTo(1);
        }
    }
}
