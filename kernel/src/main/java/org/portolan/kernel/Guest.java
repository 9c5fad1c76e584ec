package org.portolan.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.portolan.kernel.proxy.MalformedHeader;
import org.portolan.kernel.proxy.ProxyHeader;

/** The whole life of one connection, from the first byte to the last. */
final class Guest {
    /**
     * After the last word: how long, and for how many bytes, to wait until the peer has heard it.
     */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final int MOST_LINGERING = 256 * 1024;

    private final Kernel kernel;
    private final Connection connection;
    private final Conversation conversation;
    private final Tls tls;
    private final boolean local;

    Guest(Kernel kernel, Connection connection, Conversation conversation, Tls tls, boolean local) {
        this.kernel = kernel;
        this.connection = connection;
        this.conversation = conversation;
        this.tls = tls;
        this.local = local;
    }

    void attend() {
        try {
            kernel.sockets().add(connection);
            kernel.metrics().begun(connection.service(), connection.port());
            if (kernel.stopping()) {
                throw new Hangup(Hangup.Reason.STOPPING);
            }
            if (connection.isOfProxy()) {
                meet();
            }
            if (tls == Tls.AT_ONCE) {
                connection.handshake();
            }
            conversation.converse(connection);
            connection.flush();
            partAsFriends();
        } catch (Hangup e) {
            hangUp(e.reason());
        } catch (ClosedChannelException | SocketException e) {
            hangUp(Hangup.Reason.PEER_GONE);
        } catch (Throwable e) { // ours: this conversation ends, and no other
            connection.log().error("a conversation broke", e);
            hangUp(Hangup.Reason.OUR_FAULT);
        } finally {
            leave();
        }
    }

    /** Learns from a proxy for whom it speaks, before anything else is read or said. */
    private void meet() throws IOException {
        long due = kernel.clock().nanos() + connection.service().limits().handshake().toNanos();
        try {
            Optional<InetSocketAddress> client =
                    ProxyHeader.read(count -> connection.socket().readExactly(count, due));
            if (client.isPresent()) { // else the proxy speaks for itself
                connection.speaksFor(Peer.at(client.get()));
            }
        } catch (MalformedHeader e) {
            connection.log().warn("no PROXY header: {}", e.words());
            throw new Hangup(Hangup.Reason.BAD_PROXY_HEADER, e);
        }
    }

    /** Lets the peer read the last reply: closing with unread input would reset it away. */
    private void partAsFriends() throws IOException {
        connection.goodbye();
        if (connection.mayHaveUnread()) {
            linger();
        }
    }

    private void linger() throws IOException {
        ByteBuffer rubbish = ByteBuffer.allocate(8192);
        long due = kernel.clock().nanos() + LINGER.toNanos();
        int total = 0;
        try {
            while (total < MOST_LINGERING) {
                total += connection.socket().read(rubbish.clear(), due, Hangup.Reason.TOO_SLOW);
            }
        } catch (Hangup heardOrNot) {
            connection.log().debug("closed after the last word: {}", heardOrNot.reason().words());
        }
    }

    private void hangUp(Hangup.Reason reason) {
        kernel.metrics().hungUp(connection.service(), reason);
        connection.log().info("hung up: {}", reason.words());
        boolean expectsTls = tls == Tls.AT_ONCE && connection.tls().isEmpty();
        if (!reason.speakable() || expectsTls || connection.mute()) {
            return;
        }
        try {
            String word = conversation.farewell(reason).orElse("");
            if (!word.isEmpty()) {
                connection.writeLine(word);
            }
            connection.flush();
            partAsFriends();
        } catch (IOException goneAlready) {
            connection.log().info("gone before the farewell");
        }
    }

    private void leave() {
        connection.socket().abort();
        connection.release();
        connection.endTrace();
        kernel.metrics()
                .transferred(connection.service(), connection.bytesIn(), connection.bytesOut());
        kernel.sockets().remove(connection);
        if (!local) {
            kernel.sockets().leave(connection.peer());
        }
        connection.endVisit();
        kernel.ended();
    }
}
