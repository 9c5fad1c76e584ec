package org.portolan.mail.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.MailQueue.Place;
import org.portolan.stores.mail.MailQueue.Recipient;
import org.portolan.stores.mail.MailQueue.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is due at one destination, sent by a few conversations side by side. The messages come
 * from the database a page at a time.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.queue");

    private static final int PAGE = 50;

    /** So many conversations of one departure may break. */
    private static final int MOST_BROKEN = 3;

    /** Then a new conversation is begun: some servers dislike long ones. */
    private static final int MOST_IN_ONE = 100;

    private final String destination;
    private final MailQueue queue;
    private final Settlement settlement;
    private final Hosts hosts;
    private final Opening opening;
    private final Departures departures;
    private final QueueSettings settings;

    private final Deque<Work> page = new ArrayDeque<>(); // guarded by this
    private Place place = Place.START; // guarded by this
    private boolean fruitful; // guarded by this; since the start was looked at last
    private boolean stopped; // guarded by this
    private int workers; // guarded by this
    private int sent; // guarded by this
    private int broken; // guarded by this
    private @Nullable List<Host> servers; // guarded by this
    private @Nullable Unreachable unreachable; // guarded by this

    Departure(
            String destination,
            MailQueue queue,
            Settlement settlement,
            Hosts hosts,
            Opening opening,
            Departures departures,
            QueueSettings settings) {
        this.destination = destination;
        this.queue = queue;
        this.settlement = settlement;
        this.hosts = hosts;
        this.opening = opening;
        this.departures = departures;
        this.settings = settings;
    }

    String destination() {
        return destination;
    }

    synchronized void joined() {
        workers++;
    }

    /** The last one tells the queue how it went. */
    void left() {
        synchronized (this) {
            workers--;
            if (workers > 0) {
                return;
            }
        }
        boolean idle;
        try {
            idle = finish();
        } catch (StoreException e) {
            LOG.error("{} cannot be finished", destination, e);
            idle = true;
        }
        departures.finished(this, idle);
    }

    private synchronized boolean finish() throws StoreException {
        Unreachable problem = unreachable;
        if (problem == null) {
            queue.finished(destination);
            return sent == 0;
        }
        settlement.unreachable(destination, problem.outcome(), departures.now());
        return false;
    }

    // ---- one conversation

    /** Sends what is due, until nothing is. */
    void work() {
        Optional<SmtpClient> client = Optional.empty();
        int count = 0;
        try {
            queue.begun(destination);
            for (Optional<Work> next = take(); next.isPresent(); next = take()) {
                Work work = next.get();
                try {
                    if (client.isPresent() && (client.get().over() || count >= MOST_IN_ONE)) {
                        departures.hangUp(client.get());
                        client = Optional.empty();
                    }
                    if (client.isEmpty()) {
                        client = Optional.of(opening.to(servers()));
                        count = 0;
                    }
                    boolean answered = deliver(client.get(), work);
                    count++;
                    sentOne();
                    if (!answered) {
                        hasTrouble();
                    }
                } catch (Unreachable e) {
                    if (!goesOnWithout(e, work)) {
                        break;
                    }
                } finally {
                    queue.release(work.message(), destination);
                }
            }
        } catch (StoreException | IOException e) {
            LOG.error("{} has to wait", destination, e);
            stop();
            departures.rest();
        } finally {
            client.ifPresent(departures::hangUp);
        }
    }

    private synchronized Optional<Work> take() throws StoreException {
        while (!stopped && !departures.over()) {
            if (page.isEmpty() && !turn()) {
                return Optional.empty();
            }
            Work work = page.poll();
            if (work != null && queue.claim(work.message(), destination)) {
                fruitful = true;
                Optional<Work> left = left(work);
                if (left.isPresent()) {
                    return left;
                }
            }
        }
        return Optional.empty();
    }

    /** Looks again at what has just been claimed, and gives it back if nothing is left of it. */
    private Optional<Work> left(Work claimed) throws StoreException {
        Optional<Work> left = Optional.empty();
        try {
            left = queue.still(claimed, destination, departures.now());
            return left;
        } finally {
            if (left.isEmpty()) {
                queue.release(claimed.message(), destination);
            }
        }
    }

    /** Reads on; from the start again, as long as that brings something. */
    private boolean turn() throws StoreException {
        List<Work> read = queue.due(destination, departures.now(), place, PAGE);
        if (read.isEmpty() && fruitful) {
            fruitful = false;
            place = Place.START;
            read = queue.due(destination, departures.now(), place, PAGE);
        }
        if (read.isEmpty()) {
            return false;
        }
        place = MailQueue.after(read.getLast());
        page.addAll(read);
        return true;
    }

    private void sentOne() {
        boolean more;
        synchronized (this) {
            sent++;
            more = !page.isEmpty() && workers < settings.perDestination() && !stopped;
        }
        if (more) {
            departures.help(this);
        }
    }

    private synchronized void stop() {
        stopped = true;
    }

    private synchronized List<Host> servers() throws Unreachable {
        List<Host> known = servers;
        if (known == null) {
            known = hosts.of(destination);
            servers = known;
        }
        return known;
    }

    /** Whether there is something left to do when nobody can be spoken to. */
    private boolean goesOnWithout(Unreachable problem, Work work)
            throws StoreException, IOException {
        if (problem.outcome() instanceof Outcome.Failed) {
            List<Outcome> all =
                    work.recipients().stream().map(recipient -> problem.outcome()).toList();
            settlement.settle(work, all, "", departures.now());
            sentOne();
            return true;
        }
        synchronized (this) {
            if (sent == 0 || workers == 1) { // another conversation may be doing well
                unreachable = problem;
                stopped = true;
            }
        }
        return false;
    }

    /** Who breaks off again and again is left alone for a while, and not tried for each message. */
    private synchronized void hasTrouble() {
        if (++broken >= MOST_BROKEN && unreachable == null) {
            unreachable = Unreachable.forNow("its servers break off again and again", "4.4.2");
            stopped = true;
        }
    }

    /** Returns false if the other server broke off instead of answering. */
    private boolean deliver(SmtpClient client, Work work) throws StoreException, IOException {
        Optional<Outcome.Failed> hindrance = client.hindrance(work.message());
        String server = client.name();
        if (hindrance.isPresent()) {
            List<Outcome> all = new ArrayList<>();
            work.recipients().forEach(recipient -> all.add(hindrance.get()));
            settlement.settle(work, all, "", departures.now());
            return true;
        }
        boolean answered = true;
        try (FileChannel body = queue.open(work.message())) {
            List<Recipient> left = work.recipients();
            while (!left.isEmpty() && !client.over()) {
                List<Recipient> now =
                        left.subList(0, Math.min(client.mostRecipients(), left.size()));
                List<Outcome> outcomes = client.send(work.message(), now, body);
                if (departures.over() && brokeOff(outcomes)) {
                    return false; // we are stopping: it was not the other server's fault
                }
                int known = untilTooMany(outcomes);
                settlement.settle(
                        new Work(work.message(), now.subList(0, known)),
                        outcomes.subList(0, known),
                        server,
                        departures.now());
                left = left.subList(known, left.size());
                answered = !brokeOff(outcomes);
            }
        }
        return answered;
    }

    private static boolean brokeOff(List<Outcome> outcomes) {
        return outcomes.getLast().status().equals("4.4.2");
    }

    /** RFC 5321 §4.5.3.1.10: who has enough for this time gets the rest in another message. */
    private static int untilTooMany(List<Outcome> outcomes) {
        for (int i = 1; i < outcomes.size(); i++) {
            boolean enough = outcomes.get(i).reply().startsWith("452 ");
            if (enough && outcomes.getFirst() instanceof Outcome.Delivered) {
                return i;
            }
        }
        return outcomes.size();
    }
}
