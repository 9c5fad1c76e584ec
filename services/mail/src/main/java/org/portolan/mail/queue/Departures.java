package org.portolan.mail.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Ports;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.MailQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for destinations that are due and lets a {@link Departure} do each; tells senders what
 * waits for too long. What is in memory is the destinations at work, whatever the queue holds.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.queue");

    /** How often the clock is looked at. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** However much comes in, what is due is looked for no sooner than this after the last time. */
    private static final Duration BREATH = Duration.ofMillis(10);

    /** How long nothing is begun when a store failed: what is sent would be sent again. */
    private static final Duration REST = Duration.ofMinutes(5);

    /** Destinations looked at in one go, besides those at work. */
    private static final int MORE = 64;

    /** Messages whose senders hear something in one go. */
    private static final int NOTICES = 100;

    private final MailQueue queue;
    private final Settlement settlement;
    private final Hosts hosts;
    private final Opening opening;
    private final Ports ports;
    private final Clock clock;
    private final QueueSettings settings;
    private final Semaphore connections;
    private final Map<String, Departure> atWork = new HashMap<>(); // guarded by this
    private volatile boolean over;
    private volatile long restsUntil; // of the clock's nanos

    Departures(
            MailQueue queue,
            Settlement settlement,
            Hosts hosts,
            Opening opening,
            Ports ports,
            Clock clock,
            QueueSettings settings) {
        this.queue = queue;
        this.settlement = settlement;
        this.hosts = hosts;
        this.opening = opening;
        this.ports = ports;
        this.clock = clock;
        this.settings = settings;
        this.connections = new Semaphore(settings.connections());
        this.restsUntil = clock.nanos();
    }

    void begin() {
        ports.inBackground("queue", this::watch);
    }

    /** Begins nothing more; what is being sent is finished. */
    void end() {
        over = true;
        queue.nudge();
    }

    boolean over() {
        return over;
    }

    private void watch() {
        long heard = -1;
        long looked = System.nanoTime() - TICK.toNanos(); // at what need not be seen at once
        while (!over) {
            try {
                long begun = System.nanoTime();
                heard = queue.news();
                Instant now = clock.instant();
                if (begun - looked >= TICK.toNanos()) {
                    looked = begun;
                    notice(now);
                    queue.hasten(now, settings.schedule().longest());
                }
                startDue(now);
                queue.await(heard, TICK);
                Thread.sleep(BREATH.minusNanos(System.nanoTime() - begun));
            } catch (StoreException | RuntimeException e) { // the next time it may go well
                LOG.error("the queue cannot be read", e);
                pause(REST);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A store failed: nothing is begun for a while. */
    void rest() {
        restsUntil = clock.nanos() + REST.toNanos();
    }

    private void startDue(Instant now) throws StoreException {
        if (clock.nanos() - restsUntil < 0) {
            return;
        }
        int busy;
        synchronized (this) {
            busy = atWork.size();
        }
        for (String destination : queue.destinations(now, busy + MORE)) {
            synchronized (this) {
                if (over || atWork.containsKey(destination) || !connections.tryAcquire()) {
                    continue;
                }
                Departure departure =
                        new Departure(
                                destination, queue, settlement, hosts, opening, this, settings);
                atWork.put(destination, departure);
                run(departure);
            }
        }
    }

    /** One more conversation for {@code departure}; it has the permit already. */
    private void run(Departure departure) {
        departure.joined();
        ports.inBackground(
                "queue-" + departure.destination(),
                () -> {
                    try {
                        departure.work();
                    } catch (RuntimeException e) {
                        LOG.error("a departure for {} broke", departure.destination(), e);
                    } finally {
                        connections.release();
                        departure.left();
                    }
                });
    }

    /** Lets another conversation help {@code departure}, if there may be one. */
    void help(Departure departure) {
        if (!over && connections.tryAcquire()) {
            run(departure);
        }
    }

    /** Nobody works for it any more. */
    void finished(Departure departure, boolean idle) {
        if (idle) { // what is due there is in other hands: not again at once
            pause(TICK);
        }
        synchronized (this) {
            atWork.remove(departure.destination());
        }
        queue.nudge();
    }

    void hangUp(SmtpClient client) {
        client.quit();
        ports.hangUp(client.connection());
    }

    Instant now() {
        return clock.instant();
    }

    private void notice(Instant now) throws StoreException {
        List<MailQueue.Work> late;
        do {
            late = queue.overdue(now, NOTICES);
            int done = 0;
            for (MailQueue.Work work : late) {
                if (!over && queue.claim(work.message())) {
                    try {
                        settlement.notice(work, now);
                        done++;
                    } finally {
                        queue.release(work.message());
                    }
                }
            }
            if (done == 0) {
                return;
            }
        } while (late.size() == NOTICES);
    }
}
