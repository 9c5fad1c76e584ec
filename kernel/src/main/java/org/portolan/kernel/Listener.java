package org.portolan.kernel;

import java.io.IOException;
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
            attended = admit(client);
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

    private boolean admit(SocketChannel client) throws IOException {
        boolean local = !(client.getRemoteAddress() instanceof InetSocketAddress);
        Peer peer = local ? Peer.LOCAL : Peer.at((InetSocketAddress) client.getRemoteAddress());
        if (!local && !kernel.admission().admits(service.name(), port, peer.address())) {
            kernel.metrics().turnedAway(service, "network");
            return false;
        }
        if (!local && !kernel.sockets().enter(peer)) {
            kernel.metrics().turnedAway(service, "limit");
            turnAway(client);
            return false;
        }
        try {
            Kernel.prepare(client);
            String id = kernel.newConversation(service);
            Connection connection =
                    new Connection(id, service, port, conversation, peer, client, kernel);
            Thread.ofVirtual()
                    .name(id)
                    .start(() -> new Guest(kernel, connection, conversation, tls, local).attend());
            return true;
        } catch (IOException | RuntimeException e) {
            leave(peer, local);
            throw e;
        }
    }

    private void leave(Peer peer, boolean local) {
        if (!local) {
            kernel.sockets().leave(peer);
        }
    }

    /** Says the protocol's own refusal. A fresh socket has room for it, so nothing waits here. */
    private void turnAway(SocketChannel client) {
        try {
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
