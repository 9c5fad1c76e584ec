package org.portolan.stores.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.Account;
import org.portolan.stores.SteppedClock;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.WholeFileSystem;

/** What a loss of power takes from the files of small bodies comes back from the journal. */
class BodyJournalTest {
    private static final Account ADA = new Account(1, "ada");
    private static final int SMALL = 60_000;

    @TempDir Path folder;
    private Path site;

    @BeforeEach
    void make() throws IOException {
        site = Files.createDirectory(folder.resolve("site"));
    }

    private static byte[] body(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void deliver(Mail mail, byte[] body) throws StoreException {
        Draft draft = mail.draft();
        draft.append(body, 0, body.length);
        mail.deliver(draft, List.of(ADA));
    }

    private Path file(long body) {
        return site.resolve("bodies").resolve(Long.toString(body / 1000) + "/" + body);
    }

    private List<Long> bodies() throws Exception {
        try (Mail mail = new Mail(site, new SteppedClock());
                Mail.Maildrop drop = mail.lock(ADA).orElseThrow()) {
            return drop.messages().stream().map(Message::body).toList();
        }
    }

    private static void zero(Path file) throws IOException {
        Files.write(file, new byte[(int) Files.size(file)]);
    }

    @Test
    void missingShortAndEmptyFilesAreWrittenAgain() throws Exception {
        try (Mail mail = new Mail(site, new SteppedClock())) {
            for (int i = 0; i < 30; i++) {
                deliver(mail, body(i, 100 + i));
            }
        }
        List<Long> numbers = bodies();
        for (int i = 0; i < 30; i += 3) {
            Files.delete(file(numbers.get(i)));
            Files.write(file(numbers.get(i + 1)), new byte[7]);
            zero(file(numbers.get(i + 2)));
        }
        // The second start found the journal, and was to forget it: so it is made anew.
        Path first = site.resolve("body-journal").resolve("1");
        assertThat(first).exists();
        bring(first);
        assertThat(bodies()).hasSize(30);
        for (int i = 0; i < 30; i++) {
            assertThat(file(numbers.get(i))).hasBinaryContent(body(i, 100 + i));
        }
    }

    /** What a start has seen to be on the disk it forgets: puts back the word it forgot. */
    private static void bring(Path journal) throws IOException {
        try (FileChannel file = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(4).putInt(0x426f4479).flip(), 0);
        }
    }

    @Test
    void whatIsDeletedStaysSo() throws Exception {
        long body;
        try (Mail mail = new Mail(site, new SteppedClock())) {
            deliver(mail, body(1, 500));
            deliver(mail, body(2, 500));
            try (Mail.Maildrop drop = mail.lock(ADA).orElseThrow()) {
                body = drop.messages().getFirst().body();
                drop.delete(List.of(drop.messages().getFirst()));
            }
        }
        assertThat(bodies()).hasSize(1);
        assertThat(file(body)).doesNotExist();
    }

    @Test
    void behindADamagedRecordNothingIsBelieved() throws Exception {
        try (Mail mail = new Mail(site, new SteppedClock())) {
            for (int i = 0; i < 10; i++) {
                deliver(mail, body(i, 500));
            }
        }
        Path journal = site.resolve("body-journal").resolve("1");
        byte[] bytes = Files.readAllBytes(journal);
        List<Long> numbers = bodies();
        bytes[5 * (500 + 28) + 300] ^= 1;
        Files.write(journal, bytes);
        Files.delete(file(numbers.get(4)));
        Files.delete(file(numbers.get(6)));
        assertThat(bodies()).hasSize(10);
        assertThat(file(numbers.get(4))).hasBinaryContent(body(4, 500));
        assertThat(file(numbers.get(6))).doesNotExist();
    }

    @Test
    void twoFilesTakeTurns() throws Exception {
        int count = 1300; // more than both hold together
        Path crashed = folder.resolve("crashed");
        try (Mail mail = new Mail(site, new SteppedClock())) {
            for (int i = 0; i < count; i++) {
                deliver(mail, body(i, SMALL));
            }
            copy(site, crashed);
        }
        site = crashed;
        List<Path> files = files(crashed.resolve("bodies"));
        assertThat(files).hasSize(count);
        List<Path> last = files.subList(count - 100, count);
        for (Path file : last) {
            Files.delete(file);
        }
        assertThat(bodies()).hasSize(count);
        for (int i = count - 100; i < count; i++) {
            assertThat(files.get(i)).hasBinaryContent(body(i, SMALL));
        }
        for (Path file : files(crashed.resolve("body-journal"))) {
            assertThat(Files.size(file)).isLessThanOrEqualTo(32 << 20);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                } catch (NoSuchFileException gone) { // SQLite's own, which come and go
                    assertThat(path.toString()).contains(".db-");
                }
            }
        }
    }

    /** All of them, by their numbers. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .sorted(
                            Comparator.comparingLong(
                                    path -> Long.parseLong(path.getFileName().toString())))
                    .toList();
        }
    }

    @Test
    void aLargeOneIsSyncedItself() throws Exception {
        try (Mail mail = new Mail(site, new SteppedClock())) {
            deliver(mail, body(1, 200_000));
        }
        assertThat(Files.size(site.resolve("body-journal").resolve("1"))).isZero();
    }

    @Test
    void aFileSystemIsSyncedAndTakesAHintOrNot() throws Exception {
        try (WholeFileSystem disk = WholeFileSystem.of(site).orElseThrow()) {
            disk.spreadFolders();
            disk.sync();
        }
        assertThat(site).isEmptyDirectory();
    }
}
