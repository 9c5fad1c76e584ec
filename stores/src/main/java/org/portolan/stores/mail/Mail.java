package org.portolan.stores.mail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Account;
import org.portolan.stores.Database;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;
import org.portolan.stores.mime.KeptFields;
import org.portolan.stores.mime.ParsedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail of every account: rows for mailboxes and messages, a file for each body.
 *
 * <p>A message for several people is one body and several rows. The order of the syncs is: the
 * body, its folder, the rows; then whoever has the mailbox open is told, then whoever waits.
 *
 * <p>A mailbox is named by its id, a message by its unique id in there. What an account may do with
 * a mailbox is asked before ({@link Mailbox#may}); the verbs here do as they are told.
 */
public final class Mail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);

    /** Body numbers are reserved in blocks of this size, so that no message pays for it. */
    private static final int BLOCK = 10_000;

    /** Numbered from 1, each run once for the life of a file. */
    public static final List<String> MIGRATIONS = MailSchema.MIGRATIONS;

    /** What else belongs to the acceptance of a message: done in the same transaction. */
    public interface Also {
        /** Changes rows of its own; {@code body} and {@code size} are those of the message. */
        void in(Sql sql, long body, long size) throws SQLException, StoreException;
    }

    /** A change of mailboxes; what it did to each goes into {@code changes}. */
    private interface Changing<T> {
        T in(Sql sql, List<Change> changes) throws SQLException, StoreException;
    }

    private record Outcome<T>(T result, List<Change> changes) {}

    private final InstantSource clock;
    private final Groups groups;
    private final Names names;
    private final Bodies bodies;
    private final Database database;
    private final LiveMailboxes live;
    private final Places places = new Places();
    private final Map<Long, Boolean> limited = new ConcurrentHashMap<>(); // by account
    private final MailQueue queue;
    private final Set<Long> lockedMaildrops = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextBody = new AtomicLong();
    private final long firstBodyOfThisRun;
    private long reservedUntil;

    /** Which groups an account is in. */
    public interface Groups {
        Set<String> of(Account account) throws StoreException;
    }

    /** What an account is called, of which this store knows no more than its number. */
    public interface Names {
        Optional<String> of(long account) throws StoreException;
    }

    /** Opens the store in {@code folder}, where accounts have neither groups nor names. */
    public Mail(Path folder, InstantSource clock) throws IOException, StoreException {
        this(folder, clock, account -> Set.of(), account -> Optional.empty());
    }

    /** Opens the store in {@code folder}. */
    public Mail(Path folder, InstantSource clock, Groups groups, Names names)
            throws IOException, StoreException {
        this.clock = clock;
        this.groups = groups;
        this.names = names;
        this.bodies = new Bodies(folder.resolve("bodies"), folder.resolve("body-journal"));
        this.database =
                new Database(folder.resolve("mail.db"), MIGRATIONS, bodies::sync, Duration.ZERO);
        this.live =
                new LiveMailboxes(
                        mailbox -> database.read(sql -> MessageRows.snapshot(sql, mailbox)));
        this.queue = new MailQueue(database, bodies, this::deleteBodies);
        recoverBodies();
        this.reservedUntil = reserveBlock();
        this.firstBodyOfThisRun = reservedUntil - BLOCK;
        this.nextBody.set(firstBodyOfThisRun);
    }

    private void recoverBodies() throws StoreException {
        int written =
                database.read(
                        sql -> {
                            try {
                                return bodies.recover(
                                        (number, size) -> BodyRows.named(sql, number, size));
                            } catch (IOException e) {
                                throw new StoreException(
                                        StoreException.Kind.BROKEN,
                                        "bodies of messages cannot be recovered",
                                        e);
                            }
                        });
        if (written > 0) {
            LOG.warn("{} bodies of messages were lost in a crash, and written again", written);
        }
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

    private long now() {
        return clock.instant().getEpochSecond();
    }

    // ---- changing

    /** Does {@code work}; when this returns it is on disk, and whoever has it open knows. */
    private <T> T change(Changing<T> work) throws StoreException {
        CompletableFuture<T> done = new CompletableFuture<>();
        begin(work, done);
        return Database.wait(done);
    }

    private <T> void begin(Changing<T> work, CompletableFuture<T> done) {
        CompletableFuture<Outcome<T>> committed = new CompletableFuture<>();
        var _ =
                committed.whenComplete(
                        (outcome, problem) -> {
                            if (outcome == null) {
                                done.completeExceptionally(problem);
                                return;
                            }
                            try {
                                if (outcome.changes().stream().anyMatch(Change::gone)) {
                                    places.forget();
                                }
                                live.announce(outcome.changes()); // in the order of the commits
                            } finally {
                                done.complete(outcome.result());
                            }
                        });
        database.writeNow(
                sql -> {
                    List<Change> changes = new ArrayList<>();
                    return new Outcome<>(work.in(sql, changes), changes);
                },
                committed);
    }

    /** What is on its way out. */
    public MailQueue queue() {
        return queue;
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
        deliver(draft, accounts.stream().map(Destination::inbox).toList(), (sql, body, size) -> {});
    }

    /**
     * Puts {@code draft} into each of {@code mailboxes}, which may be none, and does {@code also}
     * in the same transaction. When it throws, nobody has it: {@code OVER_QUOTA} if any of them has
     * no room.
     */
    public void deliver(Draft draft, Collection<Destination> mailboxes, Also also)
            throws StoreException {
        long received = now();
        List<Destination> to = List.copyOf(mailboxes);
        keep(
                List.of(draft),
                (sql, changes) -> {
                    also.in(sql, draft.number(), draft.size());
                    MessageRows.Row row = row(draft, received, received, 0);
                    for (Destination destination : to) {
                        long mailbox = place(sql, destination);
                        MessageRows.add(sql, mailbox, List.of(row), List.of(), changes);
                    }
                    return true;
                });
    }

    private long place(Sql sql, Destination destination) throws SQLException {
        if (!destination.mailbox().equals(Mailbox.INBOX)) {
            Optional<Long> named =
                    MailboxRows.find(sql, destination.account(), destination.mailbox());
            if (named.isPresent()) {
                return named.get();
            }
        }
        return MailboxRows.inbox(sql, destination.account(), now());
    }

    private static MessageRows.Row row(Draft draft, long received, long saved, long flags) {
        return new MessageRows.Row(
                0, draft.number(), draft.size(), draft.dotted(), received, saved, flags, 0);
    }

    /** Writes the files of {@code drafts}, and does {@code work}, which names them. */
    private <T> T keep(List<Draft> drafts, Changing<T> work) throws StoreException {
        CompletableFuture<T> done = new CompletableFuture<>();
        var _ =
                CompletableFuture.allOf(finished(drafts))
                        .whenComplete(
                                (all, problem) -> {
                                    if (problem == null) {
                                        begin(named(drafts, work), done);
                                    } else {
                                        done.completeExceptionally(problem);
                                    }
                                });
        try {
            return Database.wait(done);
        } catch (StoreException e) {
            for (Draft draft : drafts) {
                if (e.kind() == StoreException.Kind.BROKEN) {
                    draft.abandon(); // the row may yet be on disk: its body must be, too
                }
                draft.discard();
            }
            throw e;
        }
    }

    /**
     * Small ones are left to the writer. Several large ones are finished beside each other, one by
     * whoever waits for it, if that may be.
     */
    private CompletableFuture<?>[] finished(List<Draft> drafts) {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (Draft draft : drafts) {
            draft.known(); // in the caller's thread: there are several of those
            if (draft.small()) {
                continue;
            }
            CompletableFuture<Boolean> one = new CompletableFuture<>();
            all.add(one);
            Runnable finish =
                    () -> {
                        try {
                            draft.finish();
                            one.complete(true);
                        } catch (Throwable e) { // even an Error: somebody waits
                            one.completeExceptionally(e);
                        }
                    };
            if (drafts.size() == 1) {
                bodies.begin(finish);
            } else {
                bodies.execute(finish);
            }
        }
        return all.toArray(CompletableFuture[]::new);
    }

    private static <T> Changing<T> named(List<Draft> drafts, Changing<T> work) {
        return (sql, changes) -> {
            for (Draft draft : drafts) {
                if (draft.small()) {
                    draft.place();
                }
                BodyRows.insert(sql, draft.number(), draft.known());
            }
            return work.in(sql, changes);
        };
    }

    /**
     * Adds messages to {@code mailbox}, all or none of them (RFC 3502), in the order given. They
     * are on disk when this returns.
     */
    public Copied append(long mailbox, List<Addition> additions) throws StoreException {
        long saved = now();
        return keep(
                additions.stream().map(Addition::draft).toList(),
                (sql, changes) -> add(sql, mailbox, additions, saved, changes));
    }

    /** Adds a message to {@code target} and expunges {@code uid} of {@code mailbox} (RFC 8508). */
    public Copied replace(long mailbox, long uid, long target, Addition addition)
            throws StoreException {
        long saved = now();
        Orphans orphans = new Orphans();
        Copied added =
                keep(
                        List.of(addition.draft()),
                        (sql, changes) -> {
                            List<MessageRows.Row> old =
                                    MessageRows.in(sql, mailbox, UidSet.of(uid));
                            if (old.isEmpty()) {
                                throw new StoreException(
                                        StoreException.Kind.MISSING, "the message is gone");
                            }
                            Copied copied = add(sql, target, List.of(addition), saved, changes);
                            MessageRows.remove(sql, mailbox, old, changes);
                            orphans.are(unnamed(sql, old));
                            return copied;
                        });
        deleteBodies(orphans.numbers);
        return added;
    }

    private static Copied add(
            Sql sql, long mailbox, List<Addition> additions, long saved, List<Change> changes)
            throws SQLException, StoreException {
        List<String> keywords = new ArrayList<>(MailboxRows.keywords(sql, mailbox));
        int before = keywords.size();
        List<MessageRows.Row> rows = new ArrayList<>();
        for (Addition addition : additions) {
            long bits = MailboxRows.bits(sql, mailbox, keywords, addition.keywords(), true);
            long flags = (addition.system() & Flags.SYSTEM) | bits;
            long received = addition.received().getEpochSecond();
            rows.add(row(addition.draft(), received, saved, flags));
        }
        List<String> told = keywords.size() == before ? List.of() : keywords;
        return MessageRows.add(sql, mailbox, rows, told, changes);
    }

    /** Bodies that a change left without a name; it may run twice, and only the last run counts. */
    private static final class Orphans {
        private Set<Long> numbers = Set.of();

        void are(Set<Long> found) {
            numbers = found;
        }
    }

    // ---- messages

    /**
     * Changes flags.
     *
     * @param unchangedSince leaves out messages that changed later than that (RFC 7162 §3.1.3)
     */
    public Stored store(long mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince)
            throws StoreException {
        long since = unchangedSince.orElse(Long.MAX_VALUE);
        return change(
                (sql, changes) -> MessageRows.store(sql, mailbox, uids, change, since, changes));
    }

    /**
     * Removes messages for good.
     *
     * @param onlyDeleted leaves out those without the flag \\Deleted
     */
    public Expunged expunge(long mailbox, UidSet uids, boolean onlyDeleted) throws StoreException {
        Orphans orphans = new Orphans();
        Expunged expunged =
                change(
                        (sql, changes) -> {
                            List<MessageRows.Row> rows = MessageRows.in(sql, mailbox, uids);
                            if (onlyDeleted) {
                                rows = rows.stream().filter(row -> row.deleted() > 0).toList();
                            }
                            if (rows.isEmpty()) {
                                long highest = MailboxRows.existing(sql, mailbox).highestModseq();
                                return new Expunged(UidSet.NONE, highest);
                            }
                            long modseq = MessageRows.remove(sql, mailbox, rows, changes);
                            orphans.are(unnamed(sql, rows));
                            return new Expunged(MessageRows.uids(rows), modseq);
                        });
        deleteBodies(orphans.numbers);
        return expunged;
    }

    /** What was expunged, and the number of that change. */
    public record Expunged(UidSet uids, long modseq) {}

    /** Copies messages, with their flags and dates; those that are not there are left out. */
    public Copied copy(long mailbox, UidSet uids, long target) throws StoreException {
        return transfer(mailbox, uids, target, false);
    }

    /** Moves messages in one transaction: nobody sees them twice or not at all (RFC 6851). */
    public Copied move(long mailbox, UidSet uids, long target) throws StoreException {
        return transfer(mailbox, uids, target, true);
    }

    private Copied transfer(long mailbox, UidSet uids, long target, boolean move)
            throws StoreException {
        long saved = now();
        return change(
                (sql, changes) -> {
                    List<MessageRows.Row> rows = MessageRows.in(sql, mailbox, uids);
                    if (rows.isEmpty()) {
                        Mailbox to = MailboxRows.existing(sql, target);
                        long[] none = {};
                        return new Copied(to.uidValidity(), none, none, to.highestModseq());
                    }
                    if (move) { // first, so that a quota counts them once
                        MessageRows.remove(sql, mailbox, rows, changes);
                    }
                    Copied copied = MessageRows.copy(sql, mailbox, rows, target, saved, changes);
                    long[] from = rows.stream().mapToLong(MessageRows.Row::uid).toArray();
                    return new Copied(copied.uidValidity(), from, copied.to(), copied.modseq());
                });
    }

    /**
     * What was expunged from {@code mailbox} after its change {@code modseq} (RFC 7162 §3.2.5.2);
     * perhaps with ids that were gone before.
     */
    public UidSet vanishedSince(long mailbox, long modseq) throws StoreException {
        Optional<Snapshot> latest = live.latest(mailbox);
        if (latest.isPresent() && latest.get().highestModseq() <= modseq) {
            return UidSet.NONE; // the usual case: the client was here last
        }
        return database.read(sql -> MessageRows.vanishedSince(sql, mailbox, modseq));
    }

    /**
     * What is known of bodies, in the order asked. Ask for some hundreds at a time.
     *
     * @throws StoreException {@code MISSING} if a body is gone, and its message with it
     */
    public List<ParsedMessage> parsed(long[] numbers) throws StoreException {
        Map<Long, ParsedMessage> found = database.read(sql -> BodyRows.parsed(sql, numbers));
        List<ParsedMessage> all = new ArrayList<>(numbers.length);
        for (long number : numbers) {
            ParsedMessage known = found.get(number);
            all.add(known == null ? parseAgain(number) : known);
        }
        return all;
    }

    /** A message of a time when nothing was parsed. */
    private ParsedMessage parseAgain(long number) throws StoreException {
        BodyRows.Known known = BodyRows.Known.of(bodies.parse(number));
        database.write(
                sql -> {
                    BodyRows.insert(sql, number, known);
                    return true;
                });
        return ParsedMessage.of(known.parsed());
    }

    /**
     * Fields of the headers of bodies, those that {@link KeptFields#cover} knows, as they came and
     * with the empty line; null where they were not kept, or the body is gone. In the order asked.
     */
    public List<byte @Nullable []> keptFields(long[] numbers) throws StoreException {
        Map<Long, byte[]> found = database.read(sql -> BodyRows.fields(sql, numbers));
        List<byte @Nullable []> all = new ArrayList<>(numbers.length);
        for (long number : numbers) {
            all.add(found.get(number));
        }
        return all;
    }

    /** The message with body {@code number} as it came, to be closed by the caller. */
    public FileChannel body(long number) throws IOException {
        return bodies.open(number);
    }

    // ---- mailboxes

    /** The mailbox called {@code name} that is the account's own; quick among ten thousand. */
    public Optional<Mailbox> mailbox(Account account, String name) throws StoreException {
        return database.read(sql -> MailboxRows.own(sql, account.id(), name));
    }

    /** The same by name alone, which asks the database only once. */
    public Optional<Place> place(Account account, String name) throws StoreException {
        return places.find(
                account.id(),
                name,
                () -> {
                    Optional<Mailbox> found = mailbox(account, name);
                    return found.map(Mailbox::place);
                });
    }

    /** All that {@code account} may see: its own, and those that are shared with it. */
    public List<Mailbox> mailboxes(Account account) throws StoreException {
        List<Mailbox> own = own(account, "");
        if (own.isEmpty()) {
            prepare(account);
            own = own(account, "");
        }
        List<Mailbox> all = new ArrayList<>(own);
        all.addAll(shared(account, ""));
        return all;
    }

    /** The account's own mailboxes whose names begin with {@code prefix}, by name. */
    public List<Mailbox> own(Account account, String prefix) throws StoreException {
        MailboxRows.Prefix range = new MailboxRows.Prefix(prefix);
        return database.read(sql -> MailboxRows.own(sql, account.id(), range));
    }

    /** Those of others that {@code account} may use, whose names begin with {@code prefix}. */
    public List<Mailbox> shared(Account account, String prefix) throws StoreException {
        List<String> who = new ArrayList<>(List.of(Rights.account(account.id())));
        groups.of(account).forEach(group -> who.add(Rights.group(group)));
        MailboxRows.Prefix range = new MailboxRows.Prefix(prefix);
        return database.read(sql -> MailboxRows.shared(sql, account.id(), who, range));
    }

    /** What whoever {@code mailbox} belongs to is called; his number if he has no name. */
    public String ownerOf(Mailbox mailbox) throws StoreException {
        return names.of(mailbox.owner()).orElse(Long.toString(mailbox.owner()));
    }

    /** Makes the inbox of {@code account} and what comes with it, unless it has one. */
    public void prepare(Account account) throws StoreException {
        if (database.read(sql -> MailboxRows.find(sql, account.id(), Mailbox.INBOX)).isEmpty()) {
            database.write(sql -> MailboxRows.inbox(sql, account.id(), now()));
        } // else a log-in waits for no disk
    }

    /** Opens {@code mailbox}; {@code changed} is run after each change, and must not wait. */
    public OpenMailbox open(long mailbox, Runnable changed) throws StoreException {
        return live.open(mailbox, changed);
    }

    /**
     * Makes a mailbox, and those above it that are missing; returns its id.
     *
     * @param owner an account, or 0 for the site itself
     */
    public long create(long owner, String name, Optional<SpecialUse> use) throws StoreException {
        String checked = MailboxName.checked(name);
        return change(
                (sql, changes) -> {
                    MailboxRows.inbox(sql, owner, now());
                    return MailboxRows.create(sql, owner, checked, use, now());
                });
    }

    /** Gives {@code mailbox} and all below it a new name; of INBOX it moves only the messages. */
    public void rename(long mailbox, String name) throws StoreException {
        String checked = MailboxName.checked(name);
        try {
            change((sql, changes) -> rename(sql, mailbox, checked, now(), changes));
        } finally {
            places.forget();
        }
    }

    private static boolean rename(
            Sql sql, long mailbox, String name, long now, List<Change> changes)
            throws SQLException, StoreException {
        Mailbox old = MailboxRows.existing(sql, mailbox);
        if (old.name().equals(Mailbox.INBOX)) { // RFC 9051 §6.3.6
            long made = MailboxRows.create(sql, old.owner(), name, Optional.empty(), now);
            List<MessageRows.Row> all = MessageRows.in(sql, mailbox, UidSet.ALL);
            if (!all.isEmpty()) {
                MessageRows.remove(sql, mailbox, all, changes);
                MessageRows.copy(sql, mailbox, all, made, now, changes);
            }
        } else {
            MailboxRows.rename(sql, old, name, now);
        }
        return true;
    }

    /** Deletes {@code mailbox} with its messages; those below it stay. */
    public void delete(long mailbox) throws StoreException {
        Orphans orphans = new Orphans();
        change(
                (sql, changes) -> {
                    Mailbox old = MailboxRows.existing(sql, mailbox);
                    if (old.name().equals(Mailbox.INBOX)) {
                        throw new StoreException(
                                StoreException.Kind.REFUSED, "INBOX cannot be deleted");
                    }
                    orphans.are(unmake(sql, old, changes));
                    return true;
                });
        deleteBodies(orphans.numbers);
    }

    private static Set<Long> unmake(Sql sql, Mailbox mailbox, List<Change> changes)
            throws SQLException, StoreException {
        List<Long> numbers =
                sql.list(
                        "SELECT body FROM messages WHERE mailbox = ?",
                        row -> row.getLong(1),
                        mailbox.id());
        MailboxRows.hold(sql, mailbox.owner(), -mailbox.messages(), -mailbox.bytes());
        MailboxRows.delete(sql, mailbox.id());
        changes.add(Change.gone(mailbox.id()));
        return BodyRows.unnamed(sql, numbers);
    }

    /** The names that {@code account} subscribed to, whether there are such mailboxes or not. */
    public Set<String> subscriptions(Account account) throws StoreException {
        return database.read(sql -> MailboxRows.subscriptions(sql, account.id()));
    }

    /** Subscribes {@code account} to {@code name}, or ends that. */
    public void subscribe(Account account, String name, boolean subscribed) throws StoreException {
        String canonical = MailboxName.canonical(name);
        database.write(
                sql -> {
                    if (subscribed) {
                        MailboxRows.subscribe(sql, account.id(), canonical);
                    } else {
                        MailboxRows.unsubscribe(sql, account.id(), canonical);
                    }
                    return true;
                });
    }

    // ---- rights

    /**
     * Lets others use {@code mailbox}.
     *
     * @param who {@link Rights#account}, {@link Rights#group} or {@link Rights#ANYONE}
     * @param letters what they may do (RFC 4314 §2.1); none takes all of it back
     */
    public void share(long mailbox, String who, String letters) throws StoreException {
        String sorted = Rights.sorted(letters);
        if (sorted.length() < letters.length()) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "rights are the letters " + Mailbox.ALL_RIGHTS + ", each at most once");
        }
        database.write(
                sql -> {
                    MailboxRows.existing(sql, mailbox);
                    MailboxRows.share(sql, mailbox, who, sorted);
                    return true;
                });
    }

    /** Takes back all rights of a group that is removed: one made later is another. */
    public void forgetGroup(String group) throws StoreException {
        database.write(
                sql -> {
                    MailboxRows.unshare(sql, Rights.group(group));
                    return true;
                });
    }

    /** Who may use {@code mailbox} beside its owner, and their rights. */
    public Map<String, String> shares(long mailbox) throws StoreException {
        return database.read(sql -> MailboxRows.shares(sql, mailbox));
    }

    // ---- quotas

    /** What {@code account} keeps, and how much it may. */
    public Quota quota(Account account) throws StoreException {
        return database.read(sql -> MailboxRows.quota(sql, account.id()));
    }

    /** Limits what {@code account} may keep; 0 for no limit. What is there stays. */
    public void limit(Account account, long mostMessages, long mostBytes) throws StoreException {
        database.write(
                sql -> {
                    MailboxRows.limit(sql, account.id(), mostMessages, mostBytes);
                    return true;
                });
        synchronized (limited) { // after whoever read it before
            limited.remove(account.id());
        }
    }

    /** Whether a message of {@code bytes} would find room now. */
    public boolean hasRoom(Account account, long bytes) throws StoreException {
        if (!isLimited(account)) {
            return true;
        }
        Quota quota = quota(account);
        return (quota.mostMessages() == 0 || quota.messages() < quota.mostMessages())
                && (quota.mostBytes() == 0 || quota.bytes() + bytes <= quota.mostBytes());
    }

    /** Most are not, and need not be counted for each message that is on its way to them. */
    private boolean isLimited(Account account) throws StoreException {
        Boolean known = limited.get(account.id());
        if (known != null) {
            return known;
        }
        synchronized (limited) {
            Quota quota = quota(account);
            boolean is = quota.mostMessages() > 0 || quota.mostBytes() > 0;
            limited.put(account.id(), is);
            return is;
        }
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
                                Mailbox.INBOX)
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
                        Mailbox.INBOX);
        return new Maildrop(account, uidValidity, messages);
    }

    private void deleteMessages(Account account, Collection<Message> gone) throws StoreException {
        UidSet uids = UidSet.of(gone.stream().mapToLong(Message::uid).toArray());
        Orphans orphans = new Orphans();
        change(
                (sql, changes) -> {
                    Optional<Long> inbox = MailboxRows.find(sql, account.id(), Mailbox.INBOX);
                    if (inbox.isPresent()) {
                        List<MessageRows.Row> rows = MessageRows.in(sql, inbox.get(), uids);
                        if (!rows.isEmpty()) { // somebody else may have deleted them
                            MessageRows.remove(sql, inbox.get(), rows, changes);
                            orphans.are(unnamed(sql, rows));
                        }
                    }
                    return true;
                });
        deleteBodies(orphans.numbers);
    }

    /** For the tables of other classes of this package. */
    Database database() {
        return database;
    }

    private static Set<Long> unnamed(Sql sql, List<MessageRows.Row> rows) throws SQLException {
        return BodyRows.unnamed(sql, rows.stream().map(MessageRows.Row::body).toList());
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
        Orphans orphans = new Orphans();
        change(
                (sql, changes) -> {
                    Set<Long> unnamed = new HashSet<>();
                    for (Mailbox mailbox : MailboxRows.owned(sql, account.id())) {
                        unnamed.addAll(unmake(sql, mailbox, changes));
                    }
                    MailboxRows.forgetAccount(sql, account.id());
                    orphans.are(unnamed);
                    return true;
                });
        deleteBodies(orphans.numbers);
    }

    /**
     * The removal of {@code account} begins. If it breaks off behind this, {@link #finishRemovals}
     * takes it up.
     */
    public void leaving(Account account) throws StoreException {
        database.write(
                sql ->
                        sql.update(
                                "INSERT INTO leaving(account) VALUES(?) ON CONFLICT DO NOTHING",
                                account.id()));
    }

    /**
     * Deletes the mail of accounts whose removal broke off: those that were leaving and are not
     * there any more. Only those: a list of accounts that got lost must cost nobody his mail.
     *
     * @return how many there were
     */
    public int finishRemovals(LongPredicate exists) throws StoreException {
        List<Long> leaving =
                database.read(
                        sql -> sql.list("SELECT account FROM leaving", row -> row.getLong(1)));
        int finished = 0;
        for (Long account : leaving) {
            if (exists.test(account)) { // it did not come to that
                database.write(sql -> sql.update("DELETE FROM leaving WHERE account = ?", account));
            } else {
                removeAccount(new Account(account, ""));
                finished++;
            }
        }
        return finished;
    }

    /** Messages and their bytes, by account id. */
    public Map<Long, Usage> usage() throws StoreException {
        return database.read(
                sql -> {
                    Map<Long, Usage> usage = new HashMap<>();
                    sql.list(
                            "SELECT account, messages, bytes FROM holdings WHERE messages > 0",
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
        Set<Long> named = database.read(sql -> BodyRows.namedBelow(sql, firstBodyOfThisRun));
        return bodies.sweep(firstBodyOfThisRun, named::contains);
    }

    @Override
    public void close() throws IOException {
        bodies.stopWriting();
        database.close(); // what is queued still has its folders synced
        bodies.close();
    }
}
