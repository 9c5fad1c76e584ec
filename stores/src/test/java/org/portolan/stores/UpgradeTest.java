package org.portolan.stores;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.stores.Events.Kind;
import org.portolan.stores.mail.Addition;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.FlagChange;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Mail.Maildrop;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.Mailbox;
import org.portolan.stores.mail.Message;
import org.portolan.stores.mail.OpenMailbox;
import org.portolan.stores.mail.Outgoing;
import org.portolan.stores.mail.Rights;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.UidSet;

/**
 * The upgrade rehearsed: databases that earlier versions wrote, one of each schema, are opened by
 * today's code, which finds in them what was put there.
 *
 * <p>They lie in {@code src/test/resources/org/portolan/stores/schemas} and are never written
 * again: {@code mail-1.db} is what a site of that time has. When a migration is added this test
 * fails until there is a fixture of the new schema, which the new code makes:
 *
 * <pre>
 *   ./mvnw -pl stores -am test -Dtest=UpgradeTest -Dportolan.fixtures=write \
 *       -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * Then let {@link #fill} put something into what is new, let the tests below read it, and commit
 * the fixture together with the migration.
 */
class UpgradeTest {
    private static final Path SCHEMAS = Path.of("src/test/resources/org/portolan/stores/schemas");
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada";
    private static final String PASSWORD = "a long word";
    private static final String LARGE = "large\r\n" + ".x".repeat(50_000) + "\r\n";

    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();

    static IntStream accountSchemas() {
        return IntStream.rangeClosed(1, Accounts.MIGRATIONS.size());
    }

    static IntStream mailSchemas() {
        return IntStream.rangeClosed(1, Mail.MIGRATIONS.size());
    }

    static IntStream eventSchemas() {
        return IntStream.rangeClosed(1, Events.MIGRATIONS.size());
    }

    static IntStream fileSchemas() {
        return IntStream.rangeClosed(1, Spaces.MIGRATIONS.size());
    }

    private static Path fixture(String store, int schema, String ending) {
        return SCHEMAS.resolve(store + "-" + schema + ending);
    }

    private void take(String store, int schema) throws IOException {
        Path file = fixture(store, schema, ".db");
        assertThat(file).as("a fixture is missing: see the head of this test").exists();
        Files.copy(file, folder.resolve(store + ".db"));
        if (store.equals("mail")) {
            takeBodies(schema);
        }
    }

    private void takeBodies(int schema) throws IOException {
        Path bodies = fixture("mail", schema, "-bodies");
        try (Stream<Path> files = Files.walk(bodies)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve("bodies").resolve(bodies.relativize(file)));
            }
        }
    }

    // ---- reading

    @ParameterizedTest
    @MethodSource("accountSchemas")
    void accountsOfEverySchemaLogInAndAreReached(int schema) throws Exception {
        take("accounts", schema);
        SiteKey key = SiteKey.in(fixture("accounts", schema, ".key"));
        try (Accounts accounts = new Accounts(folder, key, List.of("here.test"), clock)) {
            Account ada = accounts.verify("ada", PASSWORD).orElseThrow();
            assertThat(accounts.verify("ada", "another word")).isEmpty();
            assertThat(accounts.scramVerifier("ada").iterations()).isPositive();
            assertThat(accounts.recipients("sales@here.test")).containsExactly(ada);
            assertThat(accounts.domains()).contains("example.org");
            assertThat(accounts.list()).extracting(Account::name).containsExactly("ada", "bob");
            if (schema >= 2) {
                assertThat(accounts.groups()).containsExactly(crew("ada"));
                assertThat(accounts.groupsOf(ada)).containsExactly("crew");
            } else {
                accounts.addGroup("crew");
            }
            if (schema >= 3) {
                assertThat(accounts.keys().has(ada, SshPublicKey.parse(KEY))).isTrue();
            } else {
                accounts.keys().add(ada, SshPublicKey.parse(KEY));
            }
            assertThat(accounts.keys().list(ada)).hasSize(1);
            if (schema >= 4) {
                appPassword(accounts, ada);
            }
            accounts.appPasswords().add(ada, "tablet", List.of());
            accounts.add("grace", PASSWORD); // and it can be written to
            accounts.join("crew", List.of("ada", "grace"));
            assertThat(accounts.groups()).containsExactly(crew("ada", "grace"));
        }
    }

    /** It is not known what it is; what was kept of it is there. */
    private static void appPassword(Accounts accounts, Account ada) throws Exception {
        AppPasswords.Entry kept = accounts.appPasswords().list(ada).getFirst();
        assertThat(kept.label()).isEqualTo("telephone");
        assertThat(kept.services()).containsExactly("imap", "smtp");
        assertThat(kept.created()).isEqualTo(SteppedClock.START);
        assertThat(kept.used()).isPresent();
    }

    private static Accounts.Group crew(String... members) {
        return new Accounts.Group("crew", List.of(members));
    }

    @ParameterizedTest
    @MethodSource("mailSchemas")
    void mailOfEverySchemaIsReadByteForByte(int schema) throws Exception {
        take("mail", schema);
        Account ada = new Account(1, "ada");
        try (Mail mail = new Mail(folder, clock)) {
            assertThat(letters(mail, ada)).containsExactly("one", "both", LARGE);
            assertThat(letters(mail, new Account(2, "bob"))).containsExactly("both");
            Draft draft = mail.draft();
            draft.append("new".getBytes(UTF_8), 0, 3);
            mail.deliver(draft, List.of(ada));
            try (Maildrop drop = mail.lock(ada).orElseThrow()) {
                List<Long> uids = drop.messages().stream().map(Message::uid).toList();
                assertThat(uids).containsExactly(1L, 3L, 4L, 5L); // 2 was deleted then
                assertThat(drop.uidValidity()).isPositive();
            }
            assertThat(mail.sweep()).isZero();
            if (schema >= 4) {
                manyMailboxes(mail, ada);
            }
            if (schema >= 5) {
                keptFields(mail, ada);
            }
        }
    }

    /** What there is since accounts have many mailboxes. */
    private static void manyMailboxes(Mail mail, Account ada) throws Exception {
        Mailbox plans = mailbox(mail, ada, "Plans/Spring");
        try (OpenMailbox open = mail.open(plans.id(), () -> {})) {
            Snapshot snapshot = open.latest();
            assertThat(snapshot.flags(0)).isEqualTo(Flags.SEEN | Flags.keyword(0));
            assertThat(snapshot.keywords()).containsExactly("$Work");
            long[] body = {snapshot.body(0)};
            assertThat(mail.parsed(body).getFirst().root().end()).isEqualTo(3);
        }
        assertThat(mail.vanishedSince(mailbox(mail, ada, "INBOX").id(), 1)).hasToString("2");
        assertThat(mail.shares(plans.id())).isEqualTo(Map.of("account 2", "lr"));
        assertThat(mail.quota(ada).mostBytes()).isEqualTo(1_000_000);
        assertThat(mail.finishRemovals(account -> false)).isEqualTo(1);
    }

    /** What is known of a header since some of its fields are kept. */
    private static void keptFields(Mail mail, Account ada) throws Exception {
        try (OpenMailbox open = mail.open(mailbox(mail, ada, "Plans/Spring").id(), () -> {})) {
            long[] body = {open.latest().body(1)};
            byte[] kept = "Subject: kept\r\n\r\n".getBytes(UTF_8);
            assertThat(mail.keptFields(body)).containsExactly(kept);
        }
    }

    private static Mailbox mailbox(Mail mail, Account account, String name) throws StoreException {
        return mail.mailboxes(account).stream()
                .filter(box -> box.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> letters(Mail mail, Account account) throws Exception {
        List<String> letters = new ArrayList<>();
        try (Maildrop drop = mail.lock(account).orElseThrow()) {
            for (Message message : drop.messages()) {
                try (FileChannel body = drop.open(message)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) message.size());
                    while (bytes.hasRemaining()) {
                        body.read(bytes);
                    }
                    letters.add(new String(bytes.array(), ISO_8859_1));
                }
            }
        }
        return letters;
    }

    @ParameterizedTest
    @MethodSource("eventSchemas")
    void eventsOfEverySchemaAreTold(int schema) throws Exception {
        take("events", schema);
        try (Events events = new Events(folder, clock)) {
            assertThat(events.latest(10))
                    .containsExactly(
                            new Events.Event(
                                    SteppedClock.START, Kind.STARTED, "server", "", "", "", "up"),
                            new Events.Event(
                                    SteppedClock.START,
                                    Kind.LOGIN_FAILED,
                                    "pop3",
                                    "pop3-1",
                                    "192.0.2.1:99",
                                    "ada",
                                    "wrong"));
        }
    }

    @ParameterizedTest
    @MethodSource("fileSchemas")
    void spacesOfEverySchemaKeepTheirRightsAndQuotas(int schema) throws Exception {
        take("files", schema);
        Account ada = new Account(1, "ada");
        try (Spaces spaces = new Spaces(folder, clock)) {
            assertThat(spaces.list())
                    .extracting(Spaces::title)
                    .containsExactly("public", "drop", "plans", "home/ada");
            assertThat(spaces.home(ada).orElseThrow().quota()).hasValue(1_000_000);
            assertThat(spaces.shared("plans").orElseThrow().grants())
                    .isEqualTo(
                            Map.of(
                                    Spaces.grantee(ada), Spaces.Right.WRITE,
                                    Spaces.grantee("staff"), Spaces.Right.READ));
            assertThat(spaces.publicSpace().grants())
                    .isEqualTo(Map.of(Spaces.EVERYBODY, Spaces.Right.READ));
            spaces.share("more"); // and it can be written to
        }
    }

    @Test
    void whatANewerPortolanWroteIsRefusedInASentence() throws Exception {
        int next = Events.MIGRATIONS.size() + 1;
        new Events(folder, clock).close();
        try (Connection newer =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                Statement statement = newer.createStatement()) {
            statement.executeUpdate("PRAGMA user_version = " + next);
        }
        for (int attempt = 0; attempt < 2; attempt++) { // it is left as it is
            assertThatThrownBy(() -> new Events(folder, clock))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            "events.db was written by a newer Portolan (schema %d, this one knows"
                                            .formatted(next)
                                    + " %d); run that one, or restore a backup from before"
                                            .formatted(next - 1));
        }
    }

    // ---- writing

    @Test
    void whatThisVersionLeavesCanBecomeAFixture() throws Exception {
        fill(folder);
        assertThat(folder).isDirectoryContaining("glob:**/{accounts,mail,events,files}.db");
        if (!"write".equals(System.getProperty("portolan.fixtures"))) {
            return; // those that are there are never written again by chance
        }
        Files.createDirectories(SCHEMAS);
        keep("accounts", Accounts.MIGRATIONS.size());
        keep("mail", Mail.MIGRATIONS.size());
        keep("events", Events.MIGRATIONS.size());
        keep("files", Spaces.MIGRATIONS.size());
    }

    private void fill(Path to) throws Exception {
        Account ada;
        Account bob;
        SiteKey key = SiteKey.in(to.resolve("site.key"));
        try (Accounts accounts = new Accounts(to, key, List.of("here.test"), clock)) {
            ada = accounts.add("ada", PASSWORD);
            bob = accounts.add("bob", PASSWORD);
            accounts.addAlias("sales", List.of("ada"));
            accounts.addDomain("example.org");
            accounts.addGroup("crew");
            accounts.join("crew", List.of("ada"));
            accounts.keys().add(ada, SshPublicKey.parse(KEY));
            String word = accounts.appPasswords().add(ada, "telephone", List.of("imap", "smtp"));
            assertThat(accounts.appPassword("ada", word, "imap")).contains("telephone");
        }
        try (Mail mail = new Mail(to, clock)) {
            deliver(mail, "one", ada);
            deliver(mail, "deleted", ada);
            deliver(mail, "both", ada, bob);
            deliver(mail, LARGE, ada);
            try (Maildrop drop = mail.lock(ada).orElseThrow()) {
                drop.delete(List.of(drop.messages().get(1)));
            }
            send(mail, "leaving");
            long inbox = mailbox(mail, ada, "INBOX").id();
            FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.SEEN, List.of("$Work"));
            mail.store(inbox, UidSet.of(1), seen, OptionalLong.empty());
            long plans = mail.create(ada.id(), "Plans/Spring", Optional.empty());
            mail.copy(inbox, UidSet.of(1), plans);
            append(mail, "Subject: kept\r\nX-Other: not\r\n\r\nx", plans);
            mail.share(plans, Rights.account(bob.id()), "lr");
            mail.limit(ada, 1000, 1_000_000);
            mail.leaving(bob);
        }
        try (Events events = new Events(to, clock)) {
            events.note(Kind.STARTED, "server", "", "", "", "up");
            events.note(Kind.LOGIN_FAILED, "pop3", "pop3-1", "192.0.2.1:99", "ada", "wrong");
            await().until(() -> events.latest(10).size() == 2);
        }
        try (Spaces spaces = new Spaces(to, clock)) {
            spaces.limit(spaces.makeHome(ada), OptionalLong.of(1_000_000));
            Spaces.Space plans = spaces.share("plans");
            spaces.grant(plans, Spaces.grantee(ada), Spaces.Right.WRITE);
            spaces.grant(plans, Spaces.grantee("staff"), Spaces.Right.READ);
        }
    }

    private static void deliver(Mail mail, String letter, Account... to) throws StoreException {
        Draft draft = mail.draft();
        byte[] bytes = letter.getBytes(ISO_8859_1);
        draft.append(bytes, 0, bytes.length);
        mail.deliver(draft, List.of(to));
    }

    private static void append(Mail mail, String letter, long mailbox) throws StoreException {
        Draft draft = mail.draft();
        byte[] bytes = letter.getBytes(ISO_8859_1);
        draft.append(bytes, 0, bytes.length);
        Addition addition = new Addition(draft, 0, List.of(), SteppedClock.START);
        mail.append(mailbox, List.of(addition));
    }

    private void send(Mail mail, String letter) throws StoreException {
        Draft draft = mail.draft();
        byte[] bytes = letter.getBytes(ISO_8859_1);
        draft.append(bytes, 0, bytes.length);
        Outgoing outgoing =
                new Outgoing(
                        "smtp-1.1",
                        "ada@here.test",
                        "ada",
                        Outgoing.Demands.NONE,
                        "",
                        "",
                        "",
                        0,
                        SteppedClock.START.plusSeconds(60),
                        SteppedClock.START.plusSeconds(600),
                        List.of(new Outgoing.Recipient("bob@there.test", "there.test", "", "")));
        mail.deliver(
                draft,
                List.of(),
                (sql, body, size) ->
                        MailQueue.insert(sql, body, size, outgoing, SteppedClock.START));
    }

    @ParameterizedTest
    @MethodSource("mailSchemas")
    void whatWasOnItsWayStillIs(int schema) throws Exception {
        take("mail", schema);
        try (Mail mail = new Mail(folder, clock)) {
            List<MailQueue.Line> lines = mail.queue().list(MailQueue.Wanted.ALL, 0, 10);
            if (schema < 3) { // there was no queue
                assertThat(lines).isEmpty();
                return;
            }
            assertThat(lines).hasSize(1);
            MailQueue.Work work =
                    mail.queue()
                            .due("there.test", SteppedClock.START, MailQueue.Place.START, 10)
                            .getFirst();
            assertThat(work.recipients()).hasSize(1);
            try (FileChannel body = mail.queue().open(work.message())) {
                assertThat(body.size()).isEqualTo("leaving".length());
            }
        }
    }

    /** What is there is left alone: it is what an earlier version wrote. */
    private void keep(String store, int schema) throws IOException {
        Path file = fixture(store, schema, ".db");
        if (Files.exists(file)) {
            return;
        }
        Files.copy(folder.resolve(store + ".db"), file);
        if (store.equals("accounts")) {
            Files.copy(folder.resolve("site.key"), fixture(store, schema, ".key"));
        }
        if (store.equals("mail")) {
            Path bodies = folder.resolve("bodies");
            try (Stream<Path> files = Files.walk(bodies)) {
                for (Path body : files.toList()) {
                    Path to = fixture(store, schema, "-bodies").resolve(bodies.relativize(body));
                    Files.copy(body, to);
                }
            }
        }
    }
}
