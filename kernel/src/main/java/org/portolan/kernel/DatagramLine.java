package org.portolan.kernel;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;

/**
 * A UDP socket toward one peer: a second socket of a service, for one thread that waits for
 * answers. What others send to it does not arrive; they may be told that it is not theirs.
 */
public final class DatagramLine implements AutoCloseable {
    /** A stranger may be somebody else whose address was borrowed, so few of them hear a word. */
    private static final int MOST_STRANGERS = 8;

    /**
     * What is said by turns, in a thread that many lines share: nothing in it waits for anything
     * but a disk.
     */
    public interface Dialogue {
        /** Says the first word. */
        void begin() throws IOException;

        /**
         * The peer has said something.
         *
         * @param bytes whose first {@code length} were sent; good until this returns
         * @return whether all is said
         */
        boolean heard(byte[] bytes, int length) throws IOException;

        /**
         * The peer has said nothing for {@link #patience}.
         *
         * @return whether all is said
         */
        boolean silence() throws IOException;

        /** How long to wait for the peer's next word. */
        Duration patience();
    }

    private final Kernel kernel;
    private final Service service;
    private final Peer peer;
    private final DatagramChannel channel;
    private final InetSocketAddress at;
    private final Instant since;
    private final InetSocketAddress to;
    private final byte[] toStrangers;
    private int strangers;
    private long arrived;
    private long bytesIn;
    private long bytesOut;

    /**
     * @param toStrangers what others hear who send to it; empty if they are not to be heard at all,
     *     and the system takes in nothing of theirs
     */
    DatagramLine(
            Kernel kernel,
            Service service,
            InetSocketAddress from,
            InetSocketAddress to,
            byte[] toStrangers)
            throws IOException {
        this.kernel = kernel;
        this.service = service;
        this.peer = Peer.at(to);
        this.to = to;
        this.toStrangers = toStrangers.clone();
        this.since = kernel.clock().instant();
        if (kernel.stopping() || !kernel.sockets().enter(peer)) {
            throw new Hangup(Hangup.Reason.TOO_MANY_CONNECTIONS);
        }
        try {
            channel =
                    DatagramChannel.open(
                            to.getAddress() instanceof Inet4Address
                                    ? StandardProtocolFamily.INET
                                    : StandardProtocolFamily.INET6);
        } catch (IOException | RuntimeException e) {
            kernel.sockets().leave(peer);
            throw e;
        }
        kernel.sockets().add(this);
        try {
            channel.bind(from);
            if (toStrangers.length == 0) {
                channel.connect(to);
            }
            at = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The service it belongs to. */
    public String service() {
        return service.name();
    }

    public Peer peer() {
        return peer;
    }

    /** Our end. */
    public InetSocketAddress at() {
        return at;
    }

    /** When it was opened. */
    public Instant since() {
        return since;
    }

    /**
     * Sends the first {@code length} bytes.
     *
     * @throws Hangup when the peer's host has said that nobody is there
     */
    public void send(byte[] bytes, int length) throws IOException {
        send(bytes, 0, length);
    }

    /**
     * Sends {@code count} bytes from {@code from} on.
     *
     * @throws Hangup when the peer's host has said that nobody is there
     */
    public void send(byte[] bytes, int from, int count) throws IOException {
        try {
            channel.send(ByteBuffer.wrap(bytes, from, count), to);
            bytesOut += count;
        } catch (PortUnreachableException | ClosedChannelException e) {
            throw gone(e);
        }
    }

    /**
     * Waits for a datagram of the peer.
     *
     * @param into where it goes; what does not fit is cut off
     * @return its length, or -1 when none came in time
     * @throws Hangup when the peer's host has said that nobody is there, or the server stops
     */
    public int receive(byte[] into, Duration atMost) throws IOException {
        DatagramPacket packet = new DatagramPacket(into, into.length);
        long due = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                long left = (due - System.nanoTime()) / 1_000_000;
                channel.socket().setSoTimeout(Math.toIntExact(Math.max(1, left)));
                packet.setLength(into.length);
                channel.socket().receive(packet);
                if (packet.getSocketAddress().equals(to)) {
                    arrived = kernel.clock().wallNanos();
                    bytesIn += packet.getLength();
                    return packet.getLength();
                }
                turnAway(packet.getSocketAddress());
            }
        } catch (SocketTimeoutException late) {
            return -1;
        } catch (PortUnreachableException e) {
            throw gone(e);
        } catch (IOException e) {
            throw channel.isOpen() ? e : gone(e);
        }
    }

    /**
     * Has {@code dialogue} with the peer; returns when all is said. From then on nothing can be
     * received on this line.
     *
     * @throws Hangup when the peer's host has said that nobody is there, or the server stops
     */
    public void converse(Dialogue dialogue) throws IOException {
        kernel.switchboard().converse(this, dialogue);
    }

    void register(Selector selector, Object call) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, call);
        } catch (ClosedChannelException e) {
            throw gone(e);
        }
    }

    void leave(Selector selector) {
        SelectionKey key = channel.keyFor(selector);
        if (key != null) {
            key.cancel();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** A datagram of the peer that is there already; returns its length, or -1 if there is none. */
    int receiveNow(byte[] into) throws IOException {
        ByteBuffer room = ByteBuffer.wrap(into);
        try {
            SocketAddress from = channel.receive(room);
            if (from == null) {
                return -1;
            }
            if (!from.equals(to)) {
                turnAway(from);
                return -1;
            }
            arrived = kernel.clock().wallNanos();
            bytesIn += room.position();
            return room.position();
        } catch (PortUnreachableException | ClosedChannelException e) {
            throw gone(e);
        }
    }

    private void turnAway(SocketAddress stranger) throws IOException {
        strangers++;
        if (strangers <= MOST_STRANGERS) {
            channel.send(ByteBuffer.wrap(toStrangers), stranger);
        }
    }

    private static Hangup gone(IOException cause) {
        return new Hangup(Hangup.Reason.PEER_GONE, cause);
    }

    /** When the last one came: nanoseconds since 1970. */
    public long arrived() {
        return arrived;
    }

    @Override
    public void close() {
        if (kernel.sockets().remove(this)) {
            kernel.sockets().leave(peer);
            kernel.metrics().transferred(service, bytesIn, bytesOut);
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a UDP socket did not close", e);
        }
    }
}
