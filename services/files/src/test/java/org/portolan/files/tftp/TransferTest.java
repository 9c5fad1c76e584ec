package org.portolan.files.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.files.FilesSite;

/** Whole transfers with a client that can be made to misbehave. */
class TransferTest {
    @TempDir private static Path root;

    private static FilesSite site;

    @BeforeAll
    static void open() throws Exception {
        site = FilesSite.in(root);
    }

    @AfterAll
    static void close() throws Exception {
        site.close();
    }

    @BeforeEach
    void renew() throws Exception {
        site.renewed();
    }

    /** One client's socket. */
    private static final class Client implements AutoCloseable {
        final DatagramSocket socket;
        final byte[] room = new byte[65_536];
        InetSocketAddress server = site.door("tftp");
        int length;

        Client() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(20_000);
        }

        void send(byte... packet) throws IOException {
            socket.send(new DatagramPacket(packet, packet.length, server));
        }

        void request(int code, String text) throws IOException {
            byte[] words = text.replace('|', '\0').getBytes(ISO_8859_1);
            byte[] packet = new byte[words.length + 2];
            packet[1] = (byte) code;
            System.arraycopy(words, 0, packet, 2, words.length);
            server = site.door("tftp");
            send(packet);
        }

        void ack(int block) throws IOException {
            send((byte) 0, (byte) 4, (byte) (block >> 8), (byte) block);
        }

        void data(int block, byte[] bytes) throws IOException {
            byte[] packet = new byte[bytes.length + 4];
            packet[1] = 3;
            packet[2] = (byte) (block >> 8);
            packet[3] = (byte) block;
            System.arraycopy(bytes, 0, packet, 4, bytes.length);
            send(packet);
        }

        /** The next packet's code; its sender is who we talk to from now on. */
        int receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            socket.receive(packet);
            server = (InetSocketAddress) packet.getSocketAddress();
            length = packet.getLength();
            return room[1];
        }

        int number() {
            return (room[2] & 0xff) << 8 | room[3] & 0xff;
        }

        byte[] body() {
            return Arrays.copyOfRange(room, 4, length);
        }

        String text() {
            return new String(room, 2, length - 2, ISO_8859_1).replace('\0', '|');
        }

        boolean silent() throws IOException {
            socket.setSoTimeout(300);
            try {
                receive();
                return false;
            } catch (SocketTimeoutException e) {
                return true;
            } finally {
                socket.setSoTimeout(20_000);
            }
        }

        /** Reads a file to its end, in windows of {@code window} blocks of {@code size}. */
        byte[] rest(int size, int window) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            int expected = 1;
            int inWindow = 0;
            while (true) {
                assertThat(receive()).as("DATA").isEqualTo(3);
                if (number() != (expected & 0xffff)) {
                    continue;
                }
                all.write(body());
                inWindow++;
                boolean last = length - 4 < size;
                if (last || inWindow == window) {
                    ack(expected);
                    inWindow = 0;
                }
                if (last) {
                    return all.toByteArray();
                }
                expected++;
            }
        }

        /** Gives up what is not over, or the next test waits for the server to lose patience. */
        @Override
        public void close() throws IOException {
            if (!server.equals(site.door("tftp"))) {
                send((byte) 0, (byte) 5, (byte) 0, (byte) 0, (byte) 'x', (byte) 0);
            }
            socket.close();
        }
    }

    private static byte[] boot() throws IOException {
        return Files.readAllBytes(site.files().resolve("public/boot.bin"));
    }

    @Test
    void aFileComesInBlocksFromAPortOfItsOwn() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|");
            assertThat(client.rest(512, 1)).isEqualTo(boot());
            assertThat(client.server).isNotEqualTo(site.door("tftp"));
        }
    }

    @Test
    void optionsAreConfirmedBeforeTheFirstBlock() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "/boot.bin|OCTET|BLKSIZE|100|tsize|0|windowsize|4|timeout|3|x|y|");
            assertThat(client.receive()).isEqualTo(6);
            assertThat(client.text()).isEqualTo("blksize|100|timeout|3|tsize|1000|windowsize|4|");
            client.ack(0);
            assertThat(client.rest(100, 4)).isEqualTo(boot());
        }
    }

    @Test
    void optionsThatMakeNoSenseAreLeftOut() throws Exception {
        for (String lie : new String[] {"0", "7", "65536", "-1", "99999999999999999999", ""}) {
            try (Client client = new Client()) {
                client.request(1, "boot.bin|octet|blksize|" + lie + "|windowsize|0|timeout|0|");
                assertThat(client.rest(512, 1)).isEqualTo(boot());
            }
        }
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|blksize|65535|windowsize|65535|");
            assertThat(client.receive()).isEqualTo(6);
            assertThat(client.text()).isEqualTo("blksize|65464|windowsize|4|");
            client.ack(0);
            assertThat(client.rest(65_464, 4)).isEqualTo(boot());
        }
    }

    /** Whose address it is has not asked: few packets go there, and there is an end to them. */
    @Test
    void whoNeverAnswersGetsThreePacketsAndNoMore() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|timeout|1|blksize|65464|windowsize|64|");
            for (int packet = 0; packet < 3; packet++) {
                assertThat(client.receive()).isEqualTo(6); // the options, and no data
            }
            assertThat(client.receive()).isEqualTo(5);
            site.awaitQuiet();
            assertThat(client.silent()).isTrue();
        }
    }

    @Test
    void optionsThatLieCostNothing() throws Exception {
        String many = "blksize|8|".repeat(400);
        try (Client client = new Client()) { // the first of many counts
            client.request(1, "boot.bin|octet|" + many);
            assertThat(client.receive()).isEqualTo(6);
            assertThat(client.text()).isEqualTo("blksize|8|");
        }
        try (Client client = new Client()) { // without a value, or its end
            client.request(1, "boot.bin|octet|blksize|100");
            assertThat(client.rest(512, 1)).isEqualTo(boot());
        }
        try (Client client = new Client()) { // a block larger than was agreed
            client.request(2, "larger|octet|blksize|8|");
            assertThat(client.receive()).isEqualTo(6);
            client.data(1, new byte[9]);
            assertThat(client.receive()).isEqualTo(5);
            assertThat(client.number()).isEqualTo(4);
        }
        try (Client client = new Client()) { // less than was announced, and then more
            client.request(2, "announced|octet|tsize|5|");
            assertThat(client.receive()).isEqualTo(6);
            client.data(1, new byte[512]);
            client.receive();
            client.data(2, new byte[0]);
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isEqualTo(2);
        }
        site.awaitQuiet();
        assertThat(site.files().resolve("drop/larger")).doesNotExist();
        assertThat(site.files().resolve("drop/announced")).hasSize(512);
    }

    @Test
    void netasciiChangesLineEnds() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "motd|netascii|tsize|0|");
            assertThat(client.rest(512, 1)).isEqualTo("a\r\nb\r\0c\r\n".getBytes(ISO_8859_1));
        }
    }

    @Test
    void whatLiesElsewhereIsNotThere() throws Exception {
        for (String name :
                new String[] {
                    "nothing",
                    "../homes/ada/lines.txt",
                    "/home/ada/lines.txt",
                    "..",
                    "../../../../etc/passwd",
                    "boot.bin/x",
                    "..\\..\\etc\\passwd",
                    "\u00c0\u00ae\u00c0\u00ae/etc/passwd"
                }) {
            try (Client client = new Client()) {
                client.request(1, name + "|octet|");
                assertThat(client.receive()).as(name).isEqualTo(5);
                assertThat(client.number()).as(name).isIn(1, 2);
            }
        }
    }

    @Test
    void aLostPacketIsSentAgain() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|");
            client.receive(); // and loses it
            assertThat(client.rest(512, 1)).isEqualTo(boot());
        }
    }

    /** RFC 1123 §4.2.3.1: each answer twice must not bring each block twice. */
    @Test
    void theApprenticeIsNoSorcerer() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|blksize|100|");
            client.receive();
            client.ack(0);
            client.ack(0);
            for (int block = 1; block <= 11; block++) {
                assertThat(client.receive()).isEqualTo(3);
                assertThat(client.number()).isEqualTo(block);
                client.ack(block);
                client.ack(block);
                client.ack(Math.max(0, block - 1));
            }
            assertThat(client.silent()).isTrue();
        }
    }

    @Test
    void aWindowGoesOnAfterWhatWasLost() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|blksize|100|windowsize|8|");
            client.receive();
            client.ack(0);
            for (int i = 0; i < 8; i++) {
                client.receive(); // of which only the first two come
            }
            client.ack(2);
            assertThat(client.receive()).isEqualTo(3);
            assertThat(client.number()).isEqualTo(3);
        }
    }

    @Test
    void aStrangerHearsThatItIsNotTheirs() throws Exception {
        try (Client client = new Client();
                Client stranger = new Client()) {
            client.request(1, "boot.bin|octet|blksize|100|");
            client.receive();
            stranger.server = client.server;
            stranger.ack(0);
            assertThat(stranger.receive()).isEqualTo(5);
            assertThat(stranger.number()).isEqualTo(5);
            client.ack(0);
            assertThat(client.rest(100, 1)).isEqualTo(boot());
        }
    }

    @Test
    void aRequestThatComesTwiceIsOne() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|blksize|100|");
            client.request(1, "boot.bin|octet|blksize|100|");
            client.receive();
            InetSocketAddress first = client.server;
            client.ack(0);
            client.receive();
            assertThat(client.server).isEqualTo(first);
            assertThat(client.room[1]).isEqualTo((byte) 3);
        }
    }

    @Test
    void whoGivesUpIsLeftAlone() throws Exception {
        try (Client client = new Client()) {
            client.request(1, "boot.bin|octet|");
            client.receive();
            client.send((byte) 0, (byte) 5, (byte) 0, (byte) 0, (byte) 'x', (byte) 0);
            site.awaitQuiet();
            assertThat(client.silent()).isTrue();
        }
    }

    @Test
    void aFileIsLeftInTheDropFolder() throws Exception {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        Path dropped = site.files().resolve("drop/config.txt");
        try (Client client = new Client()) {
            client.request(2, "config.txt|octet|");
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isZero();
            client.data(1, Arrays.copyOf(bytes, 512));
            client.receive();
            assertThat(dropped).doesNotExist(); // it becomes visible whole
            client.data(2, Arrays.copyOfRange(bytes, 512, 1000));
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isEqualTo(2);
            assertThat(dropped).hasBinaryContent(bytes); // on disk before the last answer
            client.data(2, Arrays.copyOfRange(bytes, 512, 1000)); // it did not hear that
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isEqualTo(2);
        }
        try (Client client = new Client()) {
            client.request(2, "config.txt|octet|");
            assertThat(client.receive()).isEqualTo(5);
            assertThat(client.number()).isEqualTo(6);
        }
        assertThat(dropped).hasBinaryContent(bytes);
    }

    @Test
    void anUploadInWindowsSurvivesALostPacket() throws Exception {
        try (Client client = new Client()) {
            client.request(2, "windows|octet|blksize|8|windowsize|3|tsize|20|");
            assertThat(client.receive()).isEqualTo(6);
            assertThat(client.text()).isEqualTo("blksize|8|tsize|20|windowsize|3|");
            client.data(1, "01234567".getBytes(ISO_8859_1));
            client.data(3, "6789".getBytes(ISO_8859_1)); // the second is lost
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isEqualTo(1);
            client.data(2, "89012345".getBytes(ISO_8859_1));
            client.data(3, "6789".getBytes(ISO_8859_1));
            assertThat(client.receive()).isEqualTo(4);
            assertThat(client.number()).isEqualTo(3);
        }
        assertThat(site.files().resolve("drop/windows")).hasContent("01234567890123456789");
    }

    @Test
    void netasciiIsTakenInAsLines() throws Exception {
        try (Client client = new Client()) {
            client.request(2, "lines|netascii|blksize|8|");
            client.receive();
            client.data(1, "a\r\nb\r\0c\r".getBytes(ISO_8859_1));
            client.receive();
            client.data(2, "\nd".getBytes(ISO_8859_1));
            client.receive();
            assertThat(client.number()).isEqualTo(2);
        }
        assertThat(site.files().resolve("drop/lines"))
                .hasBinaryContent("a\nb\rc\nd".getBytes(ISO_8859_1));
    }

    @Test
    void whatIsTooLargeOrElsewhereIsNotTaken() throws Exception {
        String[][] lies = {
            {"large|octet|tsize|100001|", "3"}, {"../public/x|octet|", "2"}, {"a/b|octet|", "2"}
        };
        for (String[] lie : lies) {
            try (Client client = new Client()) {
                client.request(2, lie[0]);
                assertThat(client.receive()).as(lie[0]).isEqualTo(5);
                assertThat(client.number()).as(lie[0]).isEqualTo(Integer.parseInt(lie[1]));
            }
        }
        try (Client client = new Client()) { // it said nothing of its size
            client.request(2, "large|octet|blksize|60000|");
            client.receive();
            client.data(1, new byte[60_000]);
            client.receive();
            client.data(2, new byte[60_000]);
            assertThat(client.receive()).isEqualTo(5);
            assertThat(client.number()).isEqualTo(3);
        }
        site.awaitQuiet();
        assertThat(site.files().resolve("drop/large")).doesNotExist();
    }

    @Test
    void fiveHundredAtOnceGetIt() throws Exception {
        Set<Client> clients = new HashSet<>();
        byte[] boot = boot();
        try {
            for (int i = 0; i < 500; i++) {
                Client client = new Client();
                clients.add(client);
                client.request(1, "boot.bin|octet|");
            }
            for (Client client : clients) {
                assertThat(client.rest(512, 1)).isEqualTo(boot);
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
        site.awaitQuiet();
    }
}
