package org.portolan.kernel;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every deadline of every socket: one thread that looks at all of them ten times a second.
 *
 * <p>A look at ten thousand sockets is three comparisons each, far cheaper than a timer armed and
 * disarmed for every read. The watchdog never waits for anything but its own tick.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Clock clock;
    private final Supplier<Iterable<? extends Watched>> sockets;
    private final Thread thread;

    Watchdog(Clock clock, Supplier<Iterable<? extends Watched>> sockets) {
        this.clock = clock;
        this.sockets = sockets;
        this.thread = Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            look();
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void look() {
        long now = clock.nanos();
        for (Watched socket : sockets.get()) {
            try {
                socket.endWhatIsLate(now);
            } catch (RuntimeException e) { // one strange socket must not leave the others unwatched
                LOG.error("could not end a late socket", e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
