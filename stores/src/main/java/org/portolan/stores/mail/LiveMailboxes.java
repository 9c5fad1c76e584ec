package org.portolan.stores.mail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Database;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailboxes that somebody has open, and a few that somebody had: the newest {@link Snapshot} of
 * each. The store's writer tells what it committed, in the order of the commits, before whoever
 * asked for the change hears that it is done.
 */
final class LiveMailboxes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMailboxes.class);

    /** Messages of mailboxes that nobody has open any more, kept because they come back. */
    static final long MOST_IDLE_MESSAGES = 400_000;

    /** Reads a mailbox as it is now, or was a moment ago. */
    interface Reading {
        Snapshot read(long mailbox) throws StoreException;
    }

    private final Reading reading;
    private final Map<Long, Live> live = new ConcurrentHashMap<>();
    private final Set<Live> idle = new LinkedHashSet<>(); // guarded by this, the oldest first
    private long idleMessages;

    LiveMailboxes(Reading reading) {
        this.reading = reading;
    }

    /** Opens {@code mailbox}; the first to do so reads it, the others wait for that. */
    OpenMailbox open(long mailbox, Runnable changed) throws StoreException {
        Live opened;
        boolean first;
        OpenMailbox session;
        synchronized (this) {
            Live known = live.get(mailbox);
            first = known == null;
            opened = known == null ? new Live(mailbox) : known;
            session = new OpenMailbox(this, opened, changed);
            opened.sessions.add(session);
            if (idle.remove(opened)) {
                idleMessages -= opened.messages();
            }
            live.put(mailbox, opened); // what is committed from now on is told to it
        }
        if (first) {
            read(opened);
        }
        try {
            Database.wait(opened.read);
        } catch (StoreException | RuntimeException e) {
            close(session);
            throw e;
        }
        return session;
    }

    private void read(Live opened) {
        try {
            opened.begin(reading.read(opened.mailbox));
        } catch (Throwable e) { // even an Error: others wait
            synchronized (this) {
                live.remove(opened.mailbox, opened); // the next one tries again
            }
            opened.read.completeExceptionally(e);
        }
    }

    void close(OpenMailbox session) {
        synchronized (this) {
            Live closed = session.live;
            if (!closed.sessions.remove(session) || !closed.sessions.isEmpty()) {
                return;
            }
            if (closed.gone || closed.latest == null) {
                live.remove(closed.mailbox, closed);
                return;
            }
            idle.add(closed);
            idleMessages += closed.keep();
            while (idleMessages > MOST_IDLE_MESSAGES) {
                forget(idle.iterator().next());
            }
        }
    }

    private void forget(Live oldest) {
        idle.remove(oldest);
        idleMessages -= oldest.messages();
        live.remove(oldest.mailbox, oldest);
    }

    /** The newest of {@code mailbox}, if somebody has it open, or had it lately. */
    Optional<Snapshot> latest(long mailbox) {
        Live known = live.get(mailbox);
        return known == null ? Optional.empty() : Optional.ofNullable(known.latest);
    }

    /** Takes what a commit did. The writer calls it, in the order of the commits. */
    void announce(List<Change> changes) {
        for (Change change : changes) {
            Live changed = live.get(change.mailbox());
            if (changed != null) {
                changed.take(change);
            }
        }
    }

    /** One mailbox. */
    static final class Live {
        private final long mailbox;
        private final Set<OpenMailbox> sessions = ConcurrentHashMap.newKeySet();
        private final CompletableFuture<Boolean> read = new CompletableFuture<>();
        private List<Change> early = new ArrayList<>(); // committed while it was being read
        private volatile @Nullable Snapshot latest;
        private volatile boolean gone;
        private long kept;

        private Live(long mailbox) {
            this.mailbox = mailbox;
        }

        Snapshot latest() {
            Snapshot now = latest;
            if (now == null) {
                throw new IllegalStateException("not read yet");
            }
            return now;
        }

        boolean gone() {
            return gone;
        }

        /** How many messages it counts for while it is idle. */
        private long messages() {
            return kept;
        }

        private long keep() {
            kept = latest().count() + 1L; // an empty one takes room, too
            return kept;
        }

        private synchronized void begin(Snapshot first) {
            Snapshot now = first;
            for (Change change : early) {
                now = next(now, change);
            }
            early = List.of();
            latest = now;
            read.complete(true);
        }

        private synchronized void take(Change change) {
            Snapshot now = latest;
            if (now == null) {
                if (!read.isDone()) {
                    early.add(change);
                }
                return;
            }
            latest = next(now, change);
            for (OpenMailbox session : sessions) {
                try {
                    session.changed.run();
                } catch (RuntimeException e) { // it must not cost the others theirs
                    LOG.error("a session could not be told of a change", e);
                }
            }
        }

        private Snapshot next(Snapshot now, Change change) {
            if (change.gone()) {
                gone = true;
                return now;
            }
            boolean news = change.modseq() > now.highestModseq(); // else it was read with the rest
            return news ? now.with(change) : now;
        }
    }
}
