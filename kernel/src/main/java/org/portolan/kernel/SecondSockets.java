package org.portolan.kernel;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** {@link Ports} over the kernel's own table and watchdog. */
record SecondSockets(Kernel kernel) implements Ports {
    /**
     * RFC 6335 §6. Asked for any port, the system passes over those whose last connection ended
     * within a minute: a client that fetches a few hundred files a second uses them up, and the
     * search takes milliseconds before. A port that is named may be one of them, unless it is one
     * from which this machine itself dialled: Linux takes those from 32768 to 60999.
     */
    private static final PortRange DYNAMIC = new PortRange(61_000, 65_535);

    private static final int FEW = 64;

    /** A connection that nobody converses on: its owner does. */
    private static final Conversation OWNED = client -> {};

    @Override
    public Pending listenOnce(PortRange within, Connection owner) throws IOException {
        if (!within.equals(PortRange.ANY)) {
            return listenOnce(within, owner, Integer.MAX_VALUE);
        }
        try {
            return listenOnce(DYNAMIC, owner, FEW);
        } catch (BindException allTaken) {
            return listenOnce(within, owner, 1);
        }
    }

    private Pending listenOnce(PortRange within, Connection owner, int tries) throws IOException {
        InetAddress here = owner.local().getAddress();
        int ports = within.last() - within.first() + 1;
        int first = ports == 1 ? 0 : ThreadLocalRandom.current().nextInt(ports);
        // from anywhere on, so that many need not try many
        for (int i = 0; i < Math.min(ports, tries); i++) {
            int port = within.first() + (first + i) % ports;
            try {
                return new Waiting(Kernel.bind(new InetSocketAddress(here, port)), owner);
            } catch (BindException taken) {
                // The next port of the range may be free.
            }
        }
        throw noFreePort(within);
    }

    private final class Waiting implements Pending, Watched {
        private final ServerSocketChannel channel;
        private final Connection owner;
        private volatile long due = RawSocket.NEVER;

        Waiting(ServerSocketChannel channel, Connection owner) {
            this.channel = channel;
            this.owner = owner;
        }

        @Override
        public InetSocketAddress at() {
            try {
                return (InetSocketAddress) channel.getLocalAddress();
            } catch (IOException e) {
                throw new IllegalStateException("already closed", e);
            }
        }

        @Override
        public Connection accept() throws IOException {
            due = kernel.clock().nanos() + owner.service().limits().handshake().toNanos();
            kernel.sockets().add(this);
            try {
                while (true) {
                    Optional<Connection> expected = entered(channel.accept());
                    if (expected.isPresent()) {
                        return expected.get();
                    }
                }
            } catch (ClosedChannelException ended) {
                throw new Hangup(Hangup.Reason.TOO_SLOW, ended);
            } finally {
                kernel.sockets().remove(this);
            }
        }

        @Override
        public Optional<Connection> arrived() throws IOException {
            channel.configureBlocking(false);
            SocketChannel client = channel.accept();
            while (client != null) {
                Optional<Connection> expected = entered(client);
                if (expected.isPresent()) {
                    return expected;
                }
                client = channel.accept();
            }
            channel.configureBlocking(true);
            return Optional.empty();
        }

        /** Empty for a stranger, who guessed the port. */
        private Optional<Connection> entered(SocketChannel client) throws IOException {
            Peer peer = Peer.at((InetSocketAddress) client.getRemoteAddress());
            if (peer.address().equals(owner.peer().address())) {
                return Optional.of(enter(owner, client, peer));
            }
            client.close();
            return Optional.empty();
        }

        @Override
        public void endWhatIsLate(long now) {
            if (now - due > 0 || !owner.socket().channel.isOpen()) {
                try {
                    channel.close();
                } catch (IOException e) {
                    owner.log().error("a waiting port did not close", e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public DatagramLine openDatagram(
            Service service,
            PortRange within,
            Optional<InetAddress> from,
            InetSocketAddress to,
            byte[] toStrangers)
            throws IOException {
        InetAddress here =
                from.orElseGet(
                        () ->
                                to.getAddress() instanceof Inet4Address
                                        ? new InetSocketAddress("0.0.0.0", 0).getAddress()
                                        : new InetSocketAddress("::", 0).getAddress());
        for (int port = within.first(); port <= within.last(); port++) {
            try {
                return new DatagramLine(
                        kernel, service, new InetSocketAddress(here, port), to, toStrangers);
            } catch (BindException taken) {
                // The next port of the range may be free.
            }
        }
        throw noFreePort(within);
    }

    private static BindException noFreePort(PortRange within) {
        return new BindException("no free port from " + within.first() + " to " + within.last());
    }

    @Override
    public InetAddress lookUp(String host) throws IOException {
        return HostNames.lookUp(host);
    }

    @Override
    public void inBackground(String name, Runnable work) {
        kernel.inBackground(name, work);
    }

    @Override
    public void inBackground(Service service, String name, Runnable work) {
        kernel.inBackground(service, name, work);
    }

    @Override
    public void attended(String name, Runnable work) {
        kernel.attended(name, work);
    }

    @Override
    public void every(Duration pause, String name, Runnable work) {
        kernel.every(pause, name, work);
    }

    @Override
    public void whileWanted(Duration pause, String name, BooleanSupplier work) {
        kernel.whileWanted(pause, name, work);
    }

    @Override
    public Connection dial(Service service, InetSocketAddress to, Optional<Integer> from)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (from.isPresent()) {
                channel.bind(new InetSocketAddress(from.get()));
            }
            connect(channel, to, service.limits().handshake());
            Kernel.prepare(channel);
            return enter(service, channel, Peer.at(to), new Port(to.getPort(), service.name()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Connection dial(Connection owner, int port, int from) throws IOException {
        InetAddress here = owner.local().getAddress();
        InetSocketAddress to = new InetSocketAddress(owner.peer().address(), port);
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true); // many share the port
            channel.bind(new InetSocketAddress(here, from));
            connect(channel, to, owner.service().limits().handshake());
            return enter(owner, channel, Peer.at(to));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Connection dial(Connection owner, Service service, InetSocketAddress to)
            throws IOException {
        Connection second = dial(service, to, Optional.empty());
        second.socket().paceOf(owner.socket());
        second.belongsTo(owner.account());
        return second;
    }

    /** A door that a conversation opened. */
    private record OwnDoor(Listener listener, InetSocketAddress at) implements Listening {
        @Override
        public void close() {
            listener.close();
        }
    }

    @Override
    public Listening listen(
            Connection owner, Service service, InetSocketAddress at, Conversation conversation)
            throws IOException {
        Listener listener = new Listener(kernel, owner, service, conversation, at);
        return new OwnDoor(listener, listener.at());
    }

    private static void connect(SocketChannel channel, InetSocketAddress to, Duration patience)
            throws IOException {
        channel.socket().connect(to, Math.toIntExact(patience.toMillis()));
    }

    private Connection enter(Service service, SocketChannel channel, Peer peer, Port port)
            throws IOException {
        if (!kernel.sockets().enter(peer)) {
            channel.close();
            throw new Hangup(Hangup.Reason.TOO_MANY_CONNECTIONS);
        }
        try {
            String id = kernel.newConversation(service);
            Connection connection = new Connection(id, service, port, OWNED, peer, channel, kernel);
            kernel.sockets().add(connection);
            return connection;
        } catch (IOException | RuntimeException e) {
            kernel.sockets().leave(peer);
            channel.close();
            throw e;
        }
    }

    /**
     * Counted, watched and paced together with its owner. It carries one file: as little as can be
     * goes in packets that are not full (sendfile pushes what is left of every 64 KiB, where
     * nothing may be delayed), and closing sends the rest at once.
     */
    private Connection enter(Connection owner, SocketChannel channel, Peer peer)
            throws IOException {
        Connection second = enter(owner.service(), channel, peer, owner.port());
        second.socket().paceOf(owner.socket());
        second.belongsTo(owner.account());
        return second;
    }

    @Override
    public void cutOff(Connection second) {
        second.socket().reset();
    }

    @Override
    public void hangUp(Connection second) {
        try {
            second.lastWords();
        } catch (IOException gone) {
            second.log().info("a second socket was gone before it was closed");
        } finally {
            second.socket().abort();
            second.endTrace();
            if (kernel.sockets().remove(second)) {
                kernel.metrics().transferred(second.service(), second.bytesIn(), second.bytesOut());
                kernel.sockets().leave(second.peer());
                kernel.ended();
            }
        }
    }
}
