package org.portolan.stores;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The public keys that log in to accounts, beside their passwords. */
public final class LoginKeys {
    static final String MIGRATION =
            """
            CREATE TABLE login_keys(
                account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
                fingerprint TEXT NOT NULL,
                line TEXT NOT NULL,
                added INTEGER NOT NULL,
                PRIMARY KEY(account, fingerprint)) WITHOUT ROWID;
            """;

    private static final int MOST = 100;

    private final Database database;
    private final InstantSource clock;

    LoginKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A key, and since when it logs in. */
    public record Entry(SshPublicKey key, Instant added) {}

    /** Lets {@code key} log in to {@code account}. */
    public void add(Account account, SshPublicKey key) throws StoreException {
        if (list(account).size() >= MOST) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    account.name() + " has " + MOST + " keys already; remove one first");
        }
        try {
            database.write(
                    sql ->
                            sql.update(
                                    "INSERT INTO login_keys(account, fingerprint, line, added)"
                                            + " VALUES(?, ?, ?, ?)",
                                    account.id(),
                                    key.fingerprint(),
                                    key.line(),
                                    clock.instant().getEpochSecond()));
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.EXISTS
                    ? new StoreException(e.kind(), account.name() + " has this key already")
                    : e;
        }
    }

    /** The keys of {@code account}, the oldest first. */
    public List<Entry> list(Account account) throws StoreException {
        List<Line> lines =
                database.read(
                        sql ->
                                sql.list(
                                        "SELECT line, added FROM login_keys WHERE account = ?"
                                                + " ORDER BY added, fingerprint",
                                        row -> new Line(row.getString(1), row.getLong(2)),
                                        account.id()));
        List<Entry> entries = new java.util.ArrayList<>();
        for (Line line : lines) {
            entries.add(
                    new Entry(SshPublicKey.parse(line.text), Instant.ofEpochSecond(line.added)));
        }
        return entries;
    }

    private record Line(String text, long added) {}

    /** Whether {@code key} logs in to {@code account}. */
    public boolean has(Account account, SshPublicKey key) throws StoreException {
        return database.read(
                        sql ->
                                sql.first(
                                        "SELECT 1 FROM login_keys WHERE account=? AND"
                                                + " fingerprint=?",
                                        row -> row.getInt(1),
                                        account.id(),
                                        key.fingerprint()))
                .isPresent();
    }

    /**
     * Lets a key log in no more.
     *
     * @return what was removed
     * @throws StoreException if {@code account} has no such key
     */
    public SshPublicKey remove(Account account, String fingerprint) throws StoreException {
        for (Entry entry : list(account)) {
            if (entry.key().fingerprint().equals(fingerprint)) {
                database.write(
                        sql ->
                                sql.update(
                                        "DELETE FROM login_keys WHERE account=? AND fingerprint=?",
                                        account.id(),
                                        fingerprint));
                return entry.key();
            }
        }
        throw new StoreException(
                StoreException.Kind.MISSING,
                account.name() + " has no key " + fingerprint + "; `account key list` shows them");
    }
}
