package org.portolan.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.StoreException.Kind;

/** One writer commits what queues up, and tells each what became of its own. */
class DatabaseTest {
    private static final String TABLE =
            "CREATE TABLE words(word TEXT NOT NULL UNIQUE, body BLOB);"
                    + "CREATE TABLE other(id INTEGER PRIMARY KEY)";
    private static final String INSERT = "INSERT INTO words(word) VALUES(?)";

    @TempDir Path folder;

    private Database open() throws StoreException {
        return open(() -> {});
    }

    private Database open(Database.BeforeCommit beforeCommit) throws StoreException {
        return new Database(folder.resolve("t.db"), List.of(TABLE), beforeCommit, Duration.ZERO);
    }

    private static List<String> words(Database database) throws StoreException {
        return database.read(
                sql -> sql.list("SELECT word FROM words ORDER BY word", row -> row.getString(1)));
    }

    /** Holds the writer in a work of its own, so that what is queued meanwhile is one batch. */
    private static final class Hold implements AutoCloseable {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        Hold(Database database) throws InterruptedException {
            database.writeLater(
                    sql -> {
                        begun.countDown();
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return true;
                    },
                    new CompletableFuture<>());
            begun.await();
        }

        @Override
        public void close() {
            end.countDown();
        }
    }

    private static CompletableFuture<Integer> later(
            Database database, Database.Work<Integer> work) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        database.writeLater(work, done);
        return done;
    }

    private static Kind kindOf(CompletableFuture<?> done) {
        CompletionException e = catchThrowableOfType(CompletionException.class, done::join);
        return ((StoreException) e.getCause()).kind();
    }

    @Test
    void whatQueuesUpIsCommittedTogether() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        try (Database database = open(commits::incrementAndGet)) {
            List<CompletableFuture<Integer>> all = new ArrayList<>();
            try (Hold hold = new Hold(database)) {
                for (int i = 0; i < 100; i++) {
                    String word = "w" + i;
                    all.add(later(database, sql -> sql.update(INSERT, word)));
                }
                assertThat(all).noneMatch(CompletableFuture::isDone);
            }
            for (CompletableFuture<Integer> one : all) {
                assertThat(one.get()).isEqualTo(1);
            }
            assertThat(commits).hasValue(2); // the held one, and the hundred
            assertThat(words(database)).hasSize(100);
        }
    }

    @Test
    void nobodyIsToldBeforeTheCommit() throws Exception {
        AtomicBoolean toldEarly = new AtomicBoolean();
        CompletableFuture<Integer> done = new CompletableFuture<>();
        try (Database database = open(() -> toldEarly.compareAndSet(false, done.isDone()))) {
            database.writeLater(sql -> sql.update(INSERT, "x"), done);
            done.get();
            assertThat(toldEarly).isFalse();
            assertThat(words(database)).containsExactly("x"); // another connection sees it
        }
    }

    @Test
    void aThreadOfTheSystemWritesAndReadsItselfWhereNobodyElseDoes() throws Exception {
        try (Database database = open()) {
            Thread wrote = database.write(sql -> Thread.currentThread());
            Thread read = database.read(sql -> Thread.currentThread());
            assertThat(wrote).isSameAs(Thread.currentThread());
            assertThat(read).isSameAs(Thread.currentThread());
            CompletableFuture<Thread> virtual = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    virtual.complete(database.write(sql -> Thread.currentThread()));
                                } catch (StoreException e) {
                                    virtual.completeExceptionally(e);
                                }
                            });
            assertThat(virtual.get().getName()).isEqualTo("t.db-writer");
            CompletableFuture<Thread> behind = new CompletableFuture<>();
            try (Hold hold = new Hold(database)) {
                database.writeNow(sql -> Thread.currentThread(), behind);
                assertThat(behind).isNotDone();
            }
            assertThat(behind.get().getName()).isEqualTo("t.db-writer");
        }
    }

    @Test
    void manyWhoWriteThemselvesAndManyWhoDoNotLoseNothing() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        try (Database database = open(commits::incrementAndGet)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String who = "t" + i + "-";
                Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                threads.add(
                        kind.start(
                                () -> {
                                    for (int word = 0; word < 200; word++) {
                                        write(database, who + word);
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(words(database)).hasSize(16 * 200);
            assertThat(commits).hasValueLessThan(16 * 200); // some went together
        }
    }

    private static void write(Database database, String word) {
        try {
            database.write(sql -> sql.update(INSERT, word));
            assertThat(words(database)).contains(word); // by now, for everybody
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneThatFailsDoesNotHurtTheOthers() throws Exception {
        try (Database database = open()) {
            database.write(sql -> sql.update(INSERT, "taken"));
            CompletableFuture<Integer> good1;
            CompletableFuture<Integer> twice;
            CompletableFuture<Integer> wrong;
            CompletableFuture<Integer> refused;
            CompletableFuture<Integer> bug;
            CompletableFuture<Integer> error;
            CompletableFuture<Integer> good2;
            try (Hold hold = new Hold(database)) {
                good1 = later(database, sql -> sql.update(INSERT, "good1"));
                twice =
                        later(
                                database,
                                sql ->
                                        sql.update(INSERT, "half")
                                                + sql.update(INSERT, "taken")); // fails
                wrong = later(database, sql -> sql.update("INSERT INTO nowhere VALUES(1)"));
                refused =
                        later(
                                database,
                                sql -> {
                                    sql.update(INSERT, "undone");
                                    throw new StoreException(Kind.REFUSED, "no");
                                });
                bug =
                        later(
                                database,
                                sql -> {
                                    sql.update(INSERT, "undone too");
                                    throw new IllegalStateException("a bug");
                                });
                error =
                        later(
                                database,
                                sql -> {
                                    throw new StackOverflowError();
                                });
                good2 = later(database, sql -> sql.update(INSERT, "good2"));
            }
            assertThat(good1.get()).isEqualTo(1);
            assertThat(good2.get()).isEqualTo(1);
            assertThat(kindOf(twice)).isEqualTo(Kind.EXISTS);
            assertThat(kindOf(wrong)).isEqualTo(Kind.BROKEN);
            assertThat(kindOf(refused)).isEqualTo(Kind.REFUSED);
            assertThatThrownBy(bug::join).hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(error::join).hasCauseInstanceOf(StackOverflowError.class);
            assertThat(words(database)).containsExactly("good1", "good2", "taken");
            int after = database.write(sql -> sql.update(INSERT, "after"));
            assertThat(after).isEqualTo(1);
        }
    }

    @Test
    void aWriteThatFailsSaysWhatKindOfFailureItIs() throws Exception {
        try (Database database = open()) {
            database.write(sql -> sql.update(INSERT, "x"));
            StoreException twice =
                    catchThrowableOfType(
                            StoreException.class,
                            () -> database.write(sql -> sql.update(INSERT, "x")));
            assertThat(twice.kind()).isEqualTo(Kind.EXISTS);
            database.write(sql -> sql.update("INSERT INTO other(id) VALUES(1)"));
            StoreException again =
                    catchThrowableOfType(
                            StoreException.class,
                            () -> database.write(sql -> sql.update("INSERT INTO other VALUES(1)")));
            assertThat(again.kind()).isEqualTo(Kind.EXISTS);
            StoreException missing =
                    catchThrowableOfType(
                            StoreException.class,
                            () -> database.write(sql -> sql.update(INSERT, (Object) null)));
            assertThat(missing.kind()).isEqualTo(Kind.BROKEN);
        }
    }

    @Test
    void closingCommitsWhatIsQueued() throws Exception {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        Database database = open();
        Hold hold = new Hold(database);
        for (int i = 0; i < 1000; i++) {
            String word = "w" + i;
            all.add(later(database, sql -> sql.update(INSERT, word)));
        }
        hold.close();
        database.close();
        for (CompletableFuture<Integer> one : all) {
            assertThat(one.get()).isEqualTo(1);
        }
        try (Database again = open()) {
            assertThat(words(again)).hasSize(1000);
        }
    }

    @Test
    void whoComesAfterTheCloseIsToldSoAndNobodyWaitsForEver() throws Exception {
        Database database = open();
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        CountDownLatch some = new CountDownLatch(200);
        Thread busy =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < 5000; i++) {
                                        String word = "w" + i;
                                        all.add(later(database, sql -> sql.update(INSERT, word)));
                                        some.countDown();
                                    }
                                });
        some.await();
        database.close();
        busy.join();
        long done = 0;
        for (CompletableFuture<Integer> one : all) {
            try {
                done += one.join();
            } catch (CompletionException e) {
                assertThat(((StoreException) e.getCause()).kind()).isEqualTo(Kind.BROKEN);
            }
        }
        try (Database again = open()) {
            assertThat(words(again)).hasSize((int) done); // who was told yes is there, no other
        }
        assertThatThrownBy(() -> database.read(sql -> 1)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> database.write(sql -> 1)).isInstanceOf(StoreException.class);
    }

    @Test
    void anInterruptDoesNotHideWhatBecameOfAWrite() throws Exception {
        try (Database database = open()) {
            AtomicInteger written = new AtomicInteger();
            AtomicBoolean interrupted = new AtomicBoolean();
            Hold hold = new Hold(database);
            Thread waiting =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            written.set(
                                                    database.write(sql -> sql.update(INSERT, "x")));
                                        } catch (StoreException e) {
                                            throw new AssertionError(e);
                                        }
                                        interrupted.set(Thread.interrupted());
                                    });
            await().until(() -> waiting.getState() == Thread.State.WAITING);
            waiting.interrupt();
            hold.close();
            waiting.join();
            assertThat(written).hasValue(1);
            assertThat(interrupted).isTrue();
            assertThat(words(database)).containsExactly("x");
        }
    }

    @Test
    void whatCannotBeSyncedIsNotToldAndEndsAllWriting() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        Database.BeforeCommit sync =
                () -> {
                    if (failing.get()) {
                        throw new IOException("Input/output error");
                    }
                };
        try (Database database = open(sync)) {
            database.write(sql -> sql.update(INSERT, "before"));
            failing.set(true);
            assertThat(kindOf(later(database, sql -> sql.update(INSERT, "lost"))))
                    .isEqualTo(Kind.BROKEN);
            failing.set(false);
            CompletableFuture<Integer> after = later(database, sql -> sql.update(INSERT, "after"));
            assertThat(kindOf(after)).isEqualTo(Kind.BROKEN); // until a restart
            assertThat(words(database)).containsExactly("before"); // reading goes on
        }
        try (Database again = open()) {
            again.write(sql -> sql.update(INSERT, "again"));
            assertThat(words(again)).containsExactly("again", "before");
        }
    }

    @Test
    void aBugBeforeTheCommitLeavesNothingForTheNextOne() throws Exception {
        AtomicBoolean failing = new AtomicBoolean(true);
        Database.BeforeCommit sync =
                () -> {
                    if (failing.getAndSet(false)) {
                        throw new IllegalStateException("a bug");
                    }
                };
        try (Database database = open(sync)) {
            assertThat(kindOf(later(database, sql -> sql.update(INSERT, "lost"))))
                    .isEqualTo(Kind.BROKEN);
            database.write(sql -> sql.update(INSERT, "after"));
            assertThat(words(database)).containsExactly("after");
        }
    }

    @Test
    void aFullDatabaseRefusesAndRecovers() throws Exception {
        try (Database database = open()) {
            database.write(sql -> sql.update(INSERT, "before"));
            int pages =
                    database.write(
                            sql ->
                                    sql.first("PRAGMA page_count", row -> row.getInt(1))
                                            .orElseThrow());
            limitPages(database, pages + 10);
            byte[] large = new byte[100_000];
            for (int i = 0; i < 3; i++) {
                StoreException full =
                        catchThrowableOfType(
                                StoreException.class,
                                () -> database.write(sql -> insert(sql, large)));
                assertThat(full.kind()).as(full.toString()).isEqualTo(Kind.FULL);
            }
            // Among others, too: the small one goes through, the large one is refused.
            CompletableFuture<Integer> small;
            CompletableFuture<Integer> big;
            try (Hold hold = new Hold(database)) {
                small = later(database, sql -> sql.update(INSERT, "small"));
                big = later(database, sql -> insert(sql, large));
            }
            assertThat(small.get()).isEqualTo(1);
            assertThat(kindOf(big)).isEqualTo(Kind.FULL);

            limitPages(database, 1_000_000); // there is room again
            database.write(sql -> insert(sql, large));
            assertThat(words(database)).containsExactly("before", "large", "small");
        }
    }

    private static int insert(Sql sql, byte[] body) throws java.sql.SQLException {
        return sql.update("INSERT INTO words(word, body) VALUES('large', ?)", (Object) body);
    }

    private static void limitPages(Database database, int most) throws StoreException {
        database.write(sql -> sql.first("PRAGMA max_page_count = " + most, row -> row.getInt(1)));
    }

    @Test
    void migrationsRunOnceAndOneAfterTheOther() throws Exception {
        String second = "ALTER TABLE words ADD COLUMN second TEXT";
        String third = "INSERT INTO words(word, second) VALUES('third', 'x')";
        open().close();
        for (int i = 0; i < 2; i++) {
            try (Database newer =
                    new Database(
                            folder.resolve("t.db"),
                            List.of(TABLE, second, third),
                            () -> {},
                            Duration.ZERO)) {
                assertThat(words(newer)).containsExactly("third");
            }
        }
        assertThatThrownBy(this::open) // the older one again
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer Portolan");
    }

    @Test
    void aMigrationThatFailsLeavesTheFileAsItWas() throws Exception {
        open().close();
        List<String> broken =
                List.of(
                        TABLE,
                        "INSERT INTO words(word) VALUES('half'); INSERT INTO nowhere VALUES(1)");
        assertThatThrownBy(
                        () -> new Database(folder.resolve("t.db"), broken, () -> {}, Duration.ZERO))
                .isInstanceOf(StoreException.class);
        try (Database as = open()) {
            assertThat(words(as)).isEmpty();
        }
    }

    @Test
    void nobodyElseMayReadTheFiles() throws Exception {
        try (Database database = open()) {
            database.write(sql -> sql.update(INSERT, "x"));
            assertThat(folder.resolve("t.db-wal")).exists();
            for (String name : List.of("t.db", "t.db-wal", "t.db-shm")) {
                assertThat(Permissions.of(folder.resolve(name))).as(name).isEqualTo("rw-------");
            }
        }
    }

    private static boolean isThere(Database database, String word) throws StoreException {
        String wanted = "SELECT 1 FROM words WHERE word = ?";
        return database.read(sql -> sql.first(wanted, row -> true, word).isPresent());
    }

    @Test
    void manyThreadsAtOnceLoseNothing() throws Exception {
        int threads = 64;
        int each = 50;
        try (Database database = open()) {
            List<Thread> all = new ArrayList<>();
            AtomicInteger failures = new AtomicInteger();
            for (int t = 0; t < threads; t++) {
                String prefix = t + "-";
                all.add(
                        Thread.startVirtualThread(
                                () -> {
                                    for (int i = 0; i < each; i++) {
                                        String word = prefix + i;
                                        try {
                                            database.write(sql -> sql.update(INSERT, word));
                                            boolean there = isThere(database, word);
                                            if (!there) {
                                                failures.incrementAndGet();
                                            }
                                        } catch (StoreException e) {
                                            failures.incrementAndGet();
                                        }
                                    }
                                }));
            }
            for (Thread one : all) {
                one.join();
            }
            assertThat(failures).hasValue(0);
            assertThat(words(database)).hasSize(threads * each);
        }
    }
}
