package org.portolan.shell.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.core.CoreModuleProperties;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.shell.console.Keystrokes;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes between a channel and a second socket, in two threads. Each direction ends by
 * itself: who has said its last may still hear.
 */
final class Tunnel {
    private static final int CHUNK = 32 * 1024;

    /** What waits, at most, for a socket whose other end does not read. */
    private static final long WINDOW = 256 * 1024;

    /** What a client said before it went is still carried, if the other end takes it. */
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);

    private final AbstractChannel channel;
    private final Ports ports;
    private final Keystrokes fromClient = new Keystrokes(this::taken);
    private final CountDownLatch saidAll = new CountDownLatch(1);

    /**
     * @param channel one that is not open yet
     */
    Tunnel(AbstractChannel channel, Ports ports) {
        this.channel = channel;
        this.ports = ports;
        CoreModuleProperties.WINDOW_SIZE.set(channel, WINDOW);
    }

    // ---- the channel's side

    /** The client sends. */
    void came(byte[] data, int from, long count) {
        fromClient.add(data, from, Math.toIntExact(count));
    }

    private void taken(int bytes) {
        try {
            channel.getLocalWindow().release(bytes);
        } catch (IOException e) {
            LoggerFactory.getLogger(Tunnel.class).debug("the channel is gone", e);
        }
    }

    /** The client has said its last. */
    void end() {
        fromClient.end();
    }

    /** The channel closes: the client neither sends nor hears any more. */
    void leave() {
        fromClient.leave();
    }

    // ---- both

    /** Returns when both sides have said their last, or one is gone. */
    void carry(Connection second) {
        ports.inBackground(second.id() + "-sender", () -> send(second));
        try (OutputStream toClient =
                new ChannelOutputStream(
                        channel,
                        channel.getRemoteWindow(),
                        LoggerFactory.getLogger(ChannelOutputStream.class),
                        SshConstants.SSH_MSG_CHANNEL_DATA,
                        true)) { // its close says the end, RFC 4254 §5.3
            receive(second, toClient);
        } catch (Hangup over) {
            second.log().debug("has said its last: {}", over.reason().words());
            if (over.reason() != Hangup.Reason.PEER_GONE) {
                fromClient.leave(); // it hears no more, either
            }
        } catch (IOException e) {
            second.log().debug("the channel is gone: {}", e.toString());
            fromClient.leave();
        }
        awaitLastWords(second);
    }

    private void awaitLastWords(Connection second) {
        try {
            fromClient.awaitEnd();
            if (!saidAll.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                ports.cutOff(second);
                saidAll.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void receive(Connection second, OutputStream toClient) throws IOException {
        Duration idle = second.service().limits().idle();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (true) {
            int count = second.read(buffer.clear(), idle, Hangup.Reason.IDLE);
            toClient.write(buffer.array(), 0, count);
            toClient.flush();
        }
    }

    private void send(Connection second) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int count = fromClient.read(chunk); count >= 0; count = fromClient.read(chunk)) {
                second.send(ByteBuffer.wrap(chunk, 0, count));
            }
            second.goodbye();
            if (fromClient.hasLeft()) {
                second.end(Hangup.Reason.PEER_GONE); // nobody hears what still comes
            }
        } catch (IOException e) {
            second.log().debug("takes no more: {}", e.toString());
            fromClient.leave();
            second.end(Hangup.Reason.PEER_GONE);
        } finally {
            saidAll.countDown();
        }
    }
}
