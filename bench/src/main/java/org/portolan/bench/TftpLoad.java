package org.portolan.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Clients that fetch a file again and again, all in one thread.
 *
 * @param clients transfers at once
 * @param block bytes in a packet; without options it is 512, and not said
 * @param window packets before an answer (RFC 7440); 1 is not said
 */
record TftpLoad(String file, long size, int clients, int block, int window, Duration length) {
    /** What came whole, in how many packets; what had to be asked for again. */
    record Done(long transfers, long packets, long bytes, long again, Duration time) {}

    static final int WITHOUT_OPTIONS = 512; // RFC 1350 §2
    private static final int OPCODE_READ = 1;
    private static final int OPCODE_DATA = 3;
    private static final int OPCODE_ACK = 4;
    private static final int OPCODE_OPTIONS = 6; // RFC 2347
    private static final int HEAD = 4;
    private static final int LONGEST = 65_536;
    // The servers wait a second or more before they send something again.
    private static final Duration LOST = Duration.ofMillis(500);

    Done run(int port) throws IOException {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        Totals totals = new Totals();
        Set<Client> underWay = new HashSet<>();
        ByteBuffer room = ByteBuffer.allocateDirect(LONGEST);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < clients; i++) {
                underWay.add(new Client(port, selector));
            }
            while (!underWay.isEmpty()) {
                selector.select(LOST.toMillis());
                for (SelectionKey key : selector.selectedKeys()) {
                    Client client = (Client) key.attachment();
                    if (client.take(room, totals)) {
                        client.channel.close();
                        underWay.remove(client);
                        if (System.nanoTime() < end) {
                            underWay.add(new Client(port, selector));
                        }
                    }
                }
                selector.selectedKeys().clear();
                long now = System.nanoTime();
                for (Client client : List.copyOf(now > totals.looked ? underWay : Set.of())) {
                    client.sayAgainWhenSilent(totals, now);
                }
                totals.looked = now > totals.looked ? now + LOST.toNanos() / 4 : totals.looked;
            }
        } finally {
            for (Client client : underWay) {
                client.channel.close();
            }
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        return new Done(totals.transfers, totals.packets, totals.bytes, totals.again, time);
    }

    private static final class Totals {
        private long transfers;
        private long packets;
        private long bytes;
        private long again;
        private long looked;
    }

    /** One transfer, from a port of its own. */
    private final class Client {
        private final DatagramChannel channel = DatagramChannel.open();
        private final ByteBuffer said;
        private SocketAddress to;
        private boolean begun;
        private int agreedBlock = WITHOUT_OPTIONS;
        private int agreedWindow = 1;
        private long blocks;
        private long got;
        private int sinceAnswer;
        private boolean toldOfGap;
        private long heard = System.nanoTime();

        Client(int port, Selector selector) throws IOException {
            to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            byte[] request = request();
            said = ByteBuffer.allocateDirect(request.length).put(request);
            say();
        }

        private byte[] request() {
            StringBuilder words = new StringBuilder();
            words.append('\0').append((char) OPCODE_READ).append(file).append("\0octet\0");
            if (block != WITHOUT_OPTIONS) {
                words.append("blksize\0").append(block).append('\0');
            }
            if (window > 1) {
                words.append("windowsize\0").append(window).append('\0');
            }
            return words.toString().getBytes(US_ASCII);
        }

        private void say() throws IOException {
            said.flip();
            if (begun) {
                channel.write(said);
            } else {
                channel.send(said, to);
            }
        }

        private void acknowledge() throws IOException {
            said.clear().putShort((short) OPCODE_ACK).putShort((short) blocks);
            sinceAnswer = 0;
            say();
        }

        /** Takes what has come; returns whether that was the last of it. */
        boolean take(ByteBuffer room, Totals totals) throws IOException {
            while (true) {
                room.clear();
                if (begun) {
                    channel.read(room);
                } else {
                    begin(room);
                }
                if (room.flip().remaining() < HEAD) {
                    return false;
                }
                heard = System.nanoTime();
                int code = room.getShort();
                if (code == OPCODE_OPTIONS && blocks == 0) {
                    agree(room);
                    acknowledge();
                } else if (code != OPCODE_DATA) {
                    throw new IOException("a TFTP server answered with code " + code);
                } else if (data(room, totals)) {
                    return true;
                }
            }
        }

        /** The answer's port is the transfer's (RFC 1350 §4). */
        private void begin(ByteBuffer room) throws IOException {
            SocketAddress from = channel.receive(room);
            if (from != null) {
                to = from;
                channel.connect(from);
                begun = true;
            }
        }

        private void agree(ByteBuffer options) {
            byte[] bytes = new byte[options.remaining()];
            options.get(bytes);
            String[] words = new String(bytes, US_ASCII).split("\0", 0);
            for (int i = 0; i + 1 < words.length; i += 2) {
                switch (words[i]) {
                    case "blksize" -> agreedBlock = Integer.parseInt(words[i + 1]);
                    case "windowsize" -> agreedWindow = Integer.parseInt(words[i + 1]);
                    default -> throw new IllegalArgumentException("not asked for: " + words[i]);
                }
            }
        }

        private boolean data(ByteBuffer packet, Totals totals) throws IOException {
            short number = packet.getShort();
            if (number != (short) (blocks + 1)) {
                if (!toldOfGap && agreedWindow > 1) {
                    toldOfGap = true;
                    totals.again++;
                    acknowledge();
                }
                return false;
            }
            blocks++;
            got += packet.remaining();
            totals.packets++;
            toldOfGap = false;
            boolean last = packet.remaining() < agreedBlock;
            if (last || ++sinceAnswer == agreedWindow) {
                acknowledge();
            }
            if (last && got != size) {
                throw new IOException(got + " bytes came of " + size);
            }
            if (last) {
                totals.transfers++;
                totals.bytes += got;
            }
            return last;
        }

        void sayAgainWhenSilent(Totals totals, long now) throws IOException {
            if (now - heard > LOST.toNanos()) {
                heard = now;
                totals.again++;
                said.position(said.limit());
                say();
            }
        }
    }
}
