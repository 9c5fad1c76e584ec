package org.portolan.stores;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happened: log-ins, refusals, starts, changes. Nobody waits for an event to be on disk; a
 * flood of them costs some of them, never a service's speed.
 */
public final class Events implements AutoCloseable {
    private static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE events(
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,
                        kind TEXT NOT NULL,
                        service TEXT NOT NULL,
                        conversation TEXT NOT NULL,
                        peer TEXT NOT NULL,
                        account TEXT NOT NULL,
                        words TEXT NOT NULL);
                    CREATE INDEX events_by_time ON events(at);
                    """);

    /** Older events make room for new ones: strangers must not be able to fill the disk. */
    private static final long KEPT = 500_000;

    private static final int STEP = 1000;

    /** Nobody waits for an event, so many share a sync. */
    private static final Duration GATHER = Duration.ofMillis(250);

    /** The kinds of things that happen. */
    public enum Kind {
        STARTED,
        STOPPED,
        LOGGED_IN,
        LOGIN_FAILED,
        REFUSED,
        CHANGED,
        /** Somebody who guessed too often is refused for a while. */
        LOCKED_OUT,
        /** Something that a person should look at begins. */
        ALARM,
        /** It is over. */
        ALL_CLEAR
    }

    /**
     * One thing that happened.
     *
     * @param at to the millisecond
     * @param service who saw it: {@code smtp}, {@code admin}
     * @param conversation the id of the conversation it happened in, or empty
     * @param peer the other end, or empty
     * @param account who did it, as far as known
     * @param words for people
     */
    public record Event(
            Instant at,
            Kind kind,
            String service,
            String conversation,
            String peer,
            String account,
            String words) {}

    private final Database database;
    private final InstantSource clock;
    private final long kept;
    private final AtomicLong lost = new AtomicLong();

    public Events(Path folder, InstantSource clock) throws StoreException {
        this(folder, clock, KEPT);
    }

    Events(Path folder, InstantSource clock, long kept) throws StoreException {
        this.kept = kept;
        this.database = new Database(folder.resolve("events.db"), MIGRATIONS, () -> {}, GATHER);
        this.clock = clock;
    }

    /** Notes that something happened just now. */
    public void note(
            Kind kind,
            String service,
            String conversation,
            String peer,
            String account,
            String words) {
        long at = clock.millis();
        CompletableFuture<Integer> done = new CompletableFuture<>();
        var _ = done.exceptionally(problem -> countLost());
        database.offer(
                sql -> {
                    long id =
                            sql.first(
                                            "INSERT INTO events(at, kind, service, conversation,"
                                                    + " peer, account, words)"
                                                    + " VALUES(?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                            row -> row.getLong(1),
                                            at,
                                            kind.name(),
                                            service,
                                            conversation,
                                            peer,
                                            account,
                                            words)
                                    .orElseThrow();
                    return id % STEP == 0
                            ? sql.update("DELETE FROM events WHERE id <= ?", id - kept)
                            : 0;
                },
                done);
    }

    private int countLost() {
        lost.incrementAndGet();
        return 0;
    }

    /** The latest {@code count} events, oldest first. */
    public List<Event> latest(int count) throws StoreException {
        return database.read(
                        sql ->
                                sql.list(
                                        "SELECT at, kind, service, conversation, peer, account,"
                                                + " words FROM events ORDER BY id DESC LIMIT ?",
                                        row ->
                                                new Event(
                                                        Instant.ofEpochMilli(row.getLong(1)),
                                                        Kind.valueOf(row.getString(2)),
                                                        row.getString(3),
                                                        row.getString(4),
                                                        row.getString(5),
                                                        row.getString(6),
                                                        row.getString(7)),
                                        count))
                .reversed();
    }

    /** How many events could not be kept since the start, for want of room or of a disk. */
    public long lost() {
        return lost.get();
    }

    @Override
    public void close() {
        database.close();
    }
}
