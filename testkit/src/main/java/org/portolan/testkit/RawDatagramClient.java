package org.portolan.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A client of any UDP protocol that does exactly what it is told, from one port to one server. What
 * comes from any other address than the one that was asked is an error.
 *
 * <p>Every read ends: when nothing comes for the client's patience (10 seconds unless told), a
 * {@link SocketTimeoutException} is thrown.
 */
public final class RawDatagramClient implements AutoCloseable {
    private static final int LONGEST = 65_535;

    /** Loopback delivers within the sender's call; this is for the time a busy machine takes. */
    private static final int ALREADY_HERE_MILLIS = 1;

    private final InetSocketAddress server;
    private final DatagramSocket socket;
    private final byte[] buffer = new byte[LONGEST];
    private Duration patience = RawClient.PATIENCE;

    private RawDatagramClient(InetSocketAddress server) throws IOException {
        this.server = server;
        this.socket = new DatagramSocket(); // not connected: such sockets send no empty datagram
    }

    /** A client on a free port that speaks to {@code server} only. */
    public static RawDatagramClient to(InetSocketAddress server) throws IOException {
        return new RawDatagramClient(server);
    }

    /** Waits this long for an answer from now on. */
    public RawDatagramClient patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** The client's port, as the server sees it. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Sends the bytes as one datagram. */
    public void send(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, server));
    }

    /**
     * The next datagram.
     *
     * @throws SocketTimeoutException if none came in time
     */
    public byte[] receive() throws IOException {
        try {
            return receive((int) Math.max(1, patience.toMillis()));
        } catch (SocketTimeoutException _) {
            throw new SocketTimeoutException("nothing came within " + patience.toSeconds() + " s");
        }
    }

    /** A datagram that is here already, if there is one. */
    public Optional<byte[]> waiting() throws IOException {
        try {
            return Optional.of(receive(ALREADY_HERE_MILLIS));
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        }
    }

    private byte[] receive(int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        if (!packet.getSocketAddress().equals(server)) {
            throw new IOException(
                    "an answer came from %s instead of %s"
                            .formatted(packet.getSocketAddress(), server));
        }
        return Arrays.copyOf(buffer, packet.getLength());
    }

    @Override
    public void close() {
        socket.close();
    }
}
