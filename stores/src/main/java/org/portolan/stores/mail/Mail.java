package org.portolan.stores.mail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.stores.Account;
import org.portolan.stores.Database;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail of every account: rows for mailboxes and messages, a file for each body.
 *
 * <p>A message for several people is one body and several rows. The order of the syncs is: the
 * body, its folder, the rows; then whoever waits is told.
 */
public final class Mail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);
    private static final String INBOX = "INBOX";

    /** Body numbers are reserved in blocks of this size, so that no message pays for it. */
    private static final int BLOCK = 10_000;

    public static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE mailboxes(
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        account INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        uid_validity INTEGER NOT NULL,
                        next_uid INTEGER NOT NULL DEFAULT 1,
                        UNIQUE(account, name));
                    CREATE TABLE messages(
                        mailbox INTEGER NOT NULL REFERENCES mailboxes(id) ON DELETE CASCADE,
                        uid INTEGER NOT NULL,
                        body INTEGER NOT NULL,
                        size INTEGER NOT NULL,
                        dotted INTEGER NOT NULL,
                        received INTEGER NOT NULL,
                        PRIMARY KEY(mailbox, uid)) WITHOUT ROWID;
                    CREATE INDEX messages_by_body ON messages(body);
                    CREATE TABLE numbers(
                        name TEXT NOT NULL PRIMARY KEY,
                        next INTEGER NOT NULL) WITHOUT ROWID;
                    INSERT INTO numbers(name, next) VALUES('body', 1);
                    """);

    private final InstantSource clock;
    private final Bodies bodies;
    private final Database database;
    private final Set<Long> lockedMaildrops = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextBody = new AtomicLong();
    private final long firstBodyOfThisRun;
    private long reservedUntil;

    /** Opens the store in {@code folder}. */
    public Mail(Path folder, InstantSource clock) throws IOException, StoreException {
        this.clock = clock;
        this.bodies = new Bodies(folder.resolve("bodies"));
        this.database =
                new Database(
                        folder.resolve("mail.db"), MIGRATIONS, bodies::syncFolders, Duration.ZERO);
        this.reservedUntil = reserveBlock();
        this.firstBodyOfThisRun = reservedUntil - BLOCK;
        this.nextBody.set(firstBodyOfThisRun);
    }

    private long reserveBlock() throws StoreException {
        return database.write(
                sql ->
                        sql.first(
                                        "UPDATE numbers SET next = next + ? WHERE name = 'body'"
                                                + " RETURNING next",
                                        row -> row.getLong(1),
                                        BLOCK)
                                .orElseThrow());
    }

    // ---- delivery

    /** Begins a message. */
    public Draft draft() throws StoreException {
        return new Draft(bodies, newBody());
    }

    private long newBody() throws StoreException {
        long number = nextBody.getAndIncrement();
        synchronized (this) {
            while (number >= reservedUntil) {
                reservedUntil = reserveBlock();
            }
        }
        return number;
    }

    /**
     * Puts {@code draft} into the inbox of each of {@code accounts}. When this returns, it is on
     * disk: body, folder and rows. When it throws, nobody has it.
     */
    public void deliver(Draft draft, Collection<Account> accounts) throws StoreException {
        CompletableFuture<Boolean> delivered = new CompletableFuture<>();
        bodies.execute(() -> deliver(draft, accounts, delivered));
        try {
            Database.wait(delivered);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.BROKEN) {
                draft.abandon(); // the row may yet be on disk: its body must be, too
            }
            draft.discard();
            throw e;
        }
    }

    private void deliver(
            Draft draft, Collection<Account> accounts, CompletableFuture<Boolean> delivered) {
        try {
            draft.finish();
            long received = clock.instant().getEpochSecond();
            database.writeLater(sql -> insert(sql, draft, accounts, received), delivered);
        } catch (Throwable e) { // even an Error: somebody waits
            delivered.completeExceptionally(e);
        }
    }

    private boolean insert(Sql sql, Draft draft, Collection<Account> accounts, long received)
            throws SQLException {
        for (Account account : accounts) {
            long mailbox = inbox(sql, account);
            long uid =
                    sql.first(
                                    "UPDATE mailboxes SET next_uid = next_uid + 1 WHERE id = ?"
                                            + " RETURNING next_uid - 1",
                                    row -> row.getLong(1),
                                    mailbox)
                            .orElseThrow();
            sql.update(
                    "INSERT INTO messages(mailbox, uid, body, size, dotted, received)"
                            + " VALUES(?, ?, ?, ?, ?, ?)",
                    mailbox,
                    uid,
                    draft.number(),
                    draft.size(),
                    draft.dotted() ? 1 : 0,
                    received);
        }
        return true;
    }

    private long inbox(Sql sql, Account account) throws SQLException {
        Optional<Long> known =
                sql.first(
                        "SELECT id FROM mailboxes WHERE account = ? AND name = ?",
                        row -> row.getLong(1),
                        account.id(),
                        INBOX);
        if (known.isPresent()) {
            return known.get();
        }
        return sql.first(
                        "INSERT INTO mailboxes(account, name, uid_validity) VALUES(?, ?, ?)"
                                + " RETURNING id",
                        row -> row.getLong(1),
                        account.id(),
                        INBOX,
                        clock.instant().getEpochSecond())
                .orElseThrow();
    }

    // ---- the maildrop of POP3

    /**
     * An account's inbox, held by one POP3 session alone (RFC 1939 §4). New mail may arrive
     * meanwhile; the list stays as it was.
     */
    public final class Maildrop implements AutoCloseable {
        private final AtomicBoolean held = new AtomicBoolean(true);
        private final Account account;
        private final long uidValidity;
        private final List<Message> messages;

        private Maildrop(Account account, long uidValidity, List<Message> messages) {
            this.account = account;
            this.uidValidity = uidValidity;
            this.messages = messages;
        }

        /** Oldest first. */
        public List<Message> messages() {
            return messages;
        }

        /** With a message's uid, a name for it that is never used again (RFC 1939 §7). */
        public long uidValidity() {
            return uidValidity;
        }

        /** The message's body, to be closed by the caller. */
        public FileChannel open(Message message) throws IOException {
            return bodies.open(message.body());
        }

        /** Deletes {@code gone} for good; on disk when this returns. */
        public void delete(Collection<Message> gone) throws StoreException {
            if (!gone.isEmpty()) {
                deleteMessages(account, gone);
            }
        }

        /** Lets others in again. */
        @Override
        public void close() {
            if (held.getAndSet(false)) { // a second time it may be another session's
                lockedMaildrops.remove(account.id());
            }
        }
    }

    /** The account's maildrop, or empty while another session holds it. */
    public Optional<Maildrop> lock(Account account) throws StoreException {
        if (!lockedMaildrops.add(account.id())) {
            return Optional.empty();
        }
        try {
            return Optional.of(database.read(sql -> maildrop(sql, account)));
        } catch (StoreException | RuntimeException e) {
            lockedMaildrops.remove(account.id());
            throw e;
        }
    }

    /** Both from one look at the database, so that they belong together. */
    private Maildrop maildrop(Sql sql, Account account) throws SQLException {
        long uidValidity =
                sql.first(
                                "SELECT uid_validity FROM mailboxes WHERE account = ? AND name = ?",
                                row -> row.getLong(1),
                                account.id(),
                                INBOX)
                        .orElse(0L);
        List<Message> messages =
                sql.list(
                        "SELECT uid, body, size, dotted, received FROM messages"
                                + " WHERE mailbox = (SELECT id FROM mailboxes"
                                + " WHERE account = ? AND name = ?) ORDER BY uid",
                        row ->
                                new Message(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getInt(4) != 0,
                                        Instant.ofEpochSecond(row.getLong(5))),
                        account.id(),
                        INBOX);
        return new Maildrop(account, uidValidity, messages);
    }

    private void deleteMessages(Account account, Collection<Message> gone) throws StoreException {
        Set<Long> orphans =
                database.write(
                        sql -> {
                            for (Message message : gone) {
                                sql.update(
                                        "DELETE FROM messages WHERE uid = ? AND mailbox ="
                                                + " (SELECT id FROM mailboxes"
                                                + " WHERE account = ? AND name = ?)",
                                        message.uid(),
                                        account.id(),
                                        INBOX);
                            }
                            return unnamed(sql, gone.stream().map(Message::body).toList());
                        });
        deleteBodies(orphans);
    }

    private static Set<Long> unnamed(Sql sql, Collection<Long> numbers) throws SQLException {
        Set<Long> orphans = new HashSet<>();
        for (Long number : numbers) {
            boolean named =
                    sql.first("SELECT 1 FROM messages WHERE body = ? LIMIT 1", row -> true, number)
                            .isPresent();
            if (!named) {
                orphans.add(number);
            }
        }
        return orphans;
    }

    /** The rows are gone; what a crash leaves of the files, the next sweep finds. */
    private void deleteBodies(Set<Long> numbers) {
        bodies.execute(
                () -> {
                    for (Long number : numbers) {
                        try {
                            bodies.delete(number);
                        } catch (IOException e) {
                            LOG.warn("body {} could not be deleted: {}", number, e.getMessage());
                        }
                    }
                });
    }

    // ---- the account's end, and the store's care

    /** Deletes all mail of {@code account}. */
    public void removeAccount(Account account) throws StoreException {
        Set<Long> orphans =
                database.write(
                        sql -> {
                            List<Long> numbers =
                                    sql.list(
                                            "SELECT body FROM messages WHERE mailbox IN"
                                                    + " (SELECT id FROM mailboxes"
                                                    + " WHERE account = ?)",
                                            row -> row.getLong(1),
                                            account.id());
                            sql.update("DELETE FROM mailboxes WHERE account = ?", account.id());
                            return unnamed(sql, numbers);
                        });
        deleteBodies(orphans);
    }

    /** Messages and their bytes, by account id. */
    public Map<Long, Usage> usage() throws StoreException {
        return database.read(
                sql -> {
                    Map<Long, Usage> usage = new HashMap<>();
                    sql.list(
                            "SELECT account, COUNT(*), SUM(size) FROM mailboxes"
                                    + " JOIN messages ON mailbox = id GROUP BY account",
                            row ->
                                    usage.put(
                                            row.getLong(1),
                                            new Usage(row.getLong(2), row.getLong(3))));
                    return usage;
                });
    }

    /** How much somebody keeps. */
    public record Usage(long messages, long bytes) {
        public static final Usage NONE = new Usage(0, 0);
    }

    // ---- copying all of it

    /**
     * Keeps the files of all bodies from being deleted, for whoever copies them, until it is closed
     * or its time is over. Messages are deleted as ever; only their files stay a while.
     *
     * @throws StoreException if another copy is being taken
     */
    public BodyHold holdBodies(Duration atMost) throws StoreException {
        if (!bodies.hold(atMost)) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "another backup is being taken; wait for its end");
        }
        return new BodyHold();
    }

    /** While it is open, no file of a body is deleted. */
    public final class BodyHold implements AutoCloseable {
        private final AtomicBoolean open = new AtomicBoolean(true);

        private BodyHold() {}

        /** Where a body lies: the number is that of the rows of {@code mail.db}. */
        public Path file(long body) {
            return bodies.at(body);
        }

        /** Whether files are still kept: false when its time is over. */
        public boolean holds() {
            return open.get() && bodies.holds();
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                bodies.release();
            }
        }
    }

    /**
     * Deletes bodies of earlier runs that no message names: what was arriving when the process was
     * killed. Takes time in proportion to the mail kept; returns how many were deleted.
     */
    public int sweep() throws IOException, StoreException {
        Set<Long> named =
                database.read(
                        sql ->
                                new HashSet<>(
                                        sql.list(
                                                "SELECT DISTINCT body FROM messages WHERE body < ?",
                                                row -> row.getLong(1),
                                                firstBodyOfThisRun)));
        return bodies.sweep(firstBodyOfThisRun, named::contains);
    }

    @Override
    public void close() throws IOException {
        bodies.stopWriting();
        database.close(); // what is queued still has its folders synced
        bodies.close();
    }
}
