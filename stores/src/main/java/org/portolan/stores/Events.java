package org.portolan.stores;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happened: log-ins, refusals, starts, changes. Nobody waits for an event to be on disk; a
 * flood of them costs some of them, never a service's speed.
 */
public final class Events implements AutoCloseable {
    static final List<String> MIGRATIONS =
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
        /** A file or folder was added, changed, renamed or removed. */
        FILE_CHANGED,
        /** Somebody who guessed too often is refused for a while. */
        LOCKED_OUT,
        /** A message was taken, for people here or to be sent on. */
        ACCEPTED,
        /** Another server took a message over. */
        SENT,
        /** A message, or all for one destination, has to wait. */
        DEFERRED,
        /** A message could not be delivered for good. */
        BOUNCED,
        /** Somebody reaches another port through the site, or has one opened here. */
        FORWARDED,
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
    private final Object news = new Object();
    private long newest; // guarded by news; nought until something is noted in this run

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
        CompletableFuture<Long> done = new CompletableFuture<>();
        var _ = done.thenAccept(this::tell).exceptionally(problem -> countLost());
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
                    if (id % STEP == 0) {
                        sql.update("DELETE FROM events WHERE id <= ?", id - kept);
                    }
                    return id;
                },
                done);
    }

    private @Nullable Void countLost() {
        lost.incrementAndGet();
        return null;
    }

    private static Event event(ResultSet row, int from) throws SQLException {
        return new Event(
                Instant.ofEpochMilli(row.getLong(from)),
                Kind.valueOf(row.getString(from + 1)),
                row.getString(from + 2),
                row.getString(from + 3),
                row.getString(from + 4),
                row.getString(from + 5),
                row.getString(from + 6));
    }

    /** The latest {@code count} events, oldest first. */
    public List<Event> latest(int count) throws StoreException {
        return database.read(
                        sql ->
                                sql.list(
                                        "SELECT at, kind, service, conversation, peer, account,"
                                                + " words FROM events ORDER BY id DESC LIMIT ?",
                                        row -> event(row, 1),
                                        count))
                .reversed();
    }

    /**
     * Which events are wanted; what is empty does not matter.
     *
     * @param id of a conversation, with all of its messages, or of one message
     * @param service exactly this one
     * @param account exactly this one
     * @param peer an address, from any port, or address and port as in {@link Event}
     * @param since not before
     */
    public record Wanted(
            Set<Kind> kinds,
            String id,
            String service,
            String account,
            String peer,
            Instant since) {
        public static final Wanted ALL = new Wanted(Set.of(), "", "", "", "", Instant.EPOCH);

        private String kindList() {
            return kinds.stream().map(kind -> "," + kind + ",").collect(Collectors.joining());
        }
    }

    /**
     * Some events, and where those after them begin.
     *
     * @param last for {@link #after}
     */
    public record Found(List<Event> events, long last) {}

    private record Row(long id, Event event) {}

    /** The latest {@code count} of those that are {@code wanted}, oldest first. */
    public Found latest(Wanted wanted, int count) throws StoreException {
        return database.read(
                sql -> {
                    long end = newest(sql);
                    List<Row> rows = find(sql, wanted, 0, end, "DESC", count);
                    return new Found(rows.reversed().stream().map(Row::event).toList(), end);
                });
    }

    /** The first {@code count} of those that are {@code wanted} and came after {@code last}. */
    public Found after(long last, Wanted wanted, int count) throws StoreException {
        return database.read(
                sql -> {
                    long end = newest(sql);
                    List<Row> rows = find(sql, wanted, last, end, "ASC", count);
                    long goOn = rows.size() < count ? Math.max(last, end) : rows.getLast().id();
                    return new Found(rows.stream().map(Row::event).toList(), goOn);
                });
    }

    private static long newest(Sql sql) throws SQLException {
        return sql.first("SELECT MAX(id) FROM events", row -> row.getLong(1)).orElse(0L);
    }

    private static List<Row> find(
            Sql sql, Wanted wanted, long after, long end, String order, int count)
            throws SQLException {
        return sql.list(
                "SELECT id, at, kind, service, conversation, peer, account, words FROM events"
                        + " WHERE id > ?1 AND id <= ?2 AND at >= ?3"
                        + " AND (?4 = '' OR instr(?4, ',' || kind || ',') > 0)"
                        + " AND (?5 = '' OR service = ?5) AND (?6 = '' OR account = ?6)"
                        + " AND (?7 = '' OR peer = ?7"
                        + " OR substr(peer, 1, length(?7) + 1) = ?7 || ':'"
                        + " OR substr(peer, 1, length(?7) + 2) = '[' || ?7 || ']')"
                        + " AND (?8 = '' OR conversation = ?8"
                        + " OR substr(conversation, 1, length(?8) + 1) = ?8 || '.')"
                        + " ORDER BY id "
                        + order
                        + " LIMIT ?9",
                row -> new Row(row.getLong(1), event(row, 2)),
                after,
                end,
                wanted.since().toEpochMilli(),
                wanted.kindList(),
                wanted.service(),
                wanted.account(),
                wanted.peer(),
                wanted.id(),
                count);
    }

    /**
     * Waits until something was noted after {@code last}, or for {@code atMost}.
     *
     * @param last of a {@link Found}
     */
    public void await(long last, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (news) {
            for (long left = atMost.toMillis();
                    newest <= last && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                news.wait(left);
            }
        }
    }

    private void tell(long id) {
        synchronized (news) {
            newest = Math.max(newest, id);
            news.notifyAll();
        }
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
