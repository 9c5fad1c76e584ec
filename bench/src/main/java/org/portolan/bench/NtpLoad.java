package org.portolan.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that keep some requests on the way each and ask again as soon as they are answered.
 *
 * @param threads over which the clients are spread; each waits for all of its clients at once
 * @param clients sockets, and so source ports
 * @param window requests on the way for each client
 */
record NtpLoad(int threads, int clients, int window, Duration length) {
    /** What came back, what did not, and for how long it was asked. */
    record Done(long replies, long lost, Duration time) {}

    private static final int PACKET = 48;
    // RFC 5905 §7.3: version 4, mode 3 in the first octet; mode 4 answers it.
    private static final byte REQUEST = 0x23;
    private static final int MODE_SERVER = 4;
    private static final int ORIGIN = 24;
    private static final int TRANSMIT = 40;
    // A reply that takes longer is one that does not come: loopback needs microseconds.
    private static final Duration LOST = Duration.ofMillis(500);

    Done run(int port) throws IOException {
        List<Callable<Done>> shares = new ArrayList<>();
        for (int share = 0; share < threads; share++) {
            shares.add(() -> ask(port));
        }
        long replies = 0;
        long lost = 0;
        long begin = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Done> share : pool.invokeAll(shares)) {
                replies += share.get().replies;
                lost += share.get().lost;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("an NTP client failed", e.getCause());
        }
        return new Done(replies, lost, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** One thread's share of the clients. */
    private Done ask(int port) throws IOException {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        long replies = 0;
        long lost = 0;
        List<Client> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int number = 0; number < clients / threads; number++) {
                Client client = new Client(port, selector);
                all.add(client);
                client.send(window);
            }
            while (System.nanoTime() < end) {
                selector.select(LOST.toMillis());
                for (SelectionKey key : selector.selectedKeys()) {
                    Client client = (Client) key.attachment();
                    int got = client.receive();
                    client.send(got);
                    replies += got;
                }
                selector.selectedKeys().clear();
                for (Client client : all) {
                    lost += client.askAgainWhenSilent(window);
                }
            }
        } finally {
            for (Client client : all) {
                client.channel.close();
            }
        }
        return new Done(replies, lost, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** A socket with its own source port. */
    private static final class Client {
        private final DatagramChannel channel = DatagramChannel.open();
        private final ByteBuffer request = ByteBuffer.allocateDirect(PACKET);
        // Larger than a reply may be, so that one that is too long is seen.
        private final ByteBuffer reply = ByteBuffer.allocateDirect(4 * PACKET);
        private long sent;
        private int waiting;
        private long heard = System.nanoTime();

        Client(int port, Selector selector) throws IOException {
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            request.put(0, REQUEST);
        }

        void send(int count) throws IOException {
            for (int number = 0; number < count; number++) {
                request.putLong(TRANSMIT, ++sent).rewind();
                try {
                    waiting += channel.write(request) / PACKET;
                } catch (PortUnreachableException e) {
                    throw new IOException("nobody serves NTP there", e);
                }
            }
        }

        /** Reads what has come. Throws when it is not an answer to what was asked. */
        int receive() throws IOException {
            int got = 0;
            while (channel.read(reply.clear()) > 0) {
                long origin = reply.getLong(ORIGIN);
                if (reply.position() != PACKET
                        || (reply.get(0) & 7) != MODE_SERVER
                        || origin <= 0
                        || origin > sent) {
                    throw new IOException("not an answer to the request: " + reply);
                }
                got++;
            }
            waiting -= got;
            heard = got > 0 ? System.nanoTime() : heard;
            return got;
        }

        /** Gives up what has not come for long, and returns how many those were. */
        int askAgainWhenSilent(int window) throws IOException {
            if (System.nanoTime() - heard < LOST.toNanos()) {
                return 0;
            }
            int lost = waiting;
            waiting = 0;
            heard = System.nanoTime();
            send(window);
            return lost;
        }
    }
}
