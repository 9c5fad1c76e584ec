package org.portolan.stores;

import java.net.IDN;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.portolan.stores.mail.Mailbox;
import org.portolan.stores.mail.MailboxName;

/**
 * Who there is, what they log in with, and which addresses lead to them.
 *
 * <p>An address belongs to the alias or account that has exactly it, or else to the alias or
 * account named like its local part: {@code ada} receives {@code ada@} every domain of the site,
 * unless one domain has an {@code ada@that.domain} of its own. What stands behind a plus sign is
 * left out if nobody is called so; the alias {@code *@that.domain} has what is nobody else's there.
 *
 * <p>A group is a set of accounts, for rules that speak of many: who may come in where, and who may
 * read what. It has no password, no mailbox and no address.
 */
public final class Accounts implements AutoCloseable {
    static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE accounts(
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        name TEXT NOT NULL UNIQUE,
                        created INTEGER NOT NULL);
                    CREATE TABLE verifiers(
                        account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
                        kind TEXT NOT NULL,
                        sealed BLOB NOT NULL,
                        PRIMARY KEY(account, kind)) WITHOUT ROWID;
                    CREATE TABLE aliases(
                        address TEXT NOT NULL,
                        target TEXT NOT NULL,
                        PRIMARY KEY(address, target)) WITHOUT ROWID;
                    CREATE TABLE domains(name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
                    """,
                    """
                    CREATE TABLE account_groups(
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        name TEXT NOT NULL UNIQUE,
                        created INTEGER NOT NULL);
                    CREATE TABLE memberships(
                        account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
                        account_group INTEGER NOT NULL
                            REFERENCES account_groups(id) ON DELETE CASCADE,
                        PRIMARY KEY(account, account_group)) WITHOUT ROWID;
                    CREATE INDEX members ON memberships(account_group);
                    """,
                    LoginKeys.MIGRATION,
                    AppPasswords.MIGRATION);

    private static final Pattern LOCAL_NAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._+-]{0,62}");
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");
    private static final Pattern GROUP_NAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,62}");
    private static final String ALL = "*";
    private static final char SLASH = '/'; // between an account and its mailbox
    private static final String ARGON2 = "argon2id";
    private static final String SCRAM = "scram-sha-256";

    /** Answers kept in memory; all forgotten when anything changes, or when there are too many. */
    private static final int MOST_CACHED = 10_000;

    /** One address may lead through at most so many aliases. */
    private static final int MOST_ALIASES = 500;

    private final Database database;
    private final SiteKey key;
    final Passwords passwords;
    private final RecentLogins recent;
    private final LoginKeys keys;
    private final AppPasswords appPasswords;
    private final InstantSource clock;
    private volatile Set<String> configuredDomains;
    private final Map<String, Set<Reached>> addresses = new ConcurrentHashMap<>();
    private final Map<String, Account> names = new ConcurrentHashMap<>();
    private final Map<Long, String> called = new ConcurrentHashMap<>(); // names by account
    private final Map<Long, Set<String>> memberships = new ConcurrentHashMap<>(); // by account
    private final AtomicLong changes = new AtomicLong();
    private volatile Set<String> domains;

    /**
     * Opens the store in {@code folder}.
     *
     * @param configuredDomains the domains that the settings name; they cannot be removed
     */
    public Accounts(Path folder, SiteKey key, List<String> configuredDomains, InstantSource clock)
            throws StoreException {
        this(folder, key, configuredDomains, clock, Passwords.THREADS);
    }

    /**
     * Opens the store in {@code folder}.
     *
     * @param passwordThreads of those that check passwords, each for tens of milliseconds at a time
     */
    public Accounts(
            Path folder,
            SiteKey key,
            List<String> configuredDomains,
            InstantSource clock,
            ThreadFactory passwordThreads)
            throws StoreException {
        this.passwords = new Passwords(passwordThreads);
        this.database =
                new Database(folder.resolve("accounts.db"), MIGRATIONS, () -> {}, Duration.ZERO);
        this.key = key;
        this.clock = clock;
        this.recent = new RecentLogins(clock);
        this.keys = new LoginKeys(database, clock);
        this.appPasswords = new AppPasswords(database, key, clock);
        this.configuredDomains = domainNames(configuredDomains);
        this.domains = readDomains();
    }

    /** Takes the domains that the settings name now. */
    public void configureDomains(List<String> names) throws StoreException {
        configuredDomains = domainNames(names);
        domains = readDomains();
        forgetAnswers();
    }

    private static Set<String> domainNames(List<String> names) throws StoreException {
        Set<String> checked = new LinkedHashSet<>();
        for (String name : names) {
            checked.add(domainName(name));
        }
        return checked;
    }

    // ---- accounts

    /** Adds an account with its password. */
    public Account add(String name, String password) throws StoreException {
        String valid = accountName(name);
        Passwords.check(password);
        byte[] argon2 = passwords.argon2(password);
        byte[] scram = passwords.scram(password).toBytes();
        Account account;
        try {
            account =
                    database.write(
                            sql -> {
                                long id = insert(sql, valid);
                                putVerifiers(sql, id, argon2, scram);
                                return new Account(id, valid);
                            });
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.EXISTS
                    ? new StoreException(e.kind(), "there is an account " + valid + " already")
                    : e;
        }
        forgetAnswers();
        return account;
    }

    private long insert(Sql sql, String name) throws SQLException {
        return sql.first(
                        "INSERT INTO accounts(name, created) VALUES(?, ?) RETURNING id",
                        row -> row.getLong(1),
                        name,
                        clock.instant().getEpochSecond())
                .orElseThrow();
    }

    private void putVerifiers(Sql sql, long account, byte[] argon2, byte[] scram)
            throws SQLException {
        putVerifier(sql, account, ARGON2, argon2);
        putVerifier(sql, account, SCRAM, scram);
    }

    private void putVerifier(Sql sql, long account, String kind, byte[] value) throws SQLException {
        sql.update(
                "INSERT OR REPLACE INTO verifiers(account, kind, sealed) VALUES(?, ?, ?)",
                account,
                kind,
                key.seal(value, purpose(account, kind)));
    }

    private static String purpose(long account, String kind) {
        return "verifier " + kind + " of " + account;
    }

    /**
     * Sets a new password; the old one is not recognised any more when this returns. App passwords
     * stay.
     */
    public void setPassword(String name, String password) throws StoreException {
        Account account = existing(name);
        Passwords.check(password);
        byte[] argon2 = passwords.argon2(password);
        byte[] scram = passwords.scram(password).toBytes();
        database.write(
                sql -> {
                    putVerifiers(sql, account.id(), argon2, scram);
                    return account;
                });
        recent.forget(account.id());
    }

    /** Removes an account and what it logs in with. Its mail is the mail store's matter. */
    public Account remove(String name) throws StoreException {
        Account account = existing(name);
        database.write(
                sql -> {
                    sql.update(
                            "DELETE FROM aliases WHERE target = ?1"
                                    + " OR substr(target, 1, length(?1) + 1) = ?1 || '/'",
                            account.name());
                    return sql.update("DELETE FROM accounts WHERE id = ?", account.id());
                });
        recent.forget(account.id());
        forgetAnswers();
        return account;
    }

    /** All accounts, by name. */
    public List<Account> list() throws StoreException {
        return database.read(
                sql -> sql.list("SELECT id, name FROM accounts ORDER BY name", Accounts::account));
    }

    private static Account account(java.sql.ResultSet row) throws SQLException {
        return new Account(row.getLong(1), row.getString(2));
    }

    private Account existing(String name) throws StoreException {
        return named(name)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        StoreException.Kind.MISSING,
                                        "there is no account " + name));
    }

    /** The account that has exactly this name. */
    private Optional<Account> named(String name) throws StoreException {
        String wanted = spelled(name);
        Account known = names.get(wanted);
        if (known != null) {
            return Optional.of(known);
        }
        long change = changes.get();
        Optional<Account> found =
                database.read(
                        sql ->
                                sql.first(
                                        "SELECT id, name FROM accounts WHERE name = ?",
                                        Accounts::account,
                                        wanted));
        found.ifPresent(account -> remember(names, wanted, account, change));
        return found;
    }

    /** Keeps an answer, unless something changed while it was being looked up. */
    private <K, V> void remember(Map<K, V> answers, K question, V answer, long change) {
        if (answers.size() >= MOST_CACHED) {
            answers.clear();
        }
        answers.put(question, answer);
        if (changes.get() != change) {
            answers.remove(question);
        }
    }

    /** The account that logs in as {@code login}: its name, or that with a domain of the site. */
    public Optional<Account> forLogin(String login) throws StoreException {
        Optional<Account> exact = named(login);
        int at = login.lastIndexOf('@');
        if (exact.isPresent() || at <= 0 || !isLocal(login.substring(at + 1))) {
            return exact;
        }
        return named(login.substring(0, at));
    }

    /** The account that {@code login} and {@code password} together name. Costs time if wrong. */
    public Optional<Account> verify(String login, String password) throws StoreException {
        Optional<Account> account = forLogin(login);
        if (account.isEmpty()) {
            passwords.matchNothing(password);
            return Optional.empty();
        }
        long id = account.get().id();
        if (recent.knows(id, password)) {
            return account;
        }
        long change = recent.change();
        Optional<byte[]> verifier = verifier(id, ARGON2);
        if (verifier.isEmpty()) { // removed a moment ago
            passwords.matchNothing(password);
            return Optional.empty();
        }
        if (!passwords.matches(verifier.get(), password)) {
            return Optional.empty();
        }
        recent.remember(id, password, change);
        return account;
    }

    /**
     * The label of the app password of {@code login} that {@code shown} is, to a service that takes
     * it.
     *
     * @param service to which it is shown: {@code imap}
     */
    public Optional<String> appPassword(String login, String shown, String service)
            throws StoreException {
        return appPasswords.find(forLogin(login), shown, service);
    }

    /**
     * What SCRAM-SHA-256 needs for {@code login}; a decoy that fits no password if it is nobody.
     */
    public ScramVerifier scramVerifier(String login) throws StoreException {
        Optional<Account> account = forLogin(login);
        if (account.isPresent()) {
            Optional<byte[]> verifier = verifier(account.get().id(), SCRAM);
            if (verifier.isPresent()) {
                return ScramVerifier.of(verifier.get());
            }
        }
        return Passwords.decoy(key, withoutOurDomain(spelled(login)));
    }

    /** Where an account's two spellings are one, a decoy's must be too. */
    private String withoutOurDomain(String login) {
        int at = login.lastIndexOf('@');
        return at > 0 && isLocal(login.substring(at + 1)) ? login.substring(0, at) : login;
    }

    private Optional<byte[]> verifier(long account, String kind) throws StoreException {
        Optional<byte[]> sealed =
                database.read(
                        sql ->
                                sql.first(
                                        "SELECT sealed FROM verifiers WHERE account=? AND kind=?",
                                        row -> row.getBytes(1),
                                        account,
                                        kind));
        return sealed.isEmpty()
                ? Optional.empty()
                : Optional.of(key.open(sealed.get(), purpose(account, kind)));
    }

    /** The public keys that log in. */
    public LoginKeys keys() {
        return keys;
    }

    /** The passwords of single programs. */
    public AppPasswords appPasswords() {
        return appPasswords;
    }

    /** How often a password was compared since the start, which costs about 50 ms each time. */
    public long passwordChecks() {
        return passwords.runs();
    }

    /** How many accounts keep each kind of verifier: {@code argon2id}, {@code scram-sha-256}. */
    public Map<String, Integer> verifierKinds() throws StoreException {
        Map<String, Integer> kinds = new TreeMap<>();
        database.read(
                sql ->
                        sql.list(
                                "SELECT kind, COUNT(*) FROM verifiers GROUP BY kind",
                                row -> kinds.put(row.getString(1), row.getInt(2)) == null));
        return kinds;
    }

    // ---- groups

    /**
     * Some accounts under one name.
     *
     * @param name in lower case
     * @param members the names of its accounts, in order
     */
    public record Group(String name, List<String> members) {}

    /** Adds a group without members; returns its name. */
    public String addGroup(String name) throws StoreException {
        String valid = groupName(name);
        try {
            database.write(
                    sql ->
                            sql.update(
                                    "INSERT INTO account_groups(name, created) VALUES(?, ?)",
                                    valid,
                                    clock.instant().getEpochSecond()));
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.EXISTS
                    ? new StoreException(e.kind(), "there is a group " + valid + " already")
                    : e;
        }
        return valid;
    }

    /** Removes a group; its members stay as they are. Returns its name. */
    public String removeGroup(String name) throws StoreException {
        String valid = lower(name);
        int removed =
                database.write(
                        sql -> sql.update("DELETE FROM account_groups WHERE name = ?", valid));
        forgetAnswers();
        if (removed == 0) {
            throw noGroup(name);
        }
        return valid;
    }

    private static StoreException noGroup(String name) {
        return new StoreException(StoreException.Kind.MISSING, "there is no group " + name);
    }

    /** Lets accounts be members of a group: all of them or, if one is missing, none. */
    public void join(String group, List<String> names) throws StoreException {
        changeMembers(
                group,
                names,
                "INSERT OR IGNORE INTO memberships(account_group, account) VALUES(?, ?)");
    }

    /** Lets accounts be members of a group no more. */
    public void leave(String group, List<String> names) throws StoreException {
        changeMembers(
                group, names, "DELETE FROM memberships WHERE account_group = ? AND account = ?");
    }

    private void changeMembers(String group, List<String> names, String change)
            throws StoreException {
        List<Account> members = new ArrayList<>();
        for (String name : names) {
            members.add(existing(name));
        }
        Optional<Long> changed =
                database.write(
                        sql -> {
                            Optional<Long> id =
                                    sql.first(
                                            "SELECT id FROM account_groups WHERE name = ?",
                                            row -> row.getLong(1),
                                            lower(group));
                            for (Account member : id.isPresent() ? members : List.<Account>of()) {
                                sql.update(change, id.get(), member.id());
                            }
                            return id;
                        });
        forgetAnswers();
        if (changed.isEmpty()) {
            throw noGroup(group);
        }
    }

    /** All groups, by name, each with its members. */
    public List<Group> groups() throws StoreException {
        Map<String, List<String>> members = new TreeMap<>();
        database.read(
                sql ->
                        sql.list(
                                """
                                SELECT g.name, a.name FROM account_groups g
                                    LEFT JOIN memberships m ON m.account_group = g.id
                                    LEFT JOIN accounts a ON a.id = m.account
                                    ORDER BY g.name, a.name""",
                                row -> {
                                    List<String> some =
                                            members.computeIfAbsent(
                                                    row.getString(1), g -> new ArrayList<>());
                                    String member = row.getString(2);
                                    return member != null && some.add(member);
                                }));
        return members.entrySet().stream()
                .map(group -> new Group(group.getKey(), group.getValue()))
                .toList();
    }

    /** What account {@code account} is called. Cheap: it is kept in memory. */
    public Optional<String> nameOf(long account) throws StoreException {
        String known = called.get(account);
        if (known != null) {
            return Optional.of(known);
        }
        long change = changes.get();
        Optional<String> found =
                database.read(
                        sql ->
                                sql.first(
                                        "SELECT name FROM accounts WHERE id = ?",
                                        row -> row.getString(1),
                                        account));
        found.ifPresent(name -> remember(called, account, name, change));
        return found;
    }

    /** The names of the groups that {@code account} is a member of. Cheap: it is kept in memory. */
    public Set<String> groupsOf(Account account) throws StoreException {
        Set<String> known = memberships.get(account.id());
        if (known != null) {
            return known;
        }
        long change = changes.get();
        List<String> names =
                database.read(
                        sql ->
                                sql.list(
                                        """
                                        SELECT g.name FROM memberships m
                                            JOIN account_groups g ON g.id = m.account_group
                                            WHERE m.account = ? ORDER BY g.name""",
                                        row -> row.getString(1),
                                        account.id()));
        Set<String> found = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        remember(memberships, account.id(), found, change);
        return found;
    }

    private static String groupName(String name) throws StoreException {
        String lower = lower(name);
        if (!GROUP_NAME.matcher(lower).matches()) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "a group's name has letters, digits, dots, dashes and underscores and begins"
                            + " with a letter or digit; \""
                            + name
                            + "\" does not");
        }
        return lower;
    }

    // ---- addresses

    /** Whether mail to {@code domain} ends here. */
    public boolean isLocal(String domain) {
        return domains.contains(asciiDomain(domain));
    }

    /**
     * Where mail ends.
     *
     * @param mailbox the name of one of the account's, which may have gone
     */
    public record Reached(Account account, String mailbox) {}

    /**
     * The accounts that mail to {@code address} reaches, as {@link #reached} has it.
     *
     * @return empty if the address leads to nobody here
     */
    public Set<Account> recipients(String address) throws StoreException {
        return reached(address).stream().map(Reached::account).collect(Collectors.toSet());
    }

    /**
     * The mailboxes that mail to {@code address} reaches.
     *
     * @param address {@code local@domain}, or {@code postmaster} alone (RFC 5321 §4.1.1.3)
     * @return empty if the address leads to nobody here
     */
    public Set<Reached> reached(String address) throws StoreException {
        String wanted = spelled(address);
        Set<Reached> known = addresses.get(wanted);
        if (known != null) {
            return known;
        }
        long change = changes.get();
        Walk walk = new Walk();
        walk.follow(wanted);
        if (!walk.found.isEmpty()) { // strangers' guesses are not worth the memory
            remember(addresses, wanted, Set.copyOf(walk.found), change);
        }
        return walk.found;
    }

    /** The walk from one address through aliases to accounts. */
    private final class Walk {
        final Set<Reached> found = new LinkedHashSet<>();
        private final Set<String> followed = new HashSet<>();
        private final Set<String> under = new HashSet<>(); // aliases between the start and here

        void follow(String address) throws StoreException {
            int at = address.lastIndexOf('@');
            if (at >= 0 && !isLocal(address.substring(at + 1))) {
                return;
            }
            String local = at < 0 ? address : address.substring(0, at);
            for (String spelling : spellings(address, local, at)) {
                // an alias that leads back to itself means the account of its name
                List<String> targets =
                        under.contains(spelling) ? List.of() : aliasTargets(spelling);
                Optional<Account> account = targets.isEmpty() ? named(spelling) : Optional.empty();
                account.ifPresent(it -> found.add(new Reached(it, Mailbox.INBOX)));
                followAll(spelling, targets);
                if (!targets.isEmpty() || account.isPresent()) {
                    return;
                }
            }
        }

        /** What may be meant, the most exact first. */
        private static List<String> spellings(String address, String local, int at) {
            List<String> spellings = new ArrayList<>();
            spellings.add(address);
            // a quoted local part may hold an @, which must not read as another domain's address
            boolean plain = at >= 0 && local.indexOf('@') < 0;
            int plus = local.indexOf('+');
            if (plain) {
                spellings.add(local);
                if (plus > 0) { // ada+lists is ada (RFC 5233), unless there is an ada+lists
                    spellings.add(local.substring(0, plus) + address.substring(at));
                    spellings.add(local.substring(0, plus));
                }
            }
            if (at >= 0) {
                spellings.add(ALL + address.substring(at));
            }
            return spellings;
        }

        private void followAll(String alias, List<String> targets) throws StoreException {
            if (!targets.isEmpty() && followed.size() < MOST_ALIASES && followed.add(alias)) {
                under.add(alias);
                for (String target : targets) {
                    followTarget(target);
                }
                under.remove(alias);
            }
        }

        void followTarget(String target) throws StoreException {
            int slash = target.indexOf(SLASH);
            if (slash < 0) {
                follow(target);
                return;
            }
            String mailbox = target.substring(slash + 1);
            named(target.substring(0, slash))
                    .ifPresent(account -> found.add(new Reached(account, mailbox)));
        }
    }

    private List<String> aliasTargets(String address) throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT target FROM aliases WHERE address = ? ORDER BY target",
                                row -> row.getString(1),
                                address));
    }

    /**
     * Lets mail to {@code address} reach {@code targets}: accounts, aliases, local addresses, and
     * mailboxes of accounts, {@code account/Mailbox}.
     */
    public void addAlias(String address, List<String> targets) throws StoreException {
        boolean all = address.startsWith(ALL + "@"); // whoever has no address of their own
        String from =
                all
                        ? ALL + accountName("x" + address.substring(1)).substring(1)
                        : accountName(address);
        int at = from.lastIndexOf('@');
        if (at >= 0 && !isLocal(from.substring(at + 1))) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    from.substring(at + 1) + " is no domain of the site; add it first");
        }
        for (String target : targets) {
            Walk walk = new Walk();
            walk.followTarget(spelledTarget(target));
            if (walk.found.isEmpty()) {
                throw new StoreException(
                        StoreException.Kind.MISSING, "nobody here is reached at " + target);
            }
        }
        database.write(
                sql -> {
                    for (String target : targets) {
                        sql.update(
                                "INSERT OR IGNORE INTO aliases(address, target) VALUES(?, ?)",
                                from,
                                spelledTarget(target));
                    }
                    return targets;
                });
        forgetAnswers();
    }

    /** An account has no slash in its name, and a mailbox its own case. */
    private static String spelledTarget(String target) throws StoreException {
        int slash = target.indexOf(SLASH);
        return slash < 0
                ? spelled(target)
                : lower(target.substring(0, slash))
                        + SLASH
                        + MailboxName.checked(target.substring(slash + 1));
    }

    public void removeAlias(String address) throws StoreException {
        int removed =
                database.write(
                        sql -> sql.update("DELETE FROM aliases WHERE address=?", spelled(address)));
        forgetAnswers();
        if (removed == 0) {
            throw new StoreException(StoreException.Kind.MISSING, "there is no alias " + address);
        }
    }

    /** One alias and where it leads. */
    public record Alias(String address, String target) {}

    public List<Alias> aliases() throws StoreException {
        return database.read(
                sql ->
                        sql.list(
                                "SELECT address, target FROM aliases ORDER BY address, target",
                                row -> new Alias(row.getString(1), row.getString(2))));
    }

    /** How many answers are kept in memory. */
    int remembered() {
        return addresses.size() + names.size();
    }

    // ---- domains

    /** The domains whose mail ends here, those of the settings first. */
    public List<String> domains() {
        return List.copyOf(domains);
    }

    private Set<String> readDomains() throws StoreException {
        Set<String> all = new LinkedHashSet<>(configuredDomains);
        all.addAll(
                database.read(
                        sql ->
                                sql.list(
                                        "SELECT name FROM domains ORDER BY name",
                                        row -> row.getString(1))));
        return all;
    }

    public void addDomain(String name) throws StoreException {
        String domain = domainName(name);
        if (domains.contains(domain)) {
            throw new StoreException(
                    StoreException.Kind.EXISTS, domain + " is a domain of the site already");
        }
        database.write(sql -> sql.update("INSERT INTO domains(name) VALUES(?)", domain));
        domains = readDomains();
        forgetAnswers();
    }

    public void removeDomain(String name) throws StoreException {
        String domain = domainName(name);
        if (configuredDomains.contains(domain)) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    domain + " is named by the settings; take it out of their domains and reload");
        }
        int removed =
                database.write(sql -> sql.update("DELETE FROM domains WHERE name = ?", domain));
        if (removed == 0) {
            throw new StoreException(
                    StoreException.Kind.MISSING, domain + " is no domain of the site");
        }
        domains = readDomains();
        forgetAnswers();
    }

    private void forgetAnswers() {
        changes.incrementAndGet();
        addresses.clear();
        names.clear();
        called.clear();
        memberships.clear();
    }

    // ---- names

    /** Lower case and one spelling for what looks the same (Unicode NFC). */
    private static String lower(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** The one spelling of a name or address: lower case, its domain in ASCII (RFC 5890 §2.3). */
    private static String spelled(String address) {
        String lower = lower(address);
        int at = lower.lastIndexOf('@');
        return at < 0 ? lower : lower.substring(0, at + 1) + asciiDomain(lower.substring(at + 1));
    }

    private static String accountName(String name) throws StoreException {
        String lower = lower(name);
        int at = lower.lastIndexOf('@');
        String local = at < 0 ? lower : lower.substring(0, at);
        if (!LOCAL_NAME.matcher(local).matches() || local.contains("..") || local.endsWith(".")) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "a name has letters, digits, dots, dashes, plus signs and underscores and"
                            + " begins with a letter or digit; \""
                            + name
                            + "\" does not");
        }
        return at < 0 ? lower : local + "@" + domainName(lower.substring(at + 1));
    }

    private static String domainName(String name) throws StoreException {
        String ascii = asciiDomain(name);
        if (!DOMAIN.matcher(ascii).matches()) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "\"" + name + "\" is no domain name");
        }
        return ascii;
    }

    private static String asciiDomain(String name) {
        try {
            return IDN.toASCII(lower(name), IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notADomain) {
            return lower(name);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
