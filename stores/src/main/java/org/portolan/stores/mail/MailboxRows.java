package org.portolan.stores.mail;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;

/** The rows of mailboxes, their keywords, rights and subscriptions: one method, one change. */
final class MailboxRows {
    private static final String ALL_COLUMNS =
            "m.id, m.account, m.name, m.special_use, m.uid_validity, m.next_uid, m.highest_modseq,"
                    + " m.messages, m.unseen, m.deleted, m.bytes";

    /** More than anybody sorts mail into; a client that has lost its way stops here. */
    private static final int MOST = 50_000;

    /**
     * A clock that says a later second, in 2097, is wrong: it would use up what 32 bits hold (RFC
     * 9051 §9, uidvalidity is an nz-number), and the numbers behind are for those that come.
     */
    private static final long LATEST = 4_026_531_840L;

    /** What an account has from the beginning beside its inbox (RFC 6154). */
    private static final List<SpecialUse> FROM_THE_BEGINNING =
            List.of(
                    SpecialUse.DRAFTS,
                    SpecialUse.SENT,
                    SpecialUse.JUNK,
                    SpecialUse.TRASH,
                    SpecialUse.ARCHIVE);

    private MailboxRows() {}

    /** Room for messages that are about to be added. */
    record Room(long mailbox, long account, long uidValidity, long firstUid, long modseq) {}

    // ---- finding

    static Optional<Long> find(Sql sql, long account, String name) throws SQLException {
        return sql.first(
                "SELECT id FROM mailboxes WHERE account = ? AND name = ?",
                row -> row.getLong(1),
                account,
                name);
    }

    /** The mailbox called {@code name} that is the account's own. */
    static Optional<Mailbox> own(Sql sql, long account, String name) throws SQLException {
        return sql.first(
                "SELECT "
                        + ALL_COLUMNS
                        + ", s.name IS NOT NULL, ? FROM mailboxes m"
                        + " LEFT JOIN subscriptions s"
                        + " ON s.account = m.account AND s.name = m.name"
                        + " WHERE m.account = ? AND m.name = ?",
                MailboxRows::mailbox,
                Mailbox.ALL_RIGHTS,
                account,
                name);
    }

    /** The account's own mailboxes whose names begin with {@code prefix}, by name. */
    static List<Mailbox> own(Sql sql, long account, Prefix prefix) throws SQLException {
        return sql.list(
                "SELECT "
                        + ALL_COLUMNS
                        + ", s.name IS NOT NULL, ? FROM mailboxes m"
                        + " LEFT JOIN subscriptions s"
                        + " ON s.account = m.account AND s.name = m.name"
                        + " WHERE m.account = ? AND m.name >= ? AND m.name < ?"
                        + " ORDER BY m.name",
                MailboxRows::mailbox,
                Mailbox.ALL_RIGHTS,
                account,
                prefix.text(),
                prefix.behind());
    }

    /** Names that begin with a text, as a range. */
    record Prefix(String text) {
        /** Behind all of them: no name has such a character. */
        String behind() {
            return text + Character.toString(Character.MAX_CODE_POINT);
        }
    }

    /**
     * Mailboxes of others whose names begin with {@code prefix}, by owner and name.
     *
     * @param who the account, and the groups that it is in
     */
    static List<Mailbox> shared(Sql sql, long account, List<String> who, Prefix prefix)
            throws SQLException {
        List<Object> values = new ArrayList<>(who);
        values.add(account);
        values.add(prefix.text());
        values.add(prefix.behind());
        return sql.list(
                "SELECT "
                        + ALL_COLUMNS
                        + ", 0, group_concat(r.letters, '') FROM rights r"
                        + " JOIN mailboxes m ON m.id = r.mailbox"
                        + " WHERE r.who IN ('"
                        + Rights.ANYONE
                        + "'"
                        + ", ?".repeat(who.size())
                        + ") AND m.account <> ? AND m.name >= ? AND m.name < ?"
                        + " GROUP BY m.id ORDER BY m.account, m.name",
                MailboxRows::mailbox,
                values.toArray());
    }

    static Optional<Mailbox> mailbox(Sql sql, long id) throws SQLException {
        return sql.first(
                "SELECT " + ALL_COLUMNS + ", 0, '' FROM mailboxes m WHERE m.id = ?",
                MailboxRows::mailbox,
                id);
    }

    static Mailbox existing(Sql sql, long id) throws SQLException, StoreException {
        return mailbox(sql, id).orElseThrow(MailboxRows::missing);
    }

    static StoreException missing() {
        return new StoreException(StoreException.Kind.MISSING, "there is no such mailbox");
    }

    private static Mailbox mailbox(ResultSet row) throws SQLException {
        return new Mailbox(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                SpecialUse.of(row.getString(4)),
                row.getInt(12) != 0,
                Rights.sorted(row.getString(13)),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11));
    }

    // ---- making and unmaking

    /** The account's inbox; makes it and what comes with it, if there is none yet. */
    static long inbox(Sql sql, long account, long now) throws SQLException {
        Optional<Long> known = find(sql, account, Mailbox.INBOX);
        if (known.isPresent()) {
            return known.get();
        }
        long inbox = insert(sql, account, Mailbox.INBOX, "", now);
        subscribe(sql, account, Mailbox.INBOX);
        if (account != 0) {
            for (SpecialUse use : FROM_THE_BEGINNING) {
                String name =
                        use.name().charAt(0) + use.name().substring(1).toLowerCase(Locale.ROOT);
                if (find(sql, account, name).isEmpty()) {
                    insert(sql, account, name, use.name(), now);
                    subscribe(sql, account, name);
                }
            }
        }
        return inbox;
    }

    static long insert(Sql sql, long account, String name, String specialUse, long now)
            throws SQLException {
        return sql.first(
                        "INSERT INTO mailboxes(account, name, special_use, uid_validity)"
                                + " VALUES(?, ?, ?, ?) RETURNING id",
                        row -> row.getLong(1),
                        account,
                        name,
                        specialUse,
                        newUidValidity(sql, now))
                .orElseThrow();
    }

    /** Greater than any before, and the time where it can be (RFC 9051 §2.3.1.1). */
    static long newUidValidity(Sql sql, long now) throws SQLException {
        return sql.first(
                        "UPDATE numbers SET next = MAX(next, ?) + 1 WHERE name = 'uid_validity'"
                                + " RETURNING next - 1",
                        row -> row.getLong(1),
                        now <= LATEST ? now : 0)
                .orElseThrow();
    }

    /** Makes {@code name} and what is missing above it; returns its id. */
    static long create(Sql sql, long owner, String name, Optional<SpecialUse> use, long now)
            throws SQLException, StoreException {
        if (find(sql, owner, name).isPresent()) {
            throw exists(name);
        }
        checkCount(sql, owner);
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            String above = name.substring(0, slash);
            if (find(sql, owner, above).isEmpty()) {
                insert(sql, owner, above, "", now);
            }
        }
        if (use.isPresent()) {
            sql.update(
                    "UPDATE mailboxes SET special_use = '' WHERE account = ? AND special_use = ?",
                    owner,
                    use.get().name());
        }
        return insert(sql, owner, name, use.map(SpecialUse::name).orElse(""), now);
    }

    private static void checkCount(Sql sql, long owner) throws SQLException, StoreException {
        long count =
                sql.first(
                                "SELECT COUNT(*) FROM mailboxes WHERE account = ?",
                                row -> row.getLong(1),
                                owner)
                        .orElse(0L);
        if (count >= MOST) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "an account has at most " + MOST + " mailboxes");
        }
    }

    private static StoreException exists(String name) {
        return new StoreException(
                StoreException.Kind.EXISTS, "there is a mailbox " + name + " already");
    }

    /** Gives {@code mailbox} and all below it a new name, and makes what is missing above that. */
    static void rename(Sql sql, Mailbox mailbox, String name, long now)
            throws SQLException, StoreException {
        String old = mailbox.name();
        if (name.startsWith(old + "/")) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "a mailbox cannot be put below itself");
        }
        if (find(sql, mailbox.owner(), name).isPresent()) {
            throw exists(name);
        }
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            String above = name.substring(0, slash);
            if (find(sql, mailbox.owner(), above).isEmpty()) {
                insert(sql, mailbox.owner(), above, "", now);
            }
        }
        for (Mailbox each : tree(sql, mailbox.owner(), old)) {
            String renamed = name + each.name().substring(old.length());
            if (renamed.length() > MailboxName.LONGEST) {
                throw new StoreException(
                        StoreException.Kind.REFUSED, "a name below it would be too long");
            }
            if (find(sql, mailbox.owner(), renamed).isPresent()) {
                throw exists(renamed);
            }
            sql.update("UPDATE mailboxes SET name = ? WHERE id = ?", renamed, each.id());
        }
    }

    static void delete(Sql sql, long id) throws SQLException {
        sql.update("DELETE FROM mailboxes WHERE id = ?", id);
    }

    /** {@code name} and whatever is below it, shortest names first. */
    static List<Mailbox> tree(Sql sql, long account, String name) throws SQLException {
        return sql.list(
                "SELECT "
                        + ALL_COLUMNS
                        + ", 0, '' FROM mailboxes m WHERE m.account = ?"
                        + " AND (m.name = ? OR (m.name >= ? AND m.name < ?)) ORDER BY m.name",
                MailboxRows::mailbox,
                account,
                name,
                name + "/",
                name + "0"); // the character after '/'
    }

    static void subscribe(Sql sql, long account, String name) throws SQLException {
        sql.update(
                "INSERT INTO subscriptions(account, name) VALUES(?, ?) ON CONFLICT DO NOTHING",
                account,
                name);
    }

    static void unsubscribe(Sql sql, long account, String name) throws SQLException {
        sql.update("DELETE FROM subscriptions WHERE account = ? AND name = ?", account, name);
    }

    static Set<String> subscriptions(Sql sql, long account) throws SQLException {
        return new LinkedHashSet<>(
                sql.list(
                        "SELECT name FROM subscriptions WHERE account = ? ORDER BY name",
                        row -> row.getString(1),
                        account));
    }

    /** The mailboxes of {@code account} and no others. */
    static List<Mailbox> owned(Sql sql, long account) throws SQLException {
        return sql.list(
                "SELECT " + ALL_COLUMNS + ", 0, '' FROM mailboxes m WHERE m.account = ?",
                MailboxRows::mailbox,
                account);
    }

    /** What is kept about an account beside its mailboxes. */
    static void forgetAccount(Sql sql, long account) throws SQLException {
        sql.update("DELETE FROM subscriptions WHERE account = ?", account);
        sql.update("DELETE FROM holdings WHERE account = ?", account);
        sql.update("DELETE FROM rights WHERE who = ?", Rights.account(account));
        sql.update("DELETE FROM leaving WHERE account = ?", account);
    }

    static void share(Sql sql, long mailbox, String who, String letters) throws SQLException {
        sql.update("DELETE FROM rights WHERE mailbox = ? AND who = ?", mailbox, who);
        if (!letters.isEmpty()) {
            sql.update(
                    "INSERT INTO rights(mailbox, who, letters) VALUES(?, ?, ?)",
                    mailbox,
                    who,
                    letters);
        }
    }

    /** Takes back all that {@code who} may. */
    static void unshare(Sql sql, String who) throws SQLException {
        sql.update("DELETE FROM rights WHERE who = ?", who);
    }

    static Map<String, String> shares(Sql sql, long mailbox) throws SQLException {
        Map<String, String> shares = new LinkedHashMap<>();
        sql.each(
                "SELECT who, letters FROM rights WHERE mailbox = ? ORDER BY who",
                row -> shares.put(row.getString(1), row.getString(2)),
                mailbox);
        return shares;
    }

    // ---- counting

    /** Takes unique ids and a change number for {@code many} new messages, and counts them. */
    static Room reserve(Sql sql, long mailbox, long many, long bytes, long unseen, long deleted)
            throws SQLException, StoreException {
        Room room =
                sql.first(
                                "UPDATE mailboxes SET next_uid = next_uid + ?1,"
                                        + " highest_modseq = highest_modseq + 1,"
                                        + " messages = messages + ?1, bytes = bytes + ?2,"
                                        + " unseen = unseen + ?3, deleted = deleted + ?4"
                                        + " WHERE id = ?5 RETURNING account, uid_validity,"
                                        + " next_uid - ?1, highest_modseq",
                                row ->
                                        new Room(
                                                mailbox,
                                                row.getLong(1),
                                                row.getLong(2),
                                                row.getLong(3),
                                                row.getLong(4)),
                                many,
                                bytes,
                                unseen,
                                deleted,
                                mailbox)
                        .orElseThrow(MailboxRows::missing);
        if (room.firstUid() + many - 1 > UidSet.LAST) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "this mailbox has given away all its numbers; move its messages to a new one");
        }
        return room;
    }

    /** Counts what became of messages that were there; returns the number of the change. */
    static long count(Sql sql, long mailbox, long messages, long bytes, long unseen, long deleted)
            throws SQLException, StoreException {
        return sql.first(
                        "UPDATE mailboxes SET highest_modseq = highest_modseq + 1,"
                                + " messages = messages + ?, bytes = bytes + ?,"
                                + " unseen = unseen + ?, deleted = deleted + ?"
                                + " WHERE id = ? RETURNING highest_modseq",
                        row -> row.getLong(1),
                        messages,
                        bytes,
                        unseen,
                        deleted,
                        mailbox)
                .orElseThrow(MailboxRows::missing);
    }

    /** Counts what an account keeps; what would be more than it may is refused. */
    static void hold(Sql sql, long account, long messages, long bytes)
            throws SQLException, StoreException {
        Optional<Boolean> over =
                sql.first(
                        "UPDATE holdings SET messages = messages + ?1, bytes = bytes + ?2"
                                + " WHERE account = ?3 RETURNING"
                                + " (?1 > 0 AND most_messages > 0 AND messages > most_messages)"
                                + " OR (?2 > 0 AND most_bytes > 0 AND bytes > most_bytes)",
                        row -> row.getInt(1) != 0,
                        messages,
                        bytes,
                        account);
        if (over.isEmpty()) {
            sql.update(
                    "INSERT INTO holdings(account, messages, bytes) VALUES(?, ?, ?)",
                    account,
                    messages,
                    bytes);
        } else if (over.get()) {
            throw new StoreException(
                    StoreException.Kind.OVER_QUOTA,
                    "there is no room left for this account's mail");
        }
    }

    static Quota quota(Sql sql, long account) throws SQLException {
        return sql.first(
                        "SELECT messages, bytes, most_messages, most_bytes FROM holdings"
                                + " WHERE account = ?",
                        row ->
                                new Quota(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4)),
                        account)
                .orElse(new Quota(0, 0, 0, 0));
    }

    static void limit(Sql sql, long account, long mostMessages, long mostBytes)
            throws SQLException {
        sql.update(
                "INSERT INTO holdings(account, most_messages, most_bytes) VALUES(?1, ?2, ?3)"
                        + " ON CONFLICT(account) DO UPDATE SET most_messages = ?2, most_bytes = ?3",
                account,
                mostMessages,
                mostBytes);
    }

    // ---- keywords

    static List<String> keywords(Sql sql, long mailbox) throws SQLException {
        return sql.list(
                "SELECT name FROM keywords WHERE mailbox = ? ORDER BY place",
                row -> row.getString(1),
                mailbox);
    }

    /**
     * The bits of {@code names} in {@code mailbox}.
     *
     * @param known the mailbox's keywords; new ones are added to it and to the table
     * @param make false to leave out names that it does not know
     */
    static long bits(Sql sql, long mailbox, List<String> known, List<String> names, boolean make)
            throws SQLException, StoreException {
        long bits = 0;
        for (String name : names) {
            int place = place(known, name);
            if (place < 0 && make) {
                place = known.size();
                if (place == Flags.MOST_KEYWORDS) {
                    throw new StoreException(
                            StoreException.Kind.REFUSED,
                            "a mailbox has at most %d keywords".formatted(Flags.MOST_KEYWORDS));
                }
                sql.update(
                        "INSERT INTO keywords(mailbox, place, name) VALUES(?, ?, ?)",
                        mailbox,
                        place,
                        name);
                known.add(name);
            }
            bits |= place < 0 ? 0 : Flags.keyword(place);
        }
        return bits;
    }

    private static int place(List<String> known, @Nullable String name) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
