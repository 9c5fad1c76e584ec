package org.portolan.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.LocalDoor;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Verdict.Visit;
import org.slf4j.Logger;

/** Waits at one door: judges who comes before a byte is read, and starts the conversation. */
final class Listener implements OpenDoor {
    /** How long to wait when the process has no file descriptors left. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final Duration A_WHILE = Duration.ofSeconds(2);

    /** Who answers; a reload may put another in its place while the door stays open. */
    private record Answering(
            Service service,
            Port port,
            Tls tls,
            Conversation conversation,
            boolean local,
            String account) {}

    private final Kernel kernel;
    private final SocketAddress wanted;
    private final ServerSocketChannel channel;
    private final Logger logger;
    private final Thread thread;
    private volatile Answering answering;

    Listener(Kernel kernel, Service service, StreamDoor door, InetSocketAddress at)
            throws IOException {
        this(kernel, at, Kernel.bind(at), answering(service, door), name(service, at));
    }

    Listener(Kernel kernel, Service service, LocalDoor door) throws IOException {
        this(kernel, at(door), Kernel.bind(at(door)), answering(service, door), service.name());
    }

    /** A second socket of {@code owner}'s account, at a port that the system may have chosen. */
    Listener(
            Kernel kernel,
            Connection owner,
            Service service,
            Conversation conversation,
            InetSocketAddress at)
            throws IOException {
        this(kernel, owner, service, conversation, at, Kernel.bind(at));
    }

    private Listener(
            Kernel kernel,
            Connection owner,
            Service service,
            Conversation conversation,
            InetSocketAddress at,
            ServerSocketChannel channel) {
        this(
                kernel,
                at,
                channel,
                new Answering(
                        service,
                        new Port(channel.socket().getLocalPort(), service.name()),
                        Tls.NEVER,
                        conversation,
                        false,
                        owner.account()),
                name(service, at));
    }

    private Listener(
            Kernel kernel,
            SocketAddress wanted,
            ServerSocketChannel channel,
            Answering answering,
            String name) {
        this.kernel = kernel;
        this.wanted = wanted;
        this.channel = channel;
        this.answering = answering;
        this.logger = kernel.loggerOf(answering.service);
        this.thread = Thread.ofVirtual().name("listen-" + name).start(this::acceptAll);
    }

    private static String name(Service service, InetSocketAddress at) {
        return service.name() + "-" + at.getPort();
    }

    private static Answering answering(Service service, StreamDoor door) {
        return new Answering(service, door.port(), door.tls(), door.conversation(), false, "");
    }

    private static Answering answering(Service service, LocalDoor door) {
        return new Answering(
                service, new Port(0, service.name()), Tls.NEVER, door.conversation(), true, "");
    }

    private static SocketAddress at(LocalDoor door) {
        return UnixDomainSocketAddress.of(door.path());
    }

    @Override
    public boolean is(Service service, Door door, SocketAddress address) {
        Answering now = answering;
        return wanted.equals(address)
                && switch (door) {
                    case StreamDoor stream ->
                            now.port.equals(stream.port())
                                    && now.service.name().equals(service.name());
                    case LocalDoor _ -> true; // nobody else's path is the same
                    case DatagramDoor _ -> false;
                };
    }

    @Override
    public void answerWith(Service service, Door door) {
        answering =
                switch (door) {
                    case StreamDoor stream -> answering(service, stream);
                    case LocalDoor local -> answering(service, local);
                    case DatagramDoor _ -> throw new IllegalArgumentException("no such door");
                };
    }

    @Override
    public InetSocketAddress at() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void acceptAll() {
        boolean starved = false;
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                starved = false;
                welcome(client);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) { // most likely no file descriptor is left
                if (!starved) {
                    logger.warn("cannot accept: {}", e.getMessage());
                }
                starved = true;
                breathe();
            }
        }
    }

    private static void breathe() {
        try {
            Thread.sleep(BREATH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One strange peer must not close the door, nor keep it from the next. */
    private void welcome(SocketChannel client) {
        boolean attended = false;
        try {
            attended = admit(client, answering);
        } catch (IOException e) {
            logger.debug("a peer was gone before it was welcomed", e);
        } catch (RuntimeException e) {
            logger.error("a peer could not be welcomed", e);
        }
        if (!attended) {
            close(client);
        }
    }

    private void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            logger.debug("a peer that was turned away was gone", e);
        }
    }

    private boolean admit(SocketChannel client, Answering now) throws IOException {
        Peer peer = now.local ? Peer.LOCAL : Peer.at((InetSocketAddress) client.getRemoteAddress());
        Visit visit = now.local ? Visit.UNJUDGED : judge(client, now, peer);
        if (visit == null) {
            return false;
        }
        if (!now.local && !kernel.sockets().enter(peer)) {
            visit.end().run();
            kernel.metrics().turnedAway(now.service, "limit");
            turnAway(client, now);
            return false;
        }
        try {
            Kernel.prepare(client);
            String id = kernel.newConversation(now.service);
            Connection connection =
                    new Connection(
                            id, now.service, now.port, now.conversation, peer, client, kernel);
            connection.admitted(visit);
            connection.belongsTo(now.account);
            Guest guest = new Guest(kernel, connection, now.conversation, now.tls, now.local);
            kernel.inBackground(now.service, id, guest::attend);
            return true;
        } catch (IOException | RuntimeException e) {
            if (!now.local) {
                kernel.sockets().leave(peer);
            }
            visit.end().run();
            throw e;
        }
    }

    /** Null for who must not come in, or has all that one may have. */
    private @Nullable Visit judge(SocketChannel client, Answering now, Peer peer) {
        Verdict verdict =
                kernel.admission().judge(now.service.name(), now.port, "tcp", peer.address());
        Visit visit = verdict.enter(peer.address(), kernel.clock().nanos());
        if (!verdict.admitted()) {
            kernel.metrics().turnedAway(now.service, "firewall");
            return null;
        }
        if (visit == null) {
            kernel.metrics().turnedAway(now.service, "limit");
            turnAway(client, now);
        }
        return visit;
    }

    /** Says the protocol's own refusal. A fresh socket has room for it, so nothing waits here. */
    private void turnAway(SocketChannel client, Answering now) {
        try {
            if (now.tls != Tls.AT_ONCE) {
                String word =
                        now.conversation.farewell(Hangup.Reason.TOO_MANY_CONNECTIONS).orElse("");
                if (!word.isEmpty()) {
                    client.configureBlocking(false);
                    client.write(
                            ByteBuffer.wrap((word + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
                }
            }
            client.shutdownOutput();
        } catch (IOException e) {
            logger.debug("a peer that was turned away did not wait to hear it", e);
        }
    }

    /** Only the thread that waits at the port can let it go. */
    @Override
    public void close() {
        try {
            channel.close();
            if (!thread.join(A_WHILE)) {
                logger.warn("the door at {} takes long to close", wanted);
            }
            if (wanted instanceof UnixDomainSocketAddress local) {
                Files.deleteIfExists(local.getPath());
            }
        } catch (IOException e) {
            logger.warn("a door did not close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
