package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The spaces of the file tree: whose home is which folder, which folders are shared, who may do
 * what in them and how much they may hold. The files themselves are ordinary files; this is what a
 * file system cannot keep ({@code files.db}).
 */
public final class Spaces implements AutoCloseable {
    static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE spaces(
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL,
                        name TEXT NOT NULL,
                        account INTEGER UNIQUE,
                        quota INTEGER,
                        created INTEGER NOT NULL,
                        UNIQUE(kind, name));
                    CREATE TABLE grants(
                        space INTEGER NOT NULL REFERENCES spaces(id) ON DELETE CASCADE,
                        grantee TEXT NOT NULL,
                        allowed TEXT NOT NULL,
                        PRIMARY KEY(space, grantee)) WITHOUT ROWID;
                    INSERT INTO spaces(kind, name, created) VALUES('PUBLIC', 'public', 0);
                    INSERT INTO spaces(kind, name, created) VALUES('DROP', 'drop', 0);
                    INSERT INTO grants SELECT id, 'everybody', 'READ' FROM spaces
                        WHERE kind = 'PUBLIC';
                    INSERT INTO grants SELECT id, 'accounts', 'DROP' FROM spaces
                        WHERE kind = 'DROP';
                    """);

    private static final Pattern SHARED_NAME =
            Pattern.compile(
                    "[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._+ -]{0,78}[\\p{L}\\p{M}\\p{N}_+-]?");

    /** A home is called like its account, unless that is too long for a folder's name. */
    private static final int LONGEST_HOME_NAME = 200;

    /** What a space is for. */
    public enum Kind {
        /** One account's own. */
        HOME,
        /** Shared by those who have rights in it. */
        SHARED,
        /** There for everybody to read. */
        PUBLIC,
        /** There to leave something in. */
        DROP
    }

    /** What somebody may do in a space. */
    public enum Right {
        /** Look and read. */
        READ,
        /** Read, add, change and remove. */
        WRITE,
        /** Add, and neither look nor overwrite. */
        DROP
    }

    /** Whoever has rights without being named. */
    public static final String EVERYBODY = "everybody";

    /** Everybody who has an account, and logged in to it. */
    public static final String ACCOUNTS = "accounts";

    /**
     * A space.
     *
     * @param id never used again
     * @param name of its folder below {@code homes} or {@code shared}; never changes
     * @param account whose home it is; empty for others
     * @param quota in bytes, if it has one of its own; 0 for no limit
     * @param grants who may do what: {@link #EVERYBODY}, {@link #ACCOUNTS}, {@code account ID},
     *     {@code group NAME}
     */
    public record Space(
            long id,
            Kind kind,
            String name,
            OptionalLong account,
            OptionalLong quota,
            Map<String, Right> grants) {}

    private final Database database;
    private final InstantSource clock;
    private final Map<Long, Space> all = new ConcurrentHashMap<>();
    private final Map<Long, Long> homes = new ConcurrentHashMap<>(); // account to space

    /** Opens {@code files.db} in {@code folder}. */
    public Spaces(Path folder, InstantSource clock) throws StoreException {
        this.clock = clock;
        this.database =
                new Database(folder.resolve("files.db"), MIGRATIONS, () -> {}, Duration.ZERO);
        readAll();
    }

    private void readAll() throws StoreException {
        database.read(
                sql -> {
                    Map<Long, Map<String, Right>> grants = new HashMap<>();
                    for (Granted granted :
                            sql.list("SELECT space, grantee, allowed FROM grants", Granted::of)) {
                        grants.computeIfAbsent(granted.space, space -> new HashMap<>())
                                .put(granted.grantee, granted.right);
                    }
                    for (Space space : sql.list(SELECT, Spaces::space)) {
                        know(with(space, grants.getOrDefault(space.id(), Map.of())));
                    }
                    return true;
                });
    }

    private static final String SELECT = "SELECT id, kind, name, account, quota FROM spaces";

    private record Granted(long space, String grantee, Right right) {
        static Granted of(ResultSet row) throws SQLException {
            return new Granted(row.getLong(1), row.getString(2), Right.valueOf(row.getString(3)));
        }
    }

    private static Space space(ResultSet row) throws SQLException {
        return new Space(
                row.getLong(1),
                Kind.valueOf(row.getString(2)),
                row.getString(3),
                optional(row, 4),
                optional(row, 5),
                Map.of());
    }

    private static OptionalLong optional(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Space with(Space space, Map<String, Right> grants) {
        return new Space(
                space.id, space.kind, space.name, space.account, space.quota, Map.copyOf(grants));
    }

    private void know(Space space) {
        all.put(space.id(), space);
        space.account().ifPresent(account -> homes.put(account, space.id()));
    }

    /** All of them: public, drop, the shared ones by name, then homes. */
    public List<Space> list() {
        List<Space> list = new ArrayList<>(all.values());
        list.sort(
                Comparator.comparing((Space space) -> space.kind() == Kind.HOME)
                        .thenComparing(space -> space.kind() == Kind.SHARED)
                        .thenComparing(Space::kind)
                        .thenComparing(Space::name));
        return list;
    }

    /** The shared ones, by name. */
    public List<Space> shared() {
        return list().stream().filter(space -> space.kind() == Kind.SHARED).toList();
    }

    public Space publicSpace() {
        return only(Kind.PUBLIC);
    }

    public Space dropSpace() {
        return only(Kind.DROP);
    }

    private Space only(Kind kind) {
        return all.values().stream()
                .filter(space -> space.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    /** The shared space called {@code name}. */
    public Optional<Space> shared(String name) {
        return all.values().stream()
                .filter(space -> space.kind() == Kind.SHARED && space.name().equals(name))
                .findFirst();
    }

    /** As it is now. */
    public Optional<Space> space(long id) {
        return Optional.ofNullable(all.get(id));
    }

    /** The space that verbs call {@code name}: public, drop, a shared one, or {@code home/NAME}. */
    public Optional<Space> called(String name) {
        return all.values().stream().filter(space -> title(space).equals(name)).findFirst();
    }

    /** What a space is called in verbs and messages. */
    public static String title(Space space) {
        return space.kind() == Kind.HOME ? "home/" + space.name() : space.name();
    }

    // ---- homes

    /** The home of {@code account}, if it ever needed one. */
    public Optional<Space> home(Account account) {
        @Nullable Long id = homes.get(account.id());
        return id == null ? Optional.empty() : space(id);
    }

    /** The home of {@code account}; made known now if this is the first time. */
    public Space makeHome(Account account) throws StoreException {
        Optional<Space> there = home(account);
        if (there.isPresent()) {
            return there.get();
        }
        Space made =
                database.write(
                        sql -> {
                            Optional<Space> meanwhile =
                                    sql.first(
                                            SELECT + " WHERE account = ?",
                                            Spaces::space,
                                            account.id());
                            return meanwhile.isPresent() ? meanwhile.get() : insert(sql, account);
                        });
        know(made);
        return made;
    }

    /** A removed account's home that was kept has its name for good; who comes later gets more. */
    private Space insert(Sql sql, Account account) throws SQLException {
        String name = account.name();
        if (name.getBytes(UTF_8).length > LONGEST_HOME_NAME || isTaken(sql, name)) {
            name = name.substring(0, Math.min(name.length(), 50)) + "~" + account.id();
        }
        return insert(sql, Kind.HOME, name, account.id());
    }

    private static boolean isTaken(Sql sql, String name) throws SQLException {
        return sql.first(
                        "SELECT 1 FROM spaces WHERE kind = 'HOME' AND name = ?",
                        row -> row.getInt(1),
                        name)
                .isPresent();
    }

    private Space insert(Sql sql, Kind kind, String name, @Nullable Long account)
            throws SQLException {
        return sql.first(
                        "INSERT INTO spaces(kind, name, account, created) VALUES(?, ?, ?, ?)"
                                + " RETURNING id, kind, name, account, quota",
                        Spaces::space,
                        kind.name(),
                        name,
                        account,
                        clock.instant().getEpochSecond())
                .orElseThrow();
    }

    /** Takes away every right of an account that is removed; its home stays known and its own. */
    public void forget(Account account) throws StoreException {
        forget(grantee(account));
    }

    private void forget(String grantee) throws StoreException {
        database.write(sql -> sql.update("DELETE FROM grants WHERE grantee = ?", grantee));
        for (Space space : List.copyOf(all.values())) {
            if (space.grants().containsKey(grantee)) {
                changeGrants(space.id(), grantee, null);
            }
        }
    }

    /** Takes away every right of a group that is removed: one made later is another. */
    public void forgetGroup(String group) throws StoreException {
        forget(grantee(group));
    }

    // ---- what is shared

    /** How an account is named in grants. */
    public static String grantee(Account account) {
        return "account " + account.id();
    }

    /** How a group is named in grants. */
    public static String grantee(String group) {
        return "group " + group;
    }

    /** Makes a shared space known; its folder is made by the file tree. */
    public Space share(String name) throws StoreException {
        boolean reserved = Set.of("public", "drop", "home").contains(name);
        if (!SHARED_NAME.matcher(name).matches() || reserved) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "a shared folder cannot be called \"%s\"; use letters, digits, blanks and . _"
                                    .formatted(name)
                            + " + -, at most 80 of them");
        }
        try {
            Space made = database.write(sql -> insert(sql, Kind.SHARED, name, null));
            know(made);
            return made;
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.EXISTS
                    ? new StoreException(e.kind(), "there is a shared folder " + name + " already")
                    : e;
        }
    }

    /** Lets a shared space or a home be forgotten; its files are not this store's matter. */
    public void remove(Space space) throws StoreException {
        if (space.kind() == Kind.PUBLIC || space.kind() == Kind.DROP) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    space.name() + " is always there; take its rights");
        }
        database.write(sql -> sql.update("DELETE FROM spaces WHERE id = ?", space.id()));
        all.remove(space.id());
        space.account().ifPresent(homes::remove);
    }

    /** Lets {@code grantee} have {@code right}, instead of what it had. */
    public void grant(Space space, String grantee, Right right) throws StoreException {
        if (space.kind() == Kind.HOME) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "a home is its account's alone; make a shared folder");
        }
        database.write(
                sql ->
                        sql.update(
                                "INSERT OR REPLACE INTO grants(space, grantee, allowed)"
                                        + " VALUES(?, ?, ?)",
                                space.id(),
                                grantee,
                                right.name()));
        changeGrants(space.id(), grantee, right);
    }

    /** Takes what {@code grantee} had; returns whether it had any. */
    public boolean revoke(Space space, String grantee) throws StoreException {
        int gone =
                database.write(
                        sql ->
                                sql.update(
                                        "DELETE FROM grants WHERE space = ? AND grantee = ?",
                                        space.id(),
                                        grantee));
        changeGrants(space.id(), grantee, null);
        return gone > 0;
    }

    private void changeGrants(long id, String grantee, @Nullable Right right) {
        all.computeIfPresent(
                id,
                (same, space) -> {
                    Map<String, Right> grants = new HashMap<>(space.grants());
                    if (right == null) {
                        grants.remove(grantee);
                    } else {
                        grants.put(grantee, right);
                    }
                    return with(space, grants);
                });
    }

    /**
     * Sets how much a space may hold.
     *
     * @param bytes 0 for no limit, empty for what the settings say
     */
    public void limit(Space space, OptionalLong bytes) throws StoreException {
        @Nullable Long quota = bytes.isPresent() ? bytes.getAsLong() : null;
        database.write(
                sql -> sql.update("UPDATE spaces SET quota = ? WHERE id = ?", quota, space.id()));
        all.computeIfPresent(
                space.id(),
                (id, old) -> new Space(id, old.kind, old.name, old.account, bytes, old.grants));
    }

    @Override
    public void close() {
        database.close();
    }
}
