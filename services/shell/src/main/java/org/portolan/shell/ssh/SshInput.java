package org.portolan.shell.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.server.session.SessionFactory;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;

/**
 * Hands the library what comes from a peer. While files move, a thread of the system does it in
 * place of the conversation's own: each packet wakes it at once.
 */
final class SshInput {
    private static final int SMALLEST_READ = 1024;
    private static final int LARGEST_READ = 256 * 1024;

    private final SshSettings settings;
    private final KernelSession socket;
    private final Connection client;
    private final SessionFactory handler;
    private final StillThere stillThere;
    private final Ports ports;
    private final Clock clock;
    private final long loginDue;
    private ByteBuffer buffer = ByteBuffer.allocate(SMALLEST_READ);
    private boolean over;

    SshInput(
            SshSettings settings,
            KernelSession socket,
            SessionFactory handler,
            StillThere stillThere,
            Ports ports,
            Clock clock) {
        this.settings = settings;
        this.socket = socket;
        this.client = socket.connection();
        this.handler = handler;
        this.stillThere = stillThere;
        this.ports = ports;
        this.clock = clock;
        this.loginDue = clock.nanos() + settings.loginTime().toNanos();
    }

    /** Until the session has ended. */
    void feed() throws Exception {
        while (!over && socket.isOpen()) {
            if (socket.movesFiles()) {
                feedByAttendant();
            } else {
                step();
            }
        }
    }

    private void feedByAttendant() throws Exception {
        FutureTask<Void> steps =
                new FutureTask<>(
                        () -> {
                            while (!over && socket.isOpen() && socket.movesFiles()) {
                                step();
                            }
                            return null;
                        });
        ports.attended(client.id(), steps);
        try {
            steps.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void step() throws IOException {
        boolean in = !client.account().isEmpty();
        Duration patience =
                in ? stillThere.left(settings.idle()) : Duration.ofNanos(loginDue - clock.nanos());
        int count =
                client.read(
                        buffer.clear(), patience, in ? Hangup.Reason.IDLE : Hangup.Reason.TOO_SLOW);
        try {
            handler.messageReceived(socket, Readable.readable(buffer.flip()));
        } catch (Exception e) { // what came breaks the rules: the library tells the peer
            client.log().info("what came breaks the rules: {}", String.valueOf(e.getMessage()));
            over = true;
            tell(e);
            return;
        }
        stillThere.heard();
        buffer = resized(buffer, count);
    }

    private void tell(Exception problem) throws IOException {
        try {
            handler.exceptionCaught(socket, problem);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Whoever sends much gets room for it, whoever is quiet takes little. */
    private static ByteBuffer resized(ByteBuffer buffer, int count) {
        int size = buffer.capacity();
        if (count == size && size < LARGEST_READ) {
            return ByteBuffer.allocate(size * 4);
        }
        return count < size / 16 && size > SMALLEST_READ
                ? ByteBuffer.allocate(Math.max(SMALLEST_READ, size / 4))
                : buffer;
    }
}
