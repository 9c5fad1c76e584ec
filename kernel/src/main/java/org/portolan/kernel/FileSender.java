package org.portolan.kernel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends files without copying them through Java: non-blocking {@code transferTo} on one thread of
 * its own, with a selector.
 *
 * <p>A blocking {@code transferTo} holds its carrier thread: as many peers that do not read as
 * there are cores would stop every virtual thread. Here such a peer costs a selection key, and the
 * conversation waits on a future.
 */
final class FileSender implements AutoCloseable {
    /** One peer sends at most this much before the next has its turn. */
    private static final long TURN = 1 << 20;

    /** How often to look for sockets that were closed meanwhile. */
    private static final Duration LOOK = Duration.ofMillis(100);

    static final String SHORTER = "the file became shorter while it was being sent";

    private static final Logger LOG = LoggerFactory.getLogger(FileSender.class);

    private static final class Sending {
        final RawSocket socket;
        final FileChannel file;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        long from;
        long left;
        @Nullable Exception problem;

        Sending(RawSocket socket, FileChannel file, long from, long count) {
            this.socket = socket;
            this.file = file;
            this.from = from;
            this.left = count;
        }
    }

    private final Selector selector;
    private final Queue<Sending> arrivals = new ConcurrentLinkedQueue<>();
    private final Set<Sending> underWay = new LinkedHashSet<>(); // the sender thread's own
    private final AtomicInteger sendings = new AtomicInteger();

    FileSender() throws IOException {
        selector = Selector.open();
        Thread.ofPlatform().daemon().name("file-sender").start(this::serve);
    }

    /**
     * Sends {@code count} bytes of {@code file}; the calling conversation waits until they are out.
     */
    void send(RawSocket socket, FileChannel file, long from, long count) throws IOException {
        Sending sending = new Sending(socket, file, from, count);
        socket.beginWrite();
        try {
            socket.channel.configureBlocking(false);
            sendings.incrementAndGet();
            arrivals.add(sending);
            selector.wakeup();
            if (!selector.isOpen()) {
                failArrivals();
            }
            sending.done.get();
            socket.channel.configureBlocking(true);
        } catch (ExecutionException e) {
            throw explained(socket, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Hangup(Hangup.Reason.STOPPING, e);
        } catch (IOException e) {
            throw socket.gone(e);
        } finally {
            socket.endWrite();
        }
    }

    /**
     * A short file is no fault of the peer's: the conversation may go on, or say why it does not.
     */
    private static IOException explained(RawSocket socket, ExecutionException e)
            throws IOException {
        boolean shorter = e.getCause() instanceof EOFException;
        if (!shorter && e.getCause() instanceof IOException broken) {
            return socket.gone(broken);
        }
        socket.channel.configureBlocking(true);
        return shorter ? new EOFException(SHORTER) : new IOException("a file cannot be sent", e);
    }

    /** How many sockets are being sent a file at this moment. */
    int underWay() {
        return sendings.get();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                turn();
            }
        } catch (ClosedSelectorException closed) {
            LOG.debug("the file sender was closed", closed);
        } finally { // nobody may wait for a sender that is no more
            underWay.forEach(sending -> complete(sending, new ClosedChannelException()));
            failArrivals();
        }
    }

    private void failArrivals() {
        for (Sending next = arrivals.poll(); next != null; next = arrivals.poll()) {
            complete(next, new ClosedChannelException());
        }
    }

    private void turn() {
        try {
            selector.select(this::comeOn, underWay.isEmpty() ? 0 : LOOK.toMillis());
            failThoseClosed();
            finish();
            for (Sending next = arrivals.poll(); next != null; next = arrivals.poll()) {
                begin(next);
            }
        } catch (IOException e) {
            LOG.error("the file sender's selector broke", e);
        }
    }

    private void begin(Sending sending) {
        underWay.add(sending);
        try {
            sending.socket.channel.register(selector, SelectionKey.OP_WRITE, sending);
        } catch (IOException | IllegalStateException e) {
            sending.problem = e;
        }
    }

    private void comeOn(SelectionKey key) {
        Sending sending = (Sending) key.attachment();
        try {
            long step = Math.min(sending.left, TURN);
            long sent = sending.file.transferTo(sending.from, step, sending.socket.channel);
            sending.from += sent;
            sending.left -= sent;
            if (sent > 0) {
                sending.socket.wrote(sent);
            } else if (sending.from >= sending.file.size()) {
                throw new EOFException(SHORTER);
            }
        } catch (IOException | RuntimeException e) { // one bad file must not end the others' thread
            sending.problem = e;
        }
        if (sending.left == 0 || sending.problem != null) {
            key.cancel();
        }
    }

    /** A channel that the watchdog closed leaves the selector without a word. */
    private void failThoseClosed() {
        for (Sending sending : underWay) {
            if (!sending.socket.channel.isOpen()) {
                sending.problem = new ClosedChannelException();
            }
        }
    }

    /** A channel must have left the selector before its conversation may block on it again. */
    private void finish() throws IOException {
        List<Sending> over =
                underWay.stream().filter(s -> s.left == 0 || s.problem != null).toList();
        if (over.isEmpty()) {
            return;
        }
        selector.selectNow();
        underWay.removeAll(over);
        for (Sending sending : over) {
            complete(sending, sending.problem);
        }
    }

    private void complete(Sending sending, @Nullable Exception problem) {
        sendings.decrementAndGet();
        if (problem == null) {
            sending.done.complete(null);
        } else {
            sending.done.completeExceptionally(problem);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
