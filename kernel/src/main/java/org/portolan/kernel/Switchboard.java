package org.portolan.kernel;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
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
import org.portolan.kernel.DatagramLine.Dialogue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that has all dialogues of second UDP sockets: where a packet is answered by a packet,
 * waking a thread for each costs more than all that is done with it. Here those that came meanwhile
 * are answered in one go.
 */
final class Switchboard implements AutoCloseable {
    /** How often to look who is late, and which lines were closed meanwhile. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The longest datagram. */
    private static final int ROOM = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);

    /** A dialogue that is under way. */
    private static final class Call {
        final DatagramLine line;
        final Dialogue dialogue;
        final CompletableFuture<Void> over = new CompletableFuture<>();
        long due;

        Call(DatagramLine line, Dialogue dialogue) {
            this.line = line;
            this.dialogue = dialogue;
        }
    }

    /** Something in a dialogue; returns whether that was the last of it. */
    private interface Turn {
        boolean take() throws IOException;
    }

    private final Selector selector;
    private final Queue<Call> arrivals = new ConcurrentLinkedQueue<>();
    private final Set<Call> underWay = new LinkedHashSet<>(); // the thread's own, as all below
    private final byte[] room = new byte[ROOM];
    private long looked = System.nanoTime();

    Switchboard() throws IOException {
        selector = Selector.open();
        Thread.ofPlatform().daemon().name("switchboard").start(this::serve);
    }

    /** Has {@code dialogue} on {@code line}; the caller waits until it is over. */
    void converse(DatagramLine line, Dialogue dialogue) throws IOException {
        Call call = new Call(line, dialogue);
        arrivals.add(call);
        selector.wakeup();
        if (!selector.isOpen()) {
            failArrivals();
        }
        try {
            call.over.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken
                    ? broken
                    : new IOException("a dialogue broke", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Hangup(Hangup.Reason.STOPPING, e);
        }
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                turn();
            }
        } catch (ClosedSelectorException closed) {
            LOG.debug("the switchboard was closed", closed);
        } finally { // nobody may wait for a thread that is no more
            underWay.forEach(call -> call.over.completeExceptionally(stopping()));
            failArrivals();
        }
    }

    private void failArrivals() {
        for (Call next = arrivals.poll(); next != null; next = arrivals.poll()) {
            next.over.completeExceptionally(stopping());
        }
    }

    private static Hangup stopping() {
        return new Hangup(Hangup.Reason.STOPPING);
    }

    private void turn() {
        try {
            selector.select(this::comeOn, underWay.isEmpty() ? 0 : LOOK.toMillis());
        } catch (IOException e) {
            LOG.error("the switchboard's selector broke", e);
        }
        for (Call next = arrivals.poll(); next != null; next = arrivals.poll()) {
            begin(next);
        }
        long now = System.nanoTime();
        if (now - looked >= LOOK.toNanos()) {
            looked = now;
            List.copyOf(underWay).forEach(call -> look(call, now));
        }
    }

    private void begin(Call call) {
        underWay.add(call);
        take(
                call,
                () -> {
                    call.line.register(selector, call);
                    call.dialogue.begin();
                    return false;
                });
    }

    private void comeOn(SelectionKey key) {
        Call call = (Call) key.attachment();
        take(
                call,
                () -> {
                    int length = call.line.receiveNow(room);
                    return length >= 0 && call.dialogue.heard(room, length);
                });
    }

    private void look(Call call, long now) {
        if (now - call.due > 0) {
            take(call, call.dialogue::silence);
        } else if (!call.line.isOpen()) {
            end(call);
            call.over.completeExceptionally(new Hangup(Hangup.Reason.PEER_GONE));
        }
    }

    /** One dialogue that breaks must not end the others' thread. */
    private void take(Call call, Turn turn) {
        try {
            if (turn.take()) {
                end(call);
                call.over.complete(null);
            } else {
                call.due = System.nanoTime() + call.dialogue.patience().toNanos();
            }
        } catch (IOException | RuntimeException e) {
            end(call);
            call.over.completeExceptionally(e);
        }
    }

    private void end(Call call) {
        underWay.remove(call);
        call.line.leave(selector);
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
