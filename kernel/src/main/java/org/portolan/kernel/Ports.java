package org.portolan.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Second sockets: data connections, relays, call-backs. Same limits, same table as the first. */
public interface Ports {
    /**
     * A range of local ports, both ends included.
     *
     * @param first 0 together with {@code last} 0 lets the system choose
     */
    record PortRange(int first, int last) {
        public static final PortRange ANY = new PortRange(0, 0);
    }

    /** A port that waits for one connection from one peer. */
    interface Pending extends AutoCloseable {
        /** Where the peer has to connect to. */
        InetSocketAddress at();

        /**
         * Waits for the expected peer, for as long as a handshake may take; others are closed.
         *
         * @throws Hangup when it did not come in time
         */
        Connection accept() throws IOException;

        /** The expected peer if it has come already; without waiting. */
        Optional<Connection> arrived() throws IOException;

        @Override
        void close() throws IOException;
    }

    /**
     * Listens for one connection of {@code owner}'s peer, on the address that the peer called.
     *
     * @throws IOException when no port of the range is free
     */
    Pending listenOnce(PortRange within, Connection owner) throws IOException;

    /**
     * Connects to {@code to} on behalf of {@code service}; close it with {@link #hangUp}.
     *
     * @param from the local port, where a protocol prescribes one
     */
    Connection dial(Service service, InetSocketAddress to, Optional<Integer> from)
            throws IOException;

    /**
     * Connects to another port of {@code owner}'s peer, from the address that the peer called;
     * close it with {@link #hangUp}.
     *
     * @param from the local port; 0 lets the system choose
     * @throws IOException when nobody listens there, or {@code from} is not to be had
     */
    Connection dial(Connection owner, int port, int from) throws IOException;

    /**
     * Connects to {@code to} for the account of {@code owner}, whose pace is shared; close it with
     * {@link #hangUp}.
     */
    Connection dial(Connection owner, Service service, InetSocketAddress to) throws IOException;

    /** A port that is open for whoever the firewall lets in, until it is closed. */
    interface Listening extends AutoCloseable {
        InetSocketAddress at();

        @Override
        void close();
    }

    /**
     * Listens at {@code at} for the account of {@code owner}, and has {@code conversation} with
     * each peer, as at a door of {@code service}.
     *
     * @param at port 0 lets the system choose
     * @throws IOException when the port is not to be had
     */
    Listening listen(
            Connection owner, Service service, InetSocketAddress at, Conversation conversation)
            throws IOException;

    /**
     * Opens a UDP socket toward one peer.
     *
     * @param within the local port
     * @param from the local address; empty lets the system choose the one next to the peer
     * @param toStrangers what others hear who send to it; empty if nothing of theirs is to be taken
     *     in, which also makes the system report that nobody is there
     * @throws IOException when no port of the range is free
     */
    DatagramLine openDatagram(
            Service service,
            PortRange within,
            Optional<InetAddress> from,
            InetSocketAddress to,
            byte[] toStrangers)
            throws IOException;

    /** A UDP socket toward {@code to} alone. */
    default DatagramLine openDatagram(
            Service service, PortRange within, Optional<InetAddress> from, InetSocketAddress to)
            throws IOException {
        return openDatagram(service, within, from, to, new byte[0]);
    }

    /** A UDP socket toward {@code to}, on any port. */
    default DatagramLine openDatagram(Service service, InetSocketAddress to) throws IOException {
        return openDatagram(service, PortRange.ANY, Optional.empty(), to);
    }

    /**
     * The address of a host, which may be given as one; of several the system's first.
     *
     * @throws IOException if there is none, or nobody says so within 20 seconds
     */
    InetAddress lookUp(String host) throws IOException;

    /** Does {@code work} once, beside everything else, in a virtual thread. */
    void inBackground(String name, Runnable work);

    /** The same, in such a thread as the conversations of {@code service} have. */
    void inBackground(Service service, String name, Runnable work);

    /**
     * The same for work that waits for disks and peers in small steps: in a thread of the system if
     * one is free (decision 18), else in a virtual one.
     */
    void attended(String name, Runnable work);

    /** Does {@code work} again and again, with {@code pause} before each time, until the end. */
    void every(Duration pause, String name, Runnable work);

    /**
     * Does {@code work} again and again, with {@code pause} before each time, as long as it says
     * that it is wanted.
     */
    void whileWanted(Duration pause, String name, BooleanSupplier work);

    /** Sends what was written and closes a second socket. */
    void hangUp(Connection second);

    /**
     * Ends a second socket at once: whoever reads or writes there gets a {@link Hangup}, and still
     * has to {@link #hangUp}. Any thread may call it.
     */
    void cutOff(Connection second);
}
