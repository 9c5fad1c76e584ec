package org.portolan.kernel;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** {@link Ports} over the kernel's own table and watchdog. */
record SecondSockets(Kernel kernel) implements Ports {
    /** A connection that nobody converses on: its owner does. */
    private static final Conversation OWNED = client -> {};

    @Override
    public Pending listenOnce(PortRange within, Connection owner) throws IOException {
        InetAddress here = owner.local().getAddress();
        for (int port = within.first(); port <= within.last(); port++) {
            try {
                return new Waiting(Kernel.bind(new InetSocketAddress(here, port)), owner);
            } catch (BindException taken) {
                // The next port of the range may be free.
            }
        }
        throw noFreePort(within);
    }

    private final class Waiting implements Pending {
        private final ServerSocketChannel channel;
        private final Connection owner;

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
            long due = kernel.clock().nanos() + owner.service().limits().handshake().toNanos();
            channel.configureBlocking(false);
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_ACCEPT);
                while (kernel.clock().nanos() < due && owner.socket().channel.isOpen()) {
                    selector.select(100);
                    selector.selectedKeys().clear();
                    SocketChannel client = channel.accept();
                    if (client == null) {
                        continue;
                    }
                    Peer peer = Peer.at((InetSocketAddress) client.getRemoteAddress());
                    if (peer.address().equals(owner.peer().address())) {
                        return enter(owner.service(), client, peer, owner.port());
                    }
                    client.close(); // a stranger who guessed the port
                }
            }
            throw new Hangup(Hangup.Reason.TOO_SLOW);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public DatagramLine openDatagram(
            Service service, PortRange within, Optional<InetAddress> from, InetSocketAddress to)
            throws IOException {
        InetAddress here =
                from.orElseGet(
                        () ->
                                to.getAddress() instanceof Inet4Address
                                        ? new InetSocketAddress("0.0.0.0", 0).getAddress()
                                        : new InetSocketAddress("::", 0).getAddress());
        for (int port = within.first(); port <= within.last(); port++) {
            try {
                return new DatagramLine(kernel, service, new InetSocketAddress(here, port), to);
            } catch (BindException taken) {
                // The next port of the range may be free.
            }
        }
        throw noFreePort(within);
    }

    private static IOException noFreePort(PortRange within) {
        return new IOException("no free port from " + within.first() + " to " + within.last());
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
    public void every(Duration pause, String name, Runnable work) {
        kernel.every(pause, name, work);
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
            return enter(service, channel, Peer.at(to), new Port(to.getPort(), service.name()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
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
            Kernel.prepare(channel);
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

    @Override
    public void hangUp(Connection second) {
        try {
            second.flush();
            second.goodbye();
        } catch (IOException gone) {
            second.log().info("a second socket was gone before it was closed");
        } finally {
            second.socket().abort();
            second.endTrace();
            if (kernel.sockets().remove(second)) {
                kernel.sockets().leave(second.peer());
                kernel.ended();
            }
        }
    }
}
