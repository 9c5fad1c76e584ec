package org.portolan.stores;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Passwords for one program each, beside the account's own: made here and shown once, known by a
 * label, and gone without anything else having to change.
 *
 * <p>One is 20 characters of an alphabet of 32. Nobody tries out a hundred random bits, so a keyed
 * hash of it is all that is kept, and it is found by that hash: no Argon2 runs for it.
 */
public final class AppPasswords {
    static final String MIGRATION =
            """
            CREATE TABLE app_passwords(
                account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
                hash BLOB NOT NULL,
                label TEXT NOT NULL,
                services TEXT NOT NULL,
                created INTEGER NOT NULL,
                used_day INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY(account, hash),
                UNIQUE(account, label)) WITHOUT ROWID;
            """;

    /**
     * What they may open: mail and files. What is not named here takes none, so no console does,
     * where one could make itself more of them.
     */
    public static final List<String> SERVICES = List.of("ftp", "imap", "pop3", "smtp");

    private static final int MOST = 100;
    private static final int LONGEST_LABEL = 64;
    private static final int IN_A_GROUP = 4;
    private static final int CHARACTERS = 20;

    /** The day of what was not used yet. */
    private static final long NEVER = 0;

    /** No account's number. */
    private static final long NOBODY = 0;

    private final Database database;
    private final SiteKey key;
    private final InstantSource clock;

    AppPasswords(Database database, SiteKey key, InstantSource clock) {
        this.database = database;
        this.key = key;
        this.clock = clock;
    }

    /**
     * What is known of one.
     *
     * @param services that it opens; empty for all that take any
     * @param used the day of its latest log-in, in UTC
     */
    public record Entry(
            String label, List<String> services, Instant created, Optional<LocalDate> used) {}

    /**
     * Makes one for {@code account}.
     *
     * @param services that it is to open; empty for all that take any
     * @return the password, which cannot be shown again
     */
    public String add(Account account, String label, List<String> services) throws StoreException {
        String name = checkedLabel(label);
        String words = String.join(" ", checkedServices(services));
        String password = RandomPassword.inGroups(IN_A_GROUP);
        byte[] hash = hash(account.id(), plain(password).orElseThrow());
        int added;
        try {
            added =
                    database.write(
                            sql ->
                                    sql.update(
                                            """
                                            INSERT INTO app_passwords
                                                (account, hash, label, services, created)
                                                SELECT ?, ?, ?, ?, ? WHERE
                                                (SELECT COUNT(*) FROM app_passwords
                                                    WHERE account = ?) < ?""",
                                            account.id(),
                                            hash,
                                            name,
                                            words,
                                            clock.instant().getEpochSecond(),
                                            account.id(),
                                            MOST));
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.EXISTS
                    ? new StoreException(
                            e.kind(), account.name() + " has an app password " + name + " already")
                    : e;
        }
        if (added == 0) {
            throw refused(account.name() + " has " + MOST + " app passwords; remove one first");
        }
        return password;
    }

    private static String checkedLabel(String label) throws StoreException {
        String name = label.strip();
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_LABEL) {
            throw refused("a label has 1 to " + LONGEST_LABEL + " characters");
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            throw refused("a label may not contain control characters");
        }
        return name;
    }

    private static Set<String> checkedServices(List<String> services) throws StoreException {
        for (String service : services) {
            if (!SERVICES.contains(service)) {
                throw refused(
                        "app passwords open %s, but not %s"
                                .formatted(String.join(", ", SERVICES), service));
            }
        }
        return new TreeSet<>(services);
    }

    private static StoreException refused(String why) {
        return new StoreException(StoreException.Kind.REFUSED, why);
    }

    /** Those of {@code account}, the oldest first. */
    public List<Entry> list(Account account) throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT label, services, created, used_day FROM app_passwords"
                                        + " WHERE account = ? ORDER BY created, label",
                                row ->
                                        new Entry(
                                                row.getString(1),
                                                words(row.getString(2)),
                                                Instant.ofEpochSecond(row.getLong(3)),
                                                day(row.getLong(4))),
                                account.id()));
    }

    private static Optional<LocalDate> day(long number) {
        return number == NEVER ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(number));
    }

    private static List<String> words(String services) {
        return services.isEmpty() ? List.of() : List.of(services.split(" "));
    }

    /**
     * Removes one; it is not recognised any more when this returns.
     *
     * @throws StoreException if {@code account} has none of this label
     */
    public void remove(Account account, String label) throws StoreException {
        int removed =
                database.write(
                        sql ->
                                sql.update(
                                        "DELETE FROM app_passwords WHERE account=? AND label=?",
                                        account.id(),
                                        label.strip()));
        if (removed == 0) {
            throw new StoreException(
                    StoreException.Kind.MISSING,
                    "%s has no app password %s; `account app-password list` shows them"
                            .formatted(account.name(), label));
        }
    }

    private record Kept(String label, List<String> services, long day) {}

    /**
     * The label of the one that {@code shown} is.
     *
     * @param account empty for nobody's, which is looked for all the same, so that it takes as long
     * @param service to which it is shown
     */
    Optional<String> find(Optional<Account> account, String shown, String service)
            throws StoreException {
        Optional<String> plain = plain(shown);
        if (plain.isEmpty() || !SERVICES.contains(service)) {
            return Optional.empty();
        }
        long id = account.map(Account::id).orElse(NOBODY);
        byte[] hash = hash(id, plain.get());
        Optional<Kept> found =
                database.read(
                        sql ->
                                sql.first(
                                        "SELECT label, services, used_day FROM app_passwords"
                                                + " WHERE account = ? AND hash = ?",
                                        row ->
                                                new Kept(
                                                        row.getString(1),
                                                        words(row.getString(2)),
                                                        row.getLong(3)),
                                        id,
                                        hash));
        if (found.isEmpty() || !opens(found.get(), service)) {
            return Optional.empty();
        }
        noteUse(id, hash, found.get());
        return Optional.of(found.get().label);
    }

    private static boolean opens(Kept kept, String service) {
        return kept.services.isEmpty() || kept.services.contains(service);
    }

    /** Once a day and no oftener: a client that looks every minute must not cost a commit each. */
    private void noteUse(long account, byte[] hash, Kept kept) {
        long today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay();
        if (kept.day == today) {
            return;
        }
        try {
            database.write(
                    sql ->
                            sql.update(
                                    "UPDATE app_passwords SET used_day = ?"
                                            + " WHERE account = ? AND hash = ?",
                                    today,
                                    account,
                                    hash));
        } catch (StoreException e) {
            // a full disk keeps nobody out; the next log-in tries again
        }
    }

    private byte[] hash(long account, String plain) {
        return key.fingerprint("app password of " + account, plain.getBytes(US_ASCII));
    }

    /**
     * What counts of a text as people type it, which is without dashes, blanks and capitals; empty
     * if it has not the shape of an app password.
     */
    static Optional<String> plain(String shown) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < shown.length(); i++) {
            char letter = shown.charAt(i);
            boolean between =
                    Character.isSpaceChar(letter)
                            || Character.getType(letter) == Character.DASH_PUNCTUATION;
            if (between) {
                continue;
            }
            char small = letter >= 'A' && letter <= 'Z' ? (char) (letter + 32) : letter;
            if (RandomPassword.ALPHABET.indexOf(small) < 0 || plain.length() == CHARACTERS) {
                return Optional.empty();
            }
            plain.append(small);
        }
        return plain.length() == CHARACTERS ? Optional.of(plain.toString()) : Optional.empty();
    }
}
