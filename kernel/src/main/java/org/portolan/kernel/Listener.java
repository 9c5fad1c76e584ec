package org.portolan.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.portolan.kernel.Door.LocalDoor;
import org.portolan.kernel.Door.StreamDoor;
import org.slf4j.Logger;

/** Waits at one door: judges who comes before a byte is read, and starts the conversation. */
final class Listener {
    /** How long to wait when the process has no file descriptors left. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private final Kernel kernel;
    private final Service service;
    private final Port port;
    private final Tls tls;
    private final Conversation conversation;
    private final ServerSocketChannel channel;
    private final Logger logger;

    Listener(Kernel kernel, Service service, StreamDoor door, InetSocketAddress at)
            throws IOException {
        this.kernel = kernel;
        this.service = service;
        this.port = door.port();
        this.tls = door.tls();
        this.conversation = door.conversation();
        this.logger = kernel.loggerOf(service);
        this.channel = Kernel.bind(at);
        listen("listen-" + service.name() + "-" + at().getPort());
    }

    Listener(Kernel kernel, Service service, LocalDoor door) throws IOException {
        this.kernel = kernel;
        this.service = service;
        this.port = new Port(0, service.name());
        this.tls = Tls.NEVER;
        this.conversation = door.conversation();
        this.logger = kernel.loggerOf(service);
        this.channel = Kernel.bind(UnixDomainSocketAddress.of(door.path()));
        listen("listen-" + service.name());
    }

    private void listen(String name) {
        Thread.ofVirtual().name(name).start(this::acceptAll);
    }

    InetSocketAddress at() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void acceptAll() {
        while (channel.isOpen()) {
            try {
                welcome(channel.accept());
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) { // most likely no file descriptor is left
                logger.warn("cannot accept: {}", e.getMessage());
                breathe();
            } catch (RuntimeException e) { // one strange peer must not close the door
                logger.error("a peer could not be welcomed", e);
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

    private void welcome(SocketChannel client) throws IOException {
        boolean local = !(client.getRemoteAddress() instanceof InetSocketAddress);
        Peer peer = local ? Peer.LOCAL : Peer.at((InetSocketAddress) client.getRemoteAddress());
        if (!local && !kernel.admission().admits(service.name(), port, peer.address())) {
            kernel.metrics().turnedAway(service, "network");
            client.close();
            return;
        }
        if (!local && !kernel.sockets().enter(peer)) {
            kernel.metrics().turnedAway(service, "limit");
            turnAway(client);
            return;
        }
        try {
            Kernel.prepare(client);
            String id = kernel.newConversation(service);
            Connection connection =
                    new Connection(id, service, port, conversation, peer, client, kernel);
            Thread.ofVirtual()
                    .name(id)
                    .start(() -> new Guest(kernel, connection, conversation, tls, local).attend());
        } catch (IOException | RuntimeException e) {
            leave(peer, local);
            client.close();
            throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
        }
    }

    private void leave(Peer peer, boolean local) {
        if (!local) {
            kernel.sockets().leave(peer);
        }
    }

    /** Says the protocol's own refusal. A fresh socket has room for it, so nothing waits here. */
    private void turnAway(SocketChannel client) {
        try (client) {
            if (tls != Tls.AT_ONCE) {
                String word = conversation.farewell(Hangup.Reason.TOO_MANY_CONNECTIONS).orElse("");
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

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            logger.warn("a door did not close", e);
        }
    }
}
