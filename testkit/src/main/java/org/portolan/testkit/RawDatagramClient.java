package org.portolan.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A client of any UDP protocol that does exactly what it is told. It has one socket, connected to
 * one server: what comes from elsewhere is not seen, and a port that nobody listens at is noticed.
 *
 * <p>Every read ends: when nothing comes for the client's patience (10 seconds unless told), a
 * {@link SocketTimeoutException} is thrown.
 */
public final class RawDatagramClient implements AutoCloseable {
    private static final int LONGEST = 65_535;

    /** Loopback delivers within the sender's call; this is for the time a busy machine takes. */
    private static final int ALREADY_HERE_MILLIS = 1;

    private final DatagramSocket socket;
    private final byte[] buffer = new byte[LONGEST];
    private Duration patience = RawClient.PATIENCE;

    private RawDatagramClient(DatagramSocket socket) {
        this.socket = socket;
    }

    /** A client on a free port that speaks to {@code server} only. */
    public static RawDatagramClient connect(InetSocketAddress server) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        try {
            socket.connect(server);
            return new RawDatagramClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits this long for an answer from now on. */
    public RawDatagramClient patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** Where the client stands, as the server sees it. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends the bytes as one datagram. */
    public void send(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    /**
     * The next datagram.
     *
     * @throws SocketTimeoutException if none came in time
     * @throws PortUnreachableException if nobody listens at the server's port
     */
    public byte[] receive() throws IOException {
        try {
            return receive((int) Math.max(1, patience.toMillis()));
        } catch (SocketTimeoutException _) {
            throw new SocketTimeoutException("nothing came within " + patience.toSeconds() + " s");
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    /** A datagram that is here already, if there is one. */
    public Optional<byte[]> waiting() throws IOException {
        try {
            return Optional.of(receive(ALREADY_HERE_MILLIS));
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    private byte[] receive(int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        return Arrays.copyOf(buffer, packet.getLength());
    }

    private static PortUnreachableException unreachable(PortUnreachableException cause) {
        PortUnreachableException problem =
                new PortUnreachableException("nobody listens at the server's port");
        problem.initCause(cause);
        return problem;
    }

    @Override
    public void close() {
        socket.close();
    }
}
