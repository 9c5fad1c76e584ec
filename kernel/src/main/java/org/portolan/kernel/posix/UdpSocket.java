package org.portolan.kernel.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A UDP socket that takes up to {@link #MOST} datagrams at once and sends as many replies at once.
 * One thread drives it: {@link #receive}, then for each datagram what it is and what is replied,
 * then {@link #send}. Only {@link #wake} and what {@link #wayBack} returned may be called from
 * other threads.
 */
public interface UdpSocket extends AutoCloseable {
    /** The most datagrams of one batch. */
    int MOST = 64;

    /**
     * How a socket is opened.
     *
     * @param longest the most bytes of a datagram, each way
     * @param shared whether other sockets of this process may have the same port, the system
     *     spreading the peers over them
     * @param stamped whether {@link #arrived} is wanted
     * @param receiveBuffer how many bytes may wait in the system; it may grant less
     */
    record Options(int longest, boolean shared, boolean stamped, int receiveBuffer) {}

    /**
     * Opens a socket at {@code at}; port 0 asks for any free one.
     *
     * @throws java.net.BindException when the port is taken, or not ours to take
     */
    static UdpSocket open(InetSocketAddress at, Options options) throws IOException {
        return SystemUdpSocket.supported()
                ? new SystemUdpSocket(at, options)
                : new ChannelUdpSocket(at, options);
    }

    /** Whether several sockets can share a port here. */
    static boolean canShare() {
        return SystemUdpSocket.supported();
    }

    /** Where it is bound. */
    InetSocketAddress at();

    /**
     * Waits for datagrams; those of the last batch are gone.
     *
     * @return how many came, or -1 after {@link #wake}
     * @throws IOException for what may be over soon: no memory, no buffers
     */
    int receive() throws IOException;

    /** The length of datagram {@code i}; more than {@code longest} when it did not fit. */
    int length(int i);

    /** Copies datagram {@code i} to the beginning of {@code into}. */
    void copy(int i, byte[] into);

    /** Whether datagram {@code i} came over IPv4, also through a socket for both. */
    boolean ipv4(int i);

    /** Copies the address it came from: 4 bytes over IPv4, else 16. */
    void copyAddress(int i, byte[] into);

    /** The port it came from. */
    int port(int i);

    /** The zone of a link-local address it came from; 0 for none. */
    int scope(int i);

    /** The address it was sent to, as far as the system says: one of ours, or a broadcast. */
    InetAddress asked(int i);

    /** When it came: nanoseconds since 1970, or 0 where the system does not say. */
    long arrived(int i);

    /** How many datagrams the system dropped so far because nobody took them in time. */
    long overflown();

    /** Puts a reply to datagram {@code i} with the others. */
    void reply(int i, byte[] bytes, int length);

    /**
     * Sends the replies.
     *
     * @return how many the system refused
     */
    int send();

    /** The way back to who sent datagram {@code i}, good after the batch is gone. */
    WayBack wayBack(int i);

    /** Sends a reply from any thread. */
    interface WayBack {
        /** Whether the system took it. */
        boolean reply(byte[] bytes);
    }

    /** Makes {@link #receive} return -1, now and ever after. */
    void wake();

    /** Closes it; only after {@link #receive} has returned -1, or before it was called. */
    @Override
    void close();
}
