package org.portolan.stores.mail;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.stores.Sql;
import org.portolan.stores.StoreException;

/** The rows of messages: what becomes of them in one transaction, and what is to be told of it. */
final class MessageRows {
    /** Expunged ids are remembered for so many changes of a mailbox (RFC 7162 §3.2.7). */
    static final int MOST_VANISHED = 500;

    private MessageRows() {}

    /** A message as it lies in the table. */
    record Row(
            long uid,
            long body,
            long size,
            boolean dotted,
            long received,
            long saved,
            long flags,
            long modseq) {
        Row with(long newFlags, long newSaved) {
            return new Row(uid, body, size, dotted, received, newSaved, newFlags, modseq);
        }

        long unseen() {
            return (flags & Flags.SEEN) == 0 ? 1 : 0;
        }

        long deleted() {
            return (flags & Flags.DELETED) != 0 ? 1 : 0;
        }
    }

    private static final String COLUMNS = "uid, body, size, dotted, received, saved, flags, modseq";

    // ---- reading

    static Snapshot snapshot(Sql sql, long mailbox) throws SQLException, StoreException {
        Mailbox itself = MailboxRows.existing(sql, mailbox);
        List<Rows> stretches = new ArrayList<>();
        Rows.Builder rows = new Rows.Builder();
        sql.each(
                "SELECT uid, body, size, received, saved, flags, modseq FROM messages"
                        + " WHERE mailbox = ? ORDER BY uid",
                row -> {
                    if (rows.full()) {
                        stretches.add(rows.build());
                    }
                    Change.Added one =
                            new Change.Added(
                                    row.getLong(1),
                                    row.getLong(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getLong(6));
                    rows.add(one, row.getLong(7));
                },
                mailbox);
        if (!rows.isEmpty()) {
            stretches.add(rows.build());
        }
        return new Snapshot(
                mailbox,
                itself.uidValidity(),
                itself.uidNext(),
                itself.highestModseq(),
                MailboxRows.keywords(sql, mailbox),
                stretches);
    }

    static List<Row> in(Sql sql, long mailbox, UidSet uids) throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < uids.ranges(); i++) {
            rows.addAll(
                    sql.list(
                            "SELECT "
                                    + COLUMNS
                                    + " FROM messages WHERE mailbox = ? AND uid BETWEEN ? AND ?"
                                    + " ORDER BY uid",
                            row ->
                                    new Row(
                                            row.getLong(1),
                                            row.getLong(2),
                                            row.getLong(3),
                                            row.getInt(4) != 0,
                                            row.getLong(5),
                                            row.getLong(6),
                                            row.getLong(7),
                                            row.getLong(8)),
                            mailbox,
                            uids.first(i),
                            uids.last(i)));
        }
        return rows;
    }

    // ---- adding

    /** Puts {@code rows} behind what is there, with new ids; tells {@code changes}. */
    static Copied add(
            Sql sql, long mailbox, List<Row> rows, List<String> newKeywords, List<Change> changes)
            throws SQLException, StoreException {
        long bytes = rows.stream().mapToLong(Row::size).sum();
        long unseen = rows.stream().mapToLong(Row::unseen).sum();
        long deleted = rows.stream().mapToLong(Row::deleted).sum();
        MailboxRows.Room room =
                MailboxRows.reserve(sql, mailbox, rows.size(), bytes, unseen, deleted);
        MailboxRows.hold(sql, room.account(), rows.size(), bytes);
        List<Change.Added> added = new ArrayList<>(rows.size());
        long[] uids = new long[rows.size()];
        for (int i = 0; i < uids.length; i++) {
            Row row = rows.get(i);
            uids[i] = room.firstUid() + i;
            sql.update(
                    "INSERT INTO messages(mailbox, uid, body, size, dotted, received, saved, flags,"
                            + " modseq) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    mailbox,
                    uids[i],
                    row.body(),
                    row.size(),
                    row.dotted() ? 1 : 0,
                    row.received(),
                    row.saved(),
                    row.flags(),
                    room.modseq());
            added.add(
                    new Change.Added(
                            uids[i],
                            row.body(),
                            row.size(),
                            row.received(),
                            row.saved(),
                            row.flags()));
        }
        changes.add(Change.added(mailbox, room.modseq(), added, newKeywords));
        return new Copied(room.uidValidity(), new long[0], uids, room.modseq());
    }

    /** Puts {@code rows} of {@code from} into {@code target}, too. */
    static Copied copy(
            Sql sql, long from, List<Row> rows, long target, long saved, List<Change> changes)
            throws SQLException, StoreException {
        List<String> keywords = new ArrayList<>(MailboxRows.keywords(sql, target));
        int before = keywords.size();
        List<String> names = MailboxRows.keywords(sql, from);
        long used = 0;
        for (Row row : rows) {
            used |= row.flags();
        }
        long[] bits = new long[names.size()];
        for (int place = 0; place < bits.length; place++) {
            if ((used & Flags.keyword(place)) != 0) {
                List<String> one = List.of(names.get(place));
                bits[place] = MailboxRows.bits(sql, target, keywords, one, true);
            }
        }
        List<Row> copies = new ArrayList<>(rows.size());
        for (Row row : rows) {
            long flags = row.flags() & Flags.SYSTEM;
            for (int place = 0; place < bits.length; place++) {
                flags |= (row.flags() & Flags.keyword(place)) == 0 ? 0 : bits[place];
            }
            copies.add(row.with(flags, saved));
        }
        List<String> told = keywords.size() == before ? List.of() : keywords;
        return add(sql, target, copies, told, changes);
    }

    // ---- flags

    private static final String DIFFER =
            " WHERE mailbox = ? AND uid BETWEEN ? AND ? AND modseq <= ?"
                    + " AND ((flags & ?) | ?) <> flags";

    static Stored store(
            Sql sql,
            long mailbox,
            UidSet uids,
            FlagChange change,
            long unchangedSince,
            List<Change> changes)
            throws SQLException, StoreException {
        List<String> keywords = new ArrayList<>(MailboxRows.keywords(sql, mailbox));
        int before = keywords.size();
        boolean make = change.kind() != FlagChange.Kind.REMOVE;
        long bits =
                (change.system() & Flags.SYSTEM)
                        | MailboxRows.bits(sql, mailbox, keywords, change.keywords(), make);
        long keep =
                switch (change.kind()) {
                    case ADD -> ~0L;
                    case REMOVE -> ~bits;
                    case REPLACE -> 0L;
                };
        long set = change.kind() == FlagChange.Kind.REMOVE ? 0L : bits;
        UidSet refused = changedSince(sql, mailbox, uids, unchangedSince);
        List<long[]> old = differing(sql, mailbox, uids, unchangedSince, keep, set);
        if (old.isEmpty() && keywords.size() == before) {
            long highest = MailboxRows.existing(sql, mailbox).highestModseq();
            return new Stored(highest, UidSet.NONE, refused);
        }
        long[] changed = new long[old.size()];
        long[] flags = new long[old.size()];
        long unseen = 0;
        long deleted = 0;
        UidSet.Builder changedUids = new UidSet.Builder();
        for (int i = 0; i < changed.length; i++) {
            long was = old.get(i)[1];
            changed[i] = old.get(i)[0];
            flags[i] = (was & keep) | set;
            unseen += (~flags[i] & Flags.SEEN) - (~was & Flags.SEEN);
            deleted += ((flags[i] & Flags.DELETED) - (was & Flags.DELETED)) / Flags.DELETED;
            changedUids.add(changed[i]);
        }
        long modseq = MailboxRows.count(sql, mailbox, 0, 0, unseen, deleted);
        for (int i = 0; i < uids.ranges(); i++) {
            sql.update(
                    "UPDATE messages SET flags = (flags & ?) | ?, modseq = ?" + DIFFER,
                    keep,
                    set,
                    modseq,
                    mailbox,
                    uids.first(i),
                    uids.last(i),
                    unchangedSince,
                    keep,
                    set);
        }
        List<String> told = keywords.size() == before ? List.of() : keywords;
        changes.add(Change.flags(mailbox, modseq, new Change.NewFlags(changed, flags), told));
        return new Stored(modseq, changedUids.build(), refused);
    }

    private static List<long[]> differing(
            Sql sql, long mailbox, UidSet uids, long unchangedSince, long keep, long set)
            throws SQLException {
        List<long[]> old = new ArrayList<>();
        for (int i = 0; i < uids.ranges(); i++) {
            sql.each(
                    "SELECT uid, flags FROM messages" + DIFFER + " ORDER BY uid",
                    row -> old.add(new long[] {row.getLong(1), row.getLong(2)}),
                    mailbox,
                    uids.first(i),
                    uids.last(i),
                    unchangedSince,
                    keep,
                    set);
        }
        return old;
    }

    private static UidSet changedSince(Sql sql, long mailbox, UidSet uids, long unchangedSince)
            throws SQLException {
        UidSet.Builder changed = new UidSet.Builder();
        for (int i = 0; i < uids.ranges() && unchangedSince < Long.MAX_VALUE; i++) {
            sql.each(
                    "SELECT uid FROM messages WHERE mailbox = ? AND uid BETWEEN ? AND ?"
                            + " AND modseq > ? ORDER BY uid",
                    row -> changed.add(row.getLong(1)),
                    mailbox,
                    uids.first(i),
                    uids.last(i),
                    unchangedSince);
        }
        return changed.build();
    }

    // ---- removing

    /** Removes {@code rows}, which are there; returns the change's number. */
    static long remove(Sql sql, long mailbox, List<Row> rows, List<Change> changes)
            throws SQLException, StoreException {
        long bytes = rows.stream().mapToLong(Row::size).sum();
        long unseen = rows.stream().mapToLong(Row::unseen).sum();
        long deleted = rows.stream().mapToLong(Row::deleted).sum();
        UidSet gone = uids(rows);
        long modseq = MailboxRows.count(sql, mailbox, -rows.size(), -bytes, -unseen, -deleted);
        MailboxRows.hold(sql, MailboxRows.existing(sql, mailbox).owner(), -rows.size(), -bytes);
        for (Row row : rows) {
            sql.update("DELETE FROM messages WHERE mailbox = ? AND uid = ?", mailbox, row.uid());
        }
        vanish(sql, mailbox, modseq, gone);
        changes.add(Change.expunged(mailbox, modseq, gone));
        return modseq;
    }

    static UidSet uids(List<Row> rows) {
        UidSet.Builder uids = new UidSet.Builder();
        rows.forEach(row -> uids.add(row.uid()));
        return uids.build();
    }

    private static void vanish(Sql sql, long mailbox, long modseq, UidSet gone)
            throws SQLException {
        sql.update(
                "INSERT INTO vanished(mailbox, modseq, uids) VALUES(?, ?, ?)",
                mailbox,
                modseq,
                gone.toString());
        if (modseq % MOST_VANISHED == 0) {
            forget(sql, mailbox);
        }
    }

    private static void forget(Sql sql, long mailbox) throws SQLException {
        Optional<Long> oldest =
                sql.first(
                        "SELECT modseq FROM vanished WHERE mailbox = ? ORDER BY modseq DESC"
                                + " LIMIT 1 OFFSET ?",
                        row -> row.getLong(1),
                        mailbox,
                        MOST_VANISHED);
        if (oldest.isPresent()) {
            sql.update(
                    "DELETE FROM vanished WHERE mailbox = ? AND modseq <= ?",
                    mailbox,
                    oldest.get());
            sql.update(
                    "UPDATE mailboxes SET forgotten_modseq = ? WHERE id = ?",
                    oldest.get(),
                    mailbox);
        }
    }

    /** What vanished after change {@code modseq}, perhaps with ids that were gone before. */
    static UidSet vanishedSince(Sql sql, long mailbox, long modseq)
            throws SQLException, StoreException {
        Mailbox itself = MailboxRows.existing(sql, mailbox);
        long forgotten =
                sql.first(
                                "SELECT forgotten_modseq FROM mailboxes WHERE id = ?",
                                row -> row.getLong(1),
                                mailbox)
                        .orElseThrow();
        if (modseq < forgotten) { // RFC 7162 §3.2.5.2: all that are not there
            return absent(sql, itself);
        }
        UidSet vanished = UidSet.NONE;
        for (String uids :
                sql.list(
                        "SELECT uids FROM vanished WHERE mailbox = ? AND modseq > ?",
                        row -> row.getString(1),
                        mailbox,
                        modseq)) {
            vanished = vanished.or(UidSet.parse(uids));
        }
        return vanished;
    }

    private static UidSet absent(Sql sql, Mailbox mailbox) throws SQLException {
        UidSet.Builder absent = new UidSet.Builder();
        long[] next = {1};
        sql.each(
                "SELECT uid FROM messages WHERE mailbox = ? ORDER BY uid",
                row -> {
                    absent.add(next[0], row.getLong(1) - 1);
                    next[0] = row.getLong(1) + 1;
                },
                mailbox.id());
        return absent.add(next[0], mailbox.uidNext() - 1).build();
    }
}
