package org.portolan.stores.mail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.portolan.stores.Database;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;

/**
 * Messages that are to leave the site: a row for each, one for each of its recipients, and one for
 * each destination that somebody waits for. The body is a file of {@link Bodies}, shared with the
 * mailboxes that the message may have reached here.
 *
 * <p>Every step is one transaction: what is not told of in the rows has not happened. Only what is
 * being sent at the moment is known in memory alone ({@link #claim}), and forgotten by a crash,
 * after which it is sent again.
 */
public final class MailQueue {
    static final String SCHEMA =
            """
            CREATE TABLE queued(
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                body INTEGER NOT NULL,
                size INTEGER NOT NULL,
                skipped INTEGER NOT NULL,
                fields TEXT NOT NULL,
                sender TEXT NOT NULL,
                account TEXT NOT NULL,
                demands INTEGER NOT NULL,
                returned TEXT NOT NULL,
                envelope_id TEXT NOT NULL,
                accepted INTEGER NOT NULL,
                warns INTEGER NOT NULL,
                expires INTEGER NOT NULL);
            CREATE INDEX queued_by_body ON queued(body);
            CREATE TABLE queued_recipients(
                message INTEGER NOT NULL REFERENCES queued(number) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                address TEXT NOT NULL,
                destination TEXT NOT NULL,
                notify TEXT NOT NULL,
                original TEXT NOT NULL,
                state INTEGER NOT NULL DEFAULT 0,
                due INTEGER NOT NULL,
                tries INTEGER NOT NULL DEFAULT 0,
                reply TEXT NOT NULL DEFAULT '',
                notice INTEGER NOT NULL,
                PRIMARY KEY(message, number)) WITHOUT ROWID;
            CREATE INDEX queued_due ON queued_recipients(destination, due, message)
                WHERE state = 0;
            CREATE INDEX queued_notice ON queued_recipients(notice) WHERE state = 0;
            CREATE TABLE queue_destinations(
                name TEXT NOT NULL PRIMARY KEY,
                due INTEGER NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0,
                reply TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
            CREATE INDEX queue_destinations_due ON queue_destinations(due);
            """;

    /** How it stands with a recipient. */
    public enum State {
        WAITING(0),
        HELD(1),
        DELIVERED(2),
        FAILED(3);

        private final int number; // what the rows hold

        State(int number) {
            this.number = number;
        }

        private static State of(int number) {
            for (State state : values()) {
                if (state.number == number) {
                    return state;
                }
            }
            throw new IllegalStateException("no state " + number);
        }
    }

    /** A message as it lies in the queue. */
    public record Queued(
            long number,
            String id,
            long body,
            long size,
            long skipped,
            String fields,
            String sender,
            String account,
            Outgoing.Demands demands,
            String returned,
            String envelopeId,
            Instant accepted,
            Instant warns,
            Instant expires) {}

    /**
     * A recipient as it lies in the queue.
     *
     * @param due when it is tried next
     * @param tries so far
     * @param reply the last thing that its server, or we, had to say about it; empty at first
     */
    public record Recipient(
            int number,
            String address,
            String destination,
            String wishes,
            String original,
            State state,
            Instant due,
            int tries,
            String reply) {}

    /** A message, and those of its recipients that something is to be done for. */
    public record Work(Queued message, List<Recipient> recipients) {}

    /** Where a page of {@link #due} ended. */
    public record Place(long due, long message) {
        public static final Place START = new Place(Long.MIN_VALUE, 0);
    }

    /** What became of a recipient. */
    public record Result(int recipient, State state, Instant due, boolean tried, String reply) {}

    private static final String MESSAGE_COLUMNS =
            "m.number, m.id, m.body, m.size, m.skipped, m.fields, m.sender, m.account, m.demands,"
                    + " m.returned, m.envelope_id, m.accepted, m.warns, m.expires";
    private static final String RECIPIENT_COLUMNS =
            "r.number, r.address, r.destination, r.notify, r.original, r.state, r.due, r.tries,"
                    + " r.reply";

    /** One message's recipients for one destination in one piece of work. */
    private static final int MOST_RECIPIENTS = 1000;

    /** Whoever looks after a whole message claims it for this. */
    private static final String EVERYWHERE = "";

    /** Deletes the files of bodies that nothing names any more: their rows are gone. */
    interface Disposal {
        void of(Set<Long> bodies);
    }

    private final Database database;
    private final Bodies bodies;
    private final Disposal disposal;
    private final Map<Long, Set<String>> claimed = new HashMap<>(); // guarded by itself
    private final Object bell = new Object();
    private long rung; // guarded by bell

    MailQueue(Database database, Bodies bodies, Disposal disposal) {
        this.database = database;
        this.bodies = bodies;
        this.disposal = disposal;
    }

    // ---- what comes in

    /** Tells who waits in {@link #await} that there may be something to do. */
    public void nudge() {
        synchronized (bell) {
            rung++;
            bell.notifyAll();
        }
    }

    /** What has been heard of so far, for {@link #await}. */
    public long news() {
        synchronized (bell) {
            return rung;
        }
    }

    /** Waits for a {@link #nudge} after {@code heard}, or for {@code atMost}. */
    public void await(long heard, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (bell) {
            for (long left = atMost.toMillis();
                    rung <= heard && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                bell.wait(left);
            }
        }
    }

    /**
     * Adds the rows of a message, in a transaction that delivers its body too; {@link #nudge} when
     * that is committed.
     */
    public static void insert(Sql sql, long body, long size, Outgoing message, Instant now)
            throws SQLException {
        long number =
                sql.first(
                                "INSERT INTO queued(id, body, size, skipped, fields, sender,"
                                        + " account, demands, returned, envelope_id, accepted,"
                                        + " warns, expires)"
                                        + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                        + " RETURNING number",
                                row -> row.getLong(1),
                                message.id(),
                                body,
                                size,
                                message.skipped(),
                                message.fields(),
                                message.sender(),
                                message.account(),
                                message.demands().bits(),
                                message.returned(),
                                message.envelopeId(),
                                now.toEpochMilli(),
                                message.warns().toEpochMilli(),
                                message.expires().toEpochMilli())
                        .orElseThrow();
        Set<String> destinations = new HashSet<>();
        int place = 0;
        for (Outgoing.Recipient recipient : message.recipients()) {
            sql.update(
                    "INSERT INTO queued_recipients(message, number, address, destination, notify,"
                            + " original, due, notice) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                    number,
                    ++place,
                    recipient.address(),
                    recipient.destination(),
                    recipient.wishes(),
                    recipient.original(),
                    now.toEpochMilli(),
                    message.warns().toEpochMilli());
            destinations.add(recipient.destination());
        }
        for (String destination : destinations) {
            // one that does not answer keeps its time: a new message does not make it answer
            sql.update(
                    "INSERT INTO queue_destinations(name, due) VALUES(?1, ?2) ON CONFLICT(name)"
                            + " DO UPDATE SET due = min(due, ?2) WHERE failures = 0",
                    destination,
                    now.toEpochMilli());
        }
    }

    // ---- what is due

    /**
     * Nothing waits for longer than {@code longest} from {@code now} on: after the clock was set
     * back, what became due later would wait until it is as late again.
     */
    public void hasten(Instant now, Duration longest) throws StoreException {
        long latest = now.plus(longest).toEpochMilli();
        Optional<String> late =
                database.read(
                        sql ->
                                sql.first(
                                        "SELECT name FROM queue_destinations WHERE due > ? LIMIT 1",
                                        row -> row.getString(1),
                                        latest));
        if (late.isEmpty()) {
            return;
        }
        database.write(
                sql -> {
                    sql.update(
                            "UPDATE queued_recipients SET due = ?1 WHERE state = 0 AND due > ?2",
                            now.toEpochMilli(),
                            latest);
                    return sql.update(
                            "UPDATE queue_destinations SET due = ?1 WHERE due > ?2",
                            now.toEpochMilli(),
                            latest);
                });
    }

    /** Destinations for which something can be tried at {@code now}, the longest due first. */
    public List<String> destinations(Instant now, int most) throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT name FROM queue_destinations WHERE due <= ?"
                                        + " ORDER BY due LIMIT ?",
                                row -> row.getString(1),
                                now.toEpochMilli(),
                                most));
    }

    /**
     * The next messages for {@code destination} that are due at {@code now}, each with the
     * recipients there.
     *
     * @param after where the page before ended
     */
    public List<Work> due(String destination, Instant now, Place after, int most)
            throws StoreException {
        return database.read(
                sql -> {
                    List<Work> page = new ArrayList<>();
                    List<Queued> messages =
                            sql.list(
                                    "SELECT "
                                            + MESSAGE_COLUMNS
                                            + " FROM (SELECT DISTINCT due, message FROM"
                                            + " queued_recipients WHERE state = 0"
                                            + " AND destination = ?1 AND due <= ?2"
                                            + " AND (due, message) > (?3, ?4)"
                                            + " ORDER BY due, message LIMIT ?5) AS d"
                                            + " JOIN queued AS m ON m.number = d.message"
                                            + " ORDER BY d.due, d.message",
                                    MailQueue::message,
                                    destination,
                                    now.toEpochMilli(),
                                    after.due(),
                                    after.message(),
                                    most);
                    for (Queued message : messages) {
                        page.add(
                                new Work(
                                        message, waiting(sql, message.number(), destination, now)));
                    }
                    return page;
                });
    }

    private static List<Recipient> waiting(Sql sql, long message, String destination, Instant now)
            throws SQLException {
        return sql.list(
                "SELECT "
                        + RECIPIENT_COLUMNS
                        + " FROM queued_recipients AS r WHERE message = ? AND state = 0"
                        + " AND destination = ? AND due <= ? ORDER BY due, number LIMIT ?",
                MailQueue::recipient,
                message,
                destination,
                now.toEpochMilli(),
                MOST_RECIPIENTS);
    }

    /** Where the page after one that ends with {@code last} begins. */
    public static Place after(Work last) {
        return new Place(
                last.recipients().isEmpty()
                        ? Long.MIN_VALUE
                        : last.recipients().getFirst().due().toEpochMilli(),
                last.message().number());
    }

    /**
     * Messages with recipients that are still waiting although their sender wanted to be told so by
     * now, or although their time is over.
     */
    public List<Work> overdue(Instant now, int most) throws StoreException {
        return database.read(
                sql -> {
                    List<Work> page = new ArrayList<>();
                    List<Queued> messages =
                            sql.list(
                                    "SELECT "
                                            + MESSAGE_COLUMNS
                                            + " FROM (SELECT DISTINCT message FROM"
                                            + " queued_recipients WHERE state = 0 AND notice <= ?"
                                            + " LIMIT ?) AS d"
                                            + " JOIN queued AS m ON m.number = d.message",
                                    MailQueue::message,
                                    now.toEpochMilli(),
                                    most);
                    for (Queued message : messages) {
                        page.add(
                                new Work(
                                        message,
                                        sql.list(
                                                "SELECT "
                                                        + RECIPIENT_COLUMNS
                                                        + " FROM queued_recipients AS r"
                                                        + " WHERE message = ? AND state = 0"
                                                        + " AND notice <= ? LIMIT ?",
                                                MailQueue::recipient,
                                                message.number(),
                                                now.toEpochMilli(),
                                                MOST_RECIPIENTS)));
                    }
                    return page;
                });
    }

    /** The message as it lies in its file, to be closed by the caller. */
    public FileChannel open(Queued message) throws IOException {
        return bodies.open(message.body());
    }

    // ---- who is at work

    /** Takes the recipients of a message at one destination for oneself; false if somebody has. */
    public boolean claim(Queued message, String destination) {
        synchronized (claimed) {
            Set<String> taken = claimed.computeIfAbsent(message.number(), n -> new HashSet<>(2));
            return !taken.contains(EVERYWHERE) && taken.add(destination);
        }
    }

    /**
     * What of {@code work} is left to do, once it is claimed: since it was read, others may have
     * sent it, held it or cancelled it.
     */
    public Optional<Work> still(Work work, String destination, Instant now) throws StoreException {
        Queued message = work.message();
        List<Recipient> left =
                database.read(sql -> waiting(sql, message.number(), destination, now));
        return left.isEmpty() ? Optional.empty() : Optional.of(new Work(message, left));
    }

    /** Takes the whole message; false if anybody is at work on it. */
    public boolean claim(Queued message) {
        synchronized (claimed) {
            return claimed.putIfAbsent(message.number(), new HashSet<>(Set.of(EVERYWHERE))) == null;
        }
    }

    /** Gives it back. */
    public void release(Queued message, String destination) {
        synchronized (claimed) {
            Set<String> taken = claimed.get(message.number());
            if (taken != null && taken.remove(destination) && taken.isEmpty()) {
                claimed.remove(message.number());
            }
        }
    }

    /** Gives the whole message back. */
    public void release(Queued message) {
        release(message, EVERYWHERE);
    }

    /** Whether somebody is sending it just now. */
    public boolean busy(long message) {
        synchronized (claimed) {
            return claimed.containsKey(message);
        }
    }

    // ---- what became of it

    /** Does {@code step}; returns when it is on disk. */
    public void write(Mail.Also step) throws StoreException {
        database.write(
                sql -> {
                    step.in(sql, 0, 0);
                    return true;
                });
    }

    /** Notes {@code results} for recipients of {@code message}. */
    public Settling settling(Queued message, Collection<Result> results) {
        return new Settling(message, results);
    }

    /** A step that notes results. Say {@link #done} when it is committed. */
    public final class Settling implements Mail.Also {
        private final Queued message;
        private final Collection<Result> results;
        private volatile Set<Long> orphans = Set.of(); // it may run twice

        private Settling(Queued message, Collection<Result> results) {
            this.message = message;
            this.results = results;
        }

        @Override
        public void in(Sql sql, long body, long size) throws SQLException {
            for (Result result : results) {
                sql.update(
                        // MAX: whoever was held meanwhile stays so where the result is to wait
                        "UPDATE queued_recipients SET state = MAX(state, ?), due = ?,"
                                + " tries = tries + ?, reply = ?"
                                + " WHERE message = ? AND number = ? AND state < 2",
                        result.state().number,
                        result.due().toEpochMilli(),
                        result.tried() ? 1 : 0,
                        result.reply(),
                        message.number(),
                        result.recipient());
            }
            orphans =
                    removeIfDone(sql, message.number())
                            ? BodyRows.unnamed(sql, List.of(message.body()))
                            : Set.of();
        }

        /** Deletes the body's file, if nobody needs it any more. */
        public void done() {
            if (!orphans.isEmpty()) {
                disposal.of(orphans);
            }
        }
    }

    private static boolean removeIfDone(Sql sql, long message) throws SQLException {
        boolean more =
                sql.first(
                                "SELECT 1 FROM queued_recipients WHERE message = ? AND state < 2"
                                        + " LIMIT 1",
                                row -> true,
                                message)
                        .isPresent();
        return !more && sql.update("DELETE FROM queued WHERE number = ?", message) > 0;
    }

    /** The sender of a message has been told that it waits: the next notice is its end. */
    public static Mail.Also warning(Queued message, Collection<Recipient> recipients) {
        return (sql, body, size) -> {
            for (Recipient recipient : recipients) {
                sql.update(
                        "UPDATE queued_recipients SET notice = ? WHERE message = ? AND number = ?",
                        message.expires().toEpochMilli(),
                        message.number(),
                        recipient.number());
            }
        };
    }

    /**
     * Somebody is about to work for {@code destination}: a store that could not write down what
     * becomes of it says so now, before anything is sent that would be sent again.
     */
    public void begun(String destination) throws StoreException {
        database.write(
                sql ->
                        sql.update(
                                "UPDATE queue_destinations SET due = due WHERE name = ?",
                                destination));
    }

    /**
     * Nobody works for {@code destination} any more: it is due again with the first of those that
     * wait for it, or forgotten with the last.
     */
    public void finished(String destination) throws StoreException {
        database.write(
                sql -> {
                    Optional<Long> next =
                            sql.first(
                                    "SELECT due FROM queued_recipients WHERE state = 0"
                                            + " AND destination = ? ORDER BY due LIMIT 1",
                                    row -> row.getLong(1),
                                    destination);
                    return next.isPresent()
                            ? sql.update(
                                    "UPDATE queue_destinations SET due = ?, failures = 0,"
                                            + " reply = '' WHERE name = ?",
                                    next.get(),
                                    destination)
                            : sql.update(
                                    "DELETE FROM queue_destinations WHERE name = ?", destination);
                });
    }

    /**
     * Nobody answers at {@code destination}: nothing is tried there for a while.
     *
     * @param due when it is tried again, by how often in a row it was so, this time included
     * @return how often that is
     */
    public int unreachable(String destination, IntFunction<Instant> due, String why)
            throws StoreException {
        return database.write(
                sql -> {
                    int failures = failures(sql, destination) + 1;
                    sql.update(
                            "UPDATE queue_destinations SET due = ?, reply = ?, failures = ?"
                                    + " WHERE name = ?",
                            due.apply(failures).toEpochMilli(),
                            why,
                            failures,
                            destination);
                    return failures;
                });
    }

    private static int failures(Sql sql, String destination) throws SQLException {
        return sql.first(
                        "SELECT failures FROM queue_destinations WHERE name = ?",
                        row -> row.getInt(1),
                        destination)
                .orElse(0);
    }

    /** Why nobody could be spoken to at {@code destination}; empty if somebody could. */
    public String reply(String destination) throws StoreException {
        return database.read(
                sql ->
                        sql.first(
                                        "SELECT reply FROM queue_destinations WHERE name = ?",
                                        row -> row.getString(1),
                                        destination)
                                .orElse(""));
    }

    // ---- for the administrator

    /**
     * A destination that somebody waits for.
     *
     * @param failures how often in a row nobody answered there
     * @param reply what was heard last, if nobody did
     */
    public record Destination(String name, Instant due, int failures, String reply) {}

    /** A message of a list: how many of its recipients are waiting, held, done, and until when. */
    public record Line(
            Queued message,
            int waiting,
            int held,
            int done,
            Optional<Instant> next,
            int tries,
            String destination,
            String reply) {}

    /** How much there is. */
    public record Totals(long messages, long bytes, long waiting, long held, long destinations) {}

    public Totals totals() throws StoreException {
        return database.read(
                sql ->
                        sql.first(
                                        "SELECT (SELECT COUNT(*) FROM queued),"
                                                + " (SELECT COALESCE(SUM(size), 0) FROM queued),"
                                                + " (SELECT COUNT(*) FROM queued_recipients"
                                                + " WHERE state = 0),"
                                                + " (SELECT COUNT(*) FROM queued_recipients"
                                                + " WHERE state = 1),"
                                                + " (SELECT COUNT(*) FROM queue_destinations)",
                                        row ->
                                                new Totals(
                                                        row.getLong(1),
                                                        row.getLong(2),
                                                        row.getLong(3),
                                                        row.getLong(4),
                                                        row.getLong(5)))
                                .orElseThrow());
    }

    /**
     * Which messages are meant; what is empty does not matter.
     *
     * @param id exactly this one
     * @param sender exactly this one
     * @param destination with a recipient there who waits or is held
     */
    public record Wanted(String id, String sender, String destination) {
        public static final Wanted ALL = new Wanted("", "", "");
    }

    private static final String MEANT =
            " (?1 = '' OR m.id = ?1) AND (?2 = '' OR m.sender = ?2) AND (?3 = '' OR EXISTS"
                    + " (SELECT 1 FROM queued_recipients AS r WHERE r.message = m.number"
                    + " AND r.state < 2 AND r.destination = ?3))";

    /** Messages behind number {@code after}, the oldest first. */
    public List<Line> list(Wanted wanted, long after, int most) throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT "
                                        + MESSAGE_COLUMNS
                                        + ", SUM(r.state = 0), SUM(r.state = 1), SUM(r.state > 1),"
                                        + " MIN(CASE WHEN r.state = 0"
                                        + " THEN max(r.due, COALESCE(d.due, 0)) END),"
                                        + " MAX(r.tries), MIN(CASE WHEN r.state < 2"
                                        + " THEN r.destination END),"
                                        + " MAX(CASE WHEN r.state < 2 THEN CASE WHEN"
                                        + " r.reply = '' THEN COALESCE(d.reply, '')"
                                        + " ELSE r.reply END END)"
                                        + " FROM (SELECT * FROM queued AS m WHERE"
                                        + MEANT
                                        + " AND number > ?4 ORDER BY number LIMIT ?5) AS m"
                                        + " JOIN queued_recipients AS r ON r.message = m.number"
                                        + " LEFT JOIN queue_destinations AS d"
                                        + " ON d.name = r.destination"
                                        + " GROUP BY m.number ORDER BY m.number",
                                MailQueue::line,
                                wanted.id(),
                                wanted.sender(),
                                wanted.destination(),
                                after,
                                most));
    }

    private static Line line(ResultSet row) throws SQLException {
        long next = row.getLong(18);
        Optional<Instant> when =
                row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
        return new Line(
                message(row),
                row.getInt(15),
                row.getInt(16),
                row.getInt(17),
                when,
                row.getInt(19),
                text(row, 20),
                text(row, 21));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    /** A message with all of its recipients. */
    public Optional<Work> find(String id) throws StoreException {
        return database.read(
                sql -> {
                    Optional<Queued> message =
                            sql.first(
                                    "SELECT " + MESSAGE_COLUMNS + " FROM queued AS m WHERE id = ?",
                                    MailQueue::message,
                                    id);
                    return message.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Work(
                                            message.get(),
                                            sql.list(
                                                    "SELECT "
                                                            + RECIPIENT_COLUMNS
                                                            + " FROM queued_recipients AS r"
                                                            + " WHERE message = ? ORDER BY number",
                                                    MailQueue::recipient,
                                                    message.get().number())));
                });
    }

    /** A destination, if somebody waits for it. */
    public Optional<Destination> destination(String name) throws StoreException {
        return database.read(
                sql ->
                        sql.first(
                                "SELECT name, due, failures, reply FROM queue_destinations"
                                        + " WHERE name = ?",
                                MailQueue::destination,
                                name));
    }

    private static Destination destination(ResultSet row) throws SQLException {
        return new Destination(
                row.getString(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getInt(3),
                row.getString(4));
    }

    /** The destinations that somebody waits for, the first that is due first. */
    public List<Destination> destinations(int most) throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT name, due, failures, reply FROM queue_destinations"
                                        + " ORDER BY due LIMIT ?",
                                MailQueue::destination,
                                most));
    }

    /** Lets what waits and is meant be tried at {@code now}; returns how many messages that are. */
    public int retry(Wanted wanted, Instant now) throws StoreException {
        return leaving(wanted, State.WAITING, now);
    }

    private int leaving(Wanted wanted, State from, Instant now) throws StoreException {
        int changed =
                database.write(
                        sql -> {
                            int messages = count(sql, wanted, from);
                            change(sql, wanted, from, State.WAITING, now);
                            hurry(sql, now);
                            return messages;
                        });
        nudge();
        return changed;
    }

    /** Destinations for which somebody has become due are due, too. */
    private static void hurry(Sql sql, Instant now) throws SQLException {
        sql.update(
                "INSERT INTO queue_destinations(name, due) SELECT DISTINCT destination, ?1"
                        + " FROM queued_recipients WHERE state = 0 AND due = ?1"
                        + " ON CONFLICT(name) DO UPDATE SET due = ?1",
                now.toEpochMilli());
    }

    /** Keeps what waits and is meant from leaving; returns how many messages that are. */
    public int hold(Wanted wanted, Instant now) throws StoreException {
        return database.write(
                sql -> {
                    int messages = count(sql, wanted, State.WAITING);
                    change(sql, wanted, State.WAITING, State.HELD, now);
                    return messages;
                });
    }

    /** Lets what is held and is meant leave again; returns how many messages that are. */
    public int release(Wanted wanted, Instant now) throws StoreException {
        return leaving(wanted, State.HELD, now);
    }

    private static int count(Sql sql, Wanted wanted, State state) throws SQLException {
        return sql.first(
                        "SELECT COUNT(DISTINCT m.number) FROM queued AS m JOIN queued_recipients"
                                + " AS q ON q.message = m.number AND q.state = ?4"
                                + " AND (?3 = '' OR q.destination = ?3) WHERE"
                                + MEANT,
                        row -> row.getInt(1),
                        wanted.id(),
                        wanted.sender(),
                        wanted.destination(),
                        state.number)
                .orElse(0);
    }

    private static void change(Sql sql, Wanted wanted, State from, State to, Instant due)
            throws SQLException {
        sql.update(
                "UPDATE queued_recipients SET state = ?5, due = ?6 WHERE state = ?4"
                        + " AND (?3 = '' OR destination = ?3) AND message IN"
                        + " (SELECT m.number FROM queued AS m WHERE"
                        + MEANT
                        + ")",
                wanted.id(),
                wanted.sender(),
                wanted.destination(),
                from.number,
                to.number,
                due.toEpochMilli());
    }

    /** Forgets what is meant, without telling its sender; returns how many messages that are. */
    public int cancel(Wanted wanted) throws StoreException {
        Set<Long> orphans = new HashSet<>();
        int cancelled =
                database.write(
                        sql -> {
                            orphans.clear(); // work may run twice
                            return cancel(sql, wanted, orphans);
                        });
        disposal.of(orphans);
        return cancelled;
    }

    private static int cancel(Sql sql, Wanted wanted, Set<Long> orphans) throws SQLException {
        List<Queued> messages =
                sql.list(
                        "SELECT " + MESSAGE_COLUMNS + " FROM queued AS m WHERE" + MEANT,
                        MailQueue::message,
                        wanted.id(),
                        wanted.sender(),
                        wanted.destination());
        for (Queued message : messages) {
            sql.update(
                    "DELETE FROM queued_recipients WHERE message = ?1"
                            + " AND (?2 = '' OR destination = ?2)",
                    message.number(),
                    wanted.destination());
            if (removeIfDone(sql, message.number())) {
                orphans.addAll(BodyRows.unnamed(sql, List.of(message.body())));
            }
        }
        sql.update(
                "DELETE FROM queue_destinations WHERE NOT EXISTS (SELECT 1 FROM queued_recipients"
                        + " WHERE state = 0 AND destination = name)");
        return messages.size();
    }

    private static Queued message(ResultSet row) throws SQLException {
        return new Queued(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                Outgoing.Demands.of(row.getInt(9)),
                row.getString(10),
                row.getString(11),
                Instant.ofEpochMilli(row.getLong(12)),
                Instant.ofEpochMilli(row.getLong(13)),
                Instant.ofEpochMilli(row.getLong(14)));
    }

    private static Recipient recipient(ResultSet row) throws SQLException {
        return new Recipient(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                State.of(row.getInt(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getInt(8),
                row.getString(9));
    }
}
