package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteFolder;
import org.portolan.stores.SiteKey;
import org.portolan.stores.Spaces;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Message;

/** Backups of a site that goes on working, and what can be had back from them. */
class BackupTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Backups.Taker NOBODY = (bytes, from, count, total) -> {};

    @TempDir Path folder;
    private Path data;
    private Stores stores;
    private Backups backups;

    /** Everything that a data directory is opened for. */
    private record Stores(SiteFolder folder, Accounts accounts, Mail mail, Events events)
            implements AutoCloseable {
        static Stores open(Path data) throws IOException, StoreException {
            SiteFolder folder = SiteFolder.open(data).orElseThrow();
            SiteKey key = SiteKey.in(folder.stores().resolve("site.key"));
            List<String> domains = List.of("here.test");
            return new Stores(
                    folder,
                    new Accounts(folder.stores(), key, domains, CLOCK),
                    new Mail(folder.stores(), CLOCK),
                    new Events(folder.stores(), CLOCK));
        }

        @Override
        public void close() throws IOException {
            mail.close();
            accounts.close();
            events.close();
            folder.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        data = folder.resolve("data");
        stores = Stores.open(data);
        backups = new Backups(data, Optional.empty(), stores.mail, CLOCK);
    }

    @AfterEach
    void close() throws Exception {
        stores.close();
    }

    private byte[] take() throws IOException, StoreException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        backups.take("here.test", "9.9", (b, from, count, total) -> archive.write(b, from, count));
        return archive.toByteArray();
    }

    private Restoration.Report verify(byte[] archive) throws IOException {
        return Restoration.verify(new ByteArrayInputStream(archive), folder);
    }

    private static Restoration.Report restore(byte[] archive, Path to) throws IOException {
        return Restoration.restore(new ByteArrayInputStream(archive), to);
    }

    private void deliver(Account to, byte[] letter) throws StoreException {
        Draft draft = stores.mail.draft();
        draft.append(letter, 0, letter.length);
        stores.mail.deliver(draft, List.of(to));
    }

    private static List<String> mailOf(Stores stores, Account account) throws Exception {
        List<String> all = new ArrayList<>();
        try (Mail.Maildrop drop = stores.mail.lock(account).orElseThrow()) {
            for (Message message : drop.messages()) {
                try (FileChannel body = drop.open(message)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) body.size());
                    while (bytes.hasRemaining()) {
                        body.read(bytes);
                    }
                    all.add(new String(bytes.array(), ISO_8859_1));
                }
            }
        }
        return all;
    }

    private void deleteAll(Account account) throws Exception {
        try (Mail.Maildrop drop = stores.mail.lock(account).orElseThrow()) {
            drop.delete(drop.messages());
        }
    }

    private List<String> bodyFiles() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("stores/bodies"))) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    // ---- there and back

    @Test
    void whatWasThereIsThereAgain() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        stores.accounts.addAlias("sales", List.of("ada"));
        deliver(ada, "one".getBytes(UTF_8));
        deliver(ada, new byte[200_000]);
        Files.createDirectories(data.resolve("zones/keys"));
        String longName = "zones/keys/" + "x".repeat(150) + " \u00e4.zone";
        Files.writeString(data.resolve(longName), "a zone");
        Files.writeString(data.resolve("zones/empty.zone"), "");

        byte[] archive = take();
        Restoration.Report report = verify(archive);
        assertThat(report.problems()).isEmpty();
        assertThat(report.messages()).isEqualTo(2);
        assertThat(report.head().site()).isEqualTo("here.test");
        assertThat(report.head().version()).isEqualTo("9.9");

        Path copy = folder.resolve("copy");
        assertThat(restore(archive, copy).problems()).isEmpty();
        assertThat(Files.readString(copy.resolve(longName))).isEqualTo("a zone");
        assertThat(copy.resolve("zones/empty.zone")).isEmptyFile();
        assertThat(copy.resolve("restore-under-way")).doesNotExist();
        try (Stores again = Stores.open(copy)) {
            assertThat(again.accounts.verify("ada", "a long word")).contains(ada);
            assertThat(again.accounts.recipients("sales@here.test")).containsExactly(ada);
            assertThat(mailOf(again, ada)).isEqualTo(mailOf(stores, ada)).hasSize(2);
        }
    }

    @Test
    void theFileTreeComesBackWithItsFoldersTimesAndModes() throws Exception {
        Path files = Files.createDirectories(data.resolve("files"));
        for (String inner : List.of("homes/ada/empty", "homes/bob", "shared/plans", "public")) {
            Files.createDirectories(files.resolve(inner));
        }
        Files.createDirectories(files.resolve("homes/ada/.portolan"));
        Files.writeString(files.resolve("homes/ada/.portolan/upload-1"), "half");
        Files.writeString(files.resolve("homes/bob/unknown"), "of an account made just now");
        Path plan = files.resolve("shared/plans/the plan ä");
        Files.writeString(plan, "x".repeat(300_000));
        Files.setPosixFilePermissions(plan, PosixFilePermissions.fromString("rwxr-x---"));
        Instant then = Instant.parse("2001-02-03T04:05:06.123456789Z");
        Files.setLastModifiedTime(plan, FileTime.from(then));
        Files.createSymbolicLink(files.resolve("public/passwd"), Path.of("/etc/passwd"));
        try (Spaces spaces = new Spaces(data.resolve("stores"), CLOCK)) {
            spaces.makeHome(new Account(1, "ada"));
            spaces.share("plans");
        }
        byte[] archive = take();
        assertThat(verify(archive).problems()).isEmpty();
        Path copy = folder.resolve("copy");
        assertThat(restore(archive, copy).problems()).isEmpty();
        Path again = copy.resolve("files/shared/plans/the plan ä");
        assertThat(again).hasSameTextualContentAs(plan);
        assertThat(Files.getLastModifiedTime(again).toInstant()).isEqualTo(then);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(again)))
                .isEqualTo("rwxr-x---");
        assertThat(copy.resolve("files/homes/ada/empty")).isEmptyDirectory();
        assertThat(copy.resolve("files/homes/ada/.portolan")).doesNotExist();
        assertThat(copy.resolve("files/homes/bob")).doesNotExist();
        assertThat(copy.resolve("files/public/passwd")).doesNotExist();
        assertThat(data.resolve("backup-under-way")).doesNotExist();
    }

    @Test
    void whatIsRestoredIsForItsOwnerAlone() throws Exception {
        deliver(stores.accounts.add("ada", "a long word"), "one".getBytes(UTF_8));
        Path copy = folder.resolve("copy");
        restore(take(), copy);
        assertThat(permissions(copy)).isEqualTo("rwx--x--x");
        try (Stream<Path> inside = Files.walk(copy).skip(1)) {
            assertThat(inside)
                    .allSatisfy(
                            file ->
                                    assertThat(permissions(file))
                                            .isEqualTo(
                                                    Files.isDirectory(file)
                                                            ? "rwx------"
                                                            : "rw-------"));
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void settingsComeAlongAndWhatIsMadeAgainDoesNot() throws Exception {
        Path settings = Files.writeString(folder.resolve("any.toml"), "name = \"here.test\"\n");
        Files.writeString(data.resolve("portolan.toml"), "an older one");
        Files.writeString(data.resolve("ca.pem"), "from the authority");
        Files.createDirectory(data.resolve("traces"));
        Files.writeString(data.resolve("traces/smtp-1.txt"), "C: EHLO");
        backups = new Backups(data, Optional.of(settings), stores.mail, CLOCK);
        Path copy = folder.resolve("copy");
        restore(take(), copy);
        assertThat(Files.readString(copy.resolve("portolan.toml"))).contains("here.test");
        assertThat(copy.resolve("ca.pem")).doesNotExist();
        assertThat(copy.resolve("traces")).doesNotExist();
        assertThat(copy.resolve("lock")).doesNotExist();
    }

    @Test
    void aUidOfTheLostTimeIsNotGivenAgain() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "before".getBytes(UTF_8));
        byte[] archive = take();
        deliver(ada, "lost".getBytes(UTF_8));
        Path copy = folder.resolve("copy");
        restore(archive, copy);
        List<Long> known = uids(stores, ada);
        try (Stores again = Stores.open(copy)) {
            assertThat(uids(again, ada)).containsExactly(known.getFirst());
            Draft draft = again.mail.draft();
            draft.append("after".getBytes(UTF_8), 0, 5);
            again.mail.deliver(draft, List.of(ada));
            assertThat(uids(again, ada).getLast()).isGreaterThan(known.getLast());
        }
    }

    private static List<Long> uids(Stores stores, Account account) throws Exception {
        try (Mail.Maildrop drop = stores.mail.lock(account).orElseThrow()) {
            return drop.messages().stream().map(Message::uid).toList();
        }
    }

    @Test
    void aFolderThatHoldsAnythingIsLeftAlone() throws Exception {
        byte[] archive = take();
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.writeString(full.resolve("mine"), "mine");
        assertThatThrownBy(() -> restore(archive, full)).hasMessageContaining("not empty");
        assertThatThrownBy(() -> restore(archive, full.resolve("mine")))
                .hasMessageContaining("no folder");
        assertThat(full).isDirectoryContaining(file -> file.endsWith("mine"));
    }

    @Test
    void anotherTarReadsIt() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "one".getBytes(UTF_8));
        Files.createDirectory(data.resolve("zones"));
        Files.writeString(data.resolve("zones/" + "x".repeat(180)), "a zone");
        Path file = folder.resolve("b.tar.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(take());
        }
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Process tar =
                new ProcessBuilder("tar", "xzf", file.toString(), "-C", unpacked.toString())
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        for (String line : Files.readAllLines(unpacked.resolve("MANIFEST"))) {
            String[] words = line.split(" ", 4);
            if (words[0].equals("file")) {
                byte[] content = Files.readAllBytes(unpacked.resolve(words[3]));
                assertThat(Long.toString(content.length)).isEqualTo(words[1]);
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
                assertThat(HexFormat.of().formatHex(hash)).isEqualTo(words[2]);
            }
        }
        try (var in = Files.newInputStream(file)) {
            assertThat(Restoration.verify(in, folder).problems()).isEmpty();
        }
    }

    // ---- while work goes on

    @Test
    void deliveriesAndDeletionsGoOnWhileBackupsAreTaken() throws Exception {
        List<Account> people = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            people.add(stores.accounts.add("p" + i, "a long word"));
        }
        Set<String> sent = ConcurrentHashMap.newKeySet();
        AtomicInteger deliveries = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> problem = new AtomicReference<>();
        List<Thread> busy = new ArrayList<>();
        for (Account person : people) {
            Random random = new Random(person.id());
            busy.add(worker(over, problem, () -> deliverOne(person, random, sent, deliveries)));
            busy.add(worker(over, problem, () -> deleteHalf(person)));
        }
        for (int round = 0; round < 12; round++) {
            int before = deliveries.get();
            await().until(() -> deliveries.get() > before + 100 || problem.get() != null);
            Path copy = folder.resolve("copy" + round);
            Restoration.Report report = restore(take(), copy);
            assertThat(report.problems()).isEmpty();
            assertThat(report.lost()).isZero();
            try (Stores again = Stores.open(copy)) {
                for (Account person : people) {
                    assertThat(sent).containsAll(mailOf(again, person));
                }
            }
        }
        over.set(true);
        for (Thread thread : busy) {
            thread.join();
        }
        assertThat(problem.get()).isNull();
        for (Account person : people) {
            deleteAll(person);
        }
        await().untilAsserted(() -> assertThat(bodyFiles()).isEmpty()); // also what was held
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Thread worker(
            AtomicBoolean over, AtomicReference<Throwable> problem, Step step) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        while (!over.get()) {
                            step.run();
                        }
                    } catch (Throwable e) {
                        problem.set(e);
                    }
                });
    }

    /** Each message says who got it and how long it is, so that half of one would be seen. */
    private void deliverOne(
            Account person, Random random, Set<String> sent, AtomicInteger deliveries)
            throws StoreException {
        int length = random.nextInt(10) == 0 ? 100_000 : random.nextInt(3000);
        String letter = person.name() + " " + random.nextLong() + " " + "x".repeat(length) + ".";
        sent.add(letter);
        deliver(person, letter.getBytes(ISO_8859_1));
        deliveries.incrementAndGet();
    }

    private void deleteHalf(Account person) throws Exception {
        try (Mail.Maildrop drop = stores.mail.lock(person).orElseThrow()) {
            List<Message> all = drop.messages();
            drop.delete(all.subList(0, all.size() / 2));
        }
    }

    @Test
    void aBodyThatIsDeletedMeanwhileIsInTheBackupAndGoesAfterIt() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        for (int i = 0; i < 20; i++) {
            deliver(ada, ("message " + i).repeat(20_000).getBytes(UTF_8));
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        AtomicBoolean first = new AtomicBoolean(true);
        backups.take(
                "here.test",
                "9.9",
                (bytes, from, count, total) -> {
                    if (first.getAndSet(false)) { // the databases are copied, no body is
                        try {
                            deleteAll(ada);
                        } catch (Exception e) {
                            throw new IOException(e);
                        }
                        assertThat(bodyFiles()).hasSize(20);
                    }
                    archive.write(bytes, from, count);
                });
        Restoration.Report report = verify(archive.toByteArray());
        assertThat(report.problems()).isEmpty();
        assertThat(report.messages()).isEqualTo(20);
        assertThat(mailOf(stores, ada)).isEmpty();
        await().untilAsserted(() -> assertThat(bodyFiles()).isEmpty());
    }

    @Test
    void whoNeverTakesItAllHoldsTheFilesForAWhileOnly() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, new byte[1000]);
        backups = new Backups(data, Optional.empty(), stores.mail, CLOCK, Duration.ZERO);
        assertThatThrownBy(this::take).hasMessageContaining("took more than");
        deleteAll(ada);
        await().untilAsserted(() -> assertThat(bodyFiles()).isEmpty());
    }

    @Test
    void oneAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread slow =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                backups.take(
                                        "here.test",
                                        "9.9",
                                        (bytes, from, count, total) -> {
                                            begun.countDown();
                                            awaitLatch(goOn);
                                        });
                            } catch (IOException | StoreException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        begun.await();
        assertThatThrownBy(() -> backups.take("here.test", "9.9", NOBODY))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another backup");
        goOn.countDown();
        slow.join();
        backups.take("here.test", "9.9", NOBODY);
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void whoTakesItAndFailsLeavesNothingBehind() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "one".getBytes(UTF_8));
        assertThatThrownBy(
                        () ->
                                backups.take(
                                        "here.test",
                                        "9.9",
                                        (bytes, from, count, total) -> {
                                            throw new IOException("no space left");
                                        }))
                .hasMessage("no space left");
        assertThat(data.resolve("backup-under-way")).doesNotExist();
        deleteAll(ada);
        await().untilAsserted(() -> assertThat(bodyFiles()).isEmpty());
    }

    @Test
    void whatACrashLeftIsRemovedAtTheNextStart() throws Exception {
        Path left = Files.createDirectory(data.resolve("backup-under-way"));
        Files.writeString(left.resolve("0"), "half a database");
        backups = new Backups(data, Optional.empty(), stores.mail, CLOCK);
        assertThat(left).doesNotExist();
    }

    @Test
    void aBodyThatWasLostBeforeIsSaidAndTheRestIsKept() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "one".getBytes(UTF_8));
        deliver(ada, "two".getBytes(UTF_8));
        deliver(ada, "three".getBytes(UTF_8));
        List<String> files = new ArrayList<>(new TreeSet<>(bodyFiles()));
        Files.delete(Path.of(files.get(0)));
        Files.writeString(Path.of(files.get(1)), "truncated and more");
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        Backups.Taken taken =
                backups.take(
                        "here.test", "9.9", (b, from, count, t) -> archive.write(b, from, count));
        assertThat(taken.damaged()).hasSize(2);
        Restoration.Report report = verify(archive.toByteArray());
        assertThat(report.problems()).isEmpty();
        assertThat(report.lost()).isEqualTo(2);
        assertThat(report.messages()).isEqualTo(2);
    }

    // ---- what is wrong with an archive is found

    @Test
    void anyByteThatChangedIsFound() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "x".repeat(3000).getBytes(UTF_8));
        byte[] archive = take();
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            byte[] changed = archive.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            if (isPadding(archive, at)) {
                continue;
            }
            assertThat(isRefused(changed)).as("byte " + at + " of " + archive.length).isTrue();
        }
    }

    /** Zeros that fill up a block mean nothing; whether they changed does not matter. */
    private static boolean isPadding(byte[] archive, int at) {
        return archive[at] == 0;
    }

    private boolean isRefused(byte[] archive) {
        try {
            return !verify(archive).problems().isEmpty();
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void oneThatBreaksOffIsRefusedWhereverItDoesAndMakesNoSite() throws Exception {
        deliver(stores.accounts.add("ada", "a long word"), "one".getBytes(UTF_8));
        byte[] archive = take();
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            byte[] cut = java.util.Arrays.copyOf(archive, random.nextInt(archive.length - 1024));
            Path copy = folder.resolve("cut" + i);
            assertThatThrownBy(() -> restore(cut, copy)).isInstanceOf(IOException.class);
            assertThat(copy).isEmptyDirectory();
        }
    }

    @Test
    void aMessageWithoutItsBodyIsFound() throws Exception {
        Account ada = stores.accounts.add("ada", "a long word");
        deliver(ada, "one".getBytes(UTF_8));
        byte[] archive = take();
        Path copy = folder.resolve("copy");
        restore(archive, copy);
        ByteArrayOutputStream without = new ByteArrayOutputStream();
        rewrite(archive, without, path -> !path.startsWith("stores/bodies/"));
        Restoration.Report report = verify(without.toByteArray());
        assertThat(report.problems()).anyMatch(problem -> problem.contains("body"));
    }

    /** Copies an archive, some files of it, with a manifest that says the same. */
    private static void rewrite(
            byte[] archive, ByteArrayOutputStream to, java.util.function.Predicate<String> wanted)
            throws IOException {
        TarReader in = new TarReader(new ByteArrayInputStream(archive));
        TarWriter out = new TarWriter(to);
        for (var next = in.next(); next.isPresent(); next = in.next()) {
            byte[] content = content(in);
            if (next.get().path().equals(Backups.MANIFEST)) {
                StringBuilder lines = new StringBuilder();
                long files = 0;
                long bytes = 0;
                for (String line : new String(content, UTF_8).lines().toList()) {
                    String[] words = line.split(" ", 4);
                    boolean file = words[0].equals("file");
                    if (line.startsWith("end ")) {
                        lines.append("end ").append(files).append(' ').append(bytes).append('\n');
                    } else if (!file || wanted.test(words[3])) {
                        lines.append(line).append('\n');
                        files += file ? 1 : 0;
                        bytes += file ? Long.parseLong(words[1]) : 0;
                    }
                }
                content = lines.toString().getBytes(UTF_8);
            }
            if (wanted.test(next.get().path())) {
                out.begin(next.get().path(), content.length, CLOCK.instant());
                out.write(content, 0, content.length);
            }
        }
        out.finish();
    }

    private static byte[] content(TarReader in) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[1000];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            content.write(buffer, 0, count);
        }
        return content.toByteArray();
    }

    @Test
    void aFileThatWouldLeaveTheFolderIsRefused() throws Exception {
        for (String path : List.of("../out", "/etc/passwd", "stores/../../out", "a//b", "a/./b")) {
            ByteArrayOutputStream evil = new ByteArrayOutputStream();
            TarWriter out = new TarWriter(evil);
            byte[] head =
                    new Head(Head.FORMAT, "here.test", "9.9", CLOCK.instant())
                            .text()
                            .getBytes(UTF_8);
            out.begin(Backups.HEAD, head.length, CLOCK.instant());
            out.write(head, 0, head.length);
            out.begin(path, 1, CLOCK.instant());
            out.write(head, 0, 1);
            out.finish();
            Path copy = folder.resolve("evil");
            assertThatThrownBy(() -> restore(evil.toByteArray(), copy))
                    .hasMessageContaining("no backup has");
        }
    }

    @Test
    void whatIsNoBackupIsToldSo() throws Exception {
        for (String text : List.of("", "hello", "x".repeat(5000))) {
            assertThatThrownBy(() -> verify(text.getBytes(UTF_8))).isInstanceOf(IOException.class);
        }
        ByteArrayOutputStream newer = new ByteArrayOutputStream();
        TarWriter out = new TarWriter(newer);
        byte[] head =
                new Head(Head.FORMAT + 1, "here.test", "9.9", CLOCK.instant())
                        .text()
                        .getBytes(UTF_8);
        out.begin(Backups.HEAD, head.length, CLOCK.instant());
        out.write(head, 0, head.length);
        out.finish();
        assertThatThrownBy(() -> verify(newer.toByteArray())).hasMessageContaining("newer");
    }

    @Test
    void aFileOfManyGigabytesHasAHeaderThatSaysSo() throws Exception {
        long huge = 9_000_000_000L;
        ByteArrayOutputStream begun = new ByteArrayOutputStream();
        Instant then = Instant.ofEpochSecond(1_700_000_000);
        new TarWriter(begun).begin("stores/huge.db", huge, then);
        assertThat(TarWriter.room("stores/huge.db", huge, then))
                .isEqualTo(begun.size() + (huge + 511) / 512 * 512);
        TarReader reader = new TarReader(new ByteArrayInputStream(begun.toByteArray()));
        assertThat(reader.next())
                .contains(new TarReader.Entry("stores/huge.db", huge, then, 0_600, false));
    }
}
