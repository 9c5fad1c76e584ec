package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.StoreException.Kind;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Message;

/** Stores on a file system of a few megabytes, which takes root to mount. */
class FullDiskTest {
    @TempDir Path folder;
    private Path small;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may mount");
        small = Files.createDirectory(folder.resolve("small"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString());
        if (!mounted) {
            small = null;
        }
        assumeTrue(mounted, "this machine does not let its root mount");
    }

    @AfterEach
    void unmount() throws Exception {
        if (small != null) {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Takes a megabyte, to be given back when everything else is full. */
    private Path ballast() throws IOException {
        return Files.write(small.resolve("ballast"), new byte[1 << 20]);
    }

    private static void append(Draft draft, int count) throws StoreException {
        draft.append(new byte[count], 0, count);
    }

    @Test
    void mailIsRefusedNothingIsLostAndItComesBack() throws Exception {
        Account ada = new Account(1, "ada");
        SteppedClock clock = new SteppedClock();
        Path ballast = ballast();
        int acknowledged = 0;
        try (Mail mail = new Mail(small, clock)) {
            while (true) {
                Draft draft = mail.draft();
                try {
                    append(draft, 20_000);
                    mail.deliver(draft, List.of(ada));
                    acknowledged++;
                } catch (StoreException e) {
                    assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.FULL);
                    break;
                }
            }
            assertThat(acknowledged).isPositive();
            for (int i = 0; i < 20; i++) {
                Draft draft = mail.draft();
                StoreException e =
                        catchThrowableOfType(
                                StoreException.class,
                                () -> {
                                    append(draft, 100_000); // spills
                                    mail.deliver(draft, List.of(ada));
                                });
                assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.FULL);
                draft.discard();
            }
            Files.delete(ballast);
            try (Mail.Maildrop drop = mail.lock(ada).orElseThrow()) {
                assertThat(drop.messages()).hasSize(acknowledged);
                List<Message> half = drop.messages().subList(0, acknowledged / 2);
                drop.delete(half);
            }
            Draft again = mail.draft();
            append(again, 20_000);
            mail.deliver(again, List.of(ada));
            try (Mail.Maildrop drop = mail.lock(ada).orElseThrow()) {
                assertThat(drop.messages()).hasSize(acknowledged - acknowledged / 2 + 1);
                for (Message message : drop.messages()) {
                    try (FileChannel body = drop.open(message)) {
                        assertThat(body.size()).isEqualTo(20_000);
                    }
                }
            }
        }
    }

    @Test
    void aCommitWithoutRoomIsRefusedNothingIsCorruptedAndItComesBack() throws Exception {
        String table = "CREATE TABLE bodies(id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)";
        Path ballast = ballast();
        int acknowledged = 0;
        try (Database database =
                new Database(small.resolve("t.db"), List.of(table), () -> {}, Duration.ZERO)) {
            while (true) {
                try {
                    database.write(FullDiskTest::insert);
                    acknowledged++;
                } catch (StoreException e) {
                    assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.FULL);
                    break;
                }
            }
            for (int i = 0; i < 20; i++) {
                StoreException e =
                        catchThrowableOfType(
                                StoreException.class, () -> database.write(FullDiskTest::insert));
                assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.FULL);
            }
            Files.delete(ballast);
            database.write(sql -> sql.update("DELETE FROM bodies WHERE id > 3"));
            database.write(FullDiskTest::insert);
            List<String> healthy =
                    database.read(
                            sql -> sql.list("PRAGMA integrity_check", row -> row.getString(1)));
            assertThat(healthy).containsExactly("ok");
            int rows =
                    database.read(
                            sql ->
                                    sql.first("SELECT COUNT(*) FROM bodies", row -> row.getInt(1))
                                            .orElseThrow());
            assertThat(rows).isEqualTo(Math.min(3, acknowledged) + 1);
        }
    }

    private static int insert(Sql sql) throws java.sql.SQLException {
        return sql.update("INSERT INTO bodies(body) VALUES(?)", (Object) new byte[50_000]);
    }
}
