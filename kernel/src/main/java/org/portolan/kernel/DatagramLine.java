package org.portolan.kernel;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;

/**
 * A UDP socket toward one peer: a second socket of a service, for one thread that waits for
 * answers. What others send to it does not arrive.
 */
public final class DatagramLine implements AutoCloseable {
    private final Kernel kernel;
    private final String service;
    private final Peer peer;
    private final DatagramChannel channel;
    private final InetSocketAddress at;
    private final Instant since;
    private long arrived;

    DatagramLine(Kernel kernel, Service service, InetSocketAddress from, InetSocketAddress to)
            throws IOException {
        this.kernel = kernel;
        this.service = service.name();
        this.peer = Peer.at(to);
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
            channel.connect(to);
            at = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The service it belongs to. */
    public String service() {
        return service;
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
        try {
            channel.write(ByteBuffer.wrap(bytes, 0, length));
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
        try {
            channel.socket().setSoTimeout(Math.toIntExact(Math.max(1, atMost.toMillis())));
            channel.socket().receive(packet);
            arrived = kernel.clock().wallNanos();
            return packet.getLength();
        } catch (SocketTimeoutException late) {
            return -1;
        } catch (PortUnreachableException e) {
            throw gone(e);
        } catch (IOException e) {
            throw channel.isOpen() ? e : gone(e);
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
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a UDP socket did not close", e);
        }
    }
}
