package org.portolan.stores;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * An SQLite file with one writer and a few readers.
 *
 * <p>The writer is a platform thread (a native frame holds a virtual thread's carrier) that commits
 * together whatever has queued up while the last commit was being synced: WAL with
 * synchronous=FULL, so a commit is on disk before anybody is told. Where nobody else is writing, a
 * platform thread that comes with something does it itself, which spares two wake-ups. A commit
 * that could not be synced makes the database refuse every later write until the process starts
 * again, because nobody can say what the disk holds. It belongs to the stores: nobody outside this
 * room uses it.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** More than this in one commit makes everybody wait longer without saving syncs. */
    private static final int BATCH = 256;

    private static final int QUEUE = 4096;
    private static final int LOOK_MILLIS = 25; // while it is gathered
    private static final int READERS = 2;

    /** KiB of pages that a connection keeps; what it keeps not, the system has in its own cache. */
    private static final int WRITERS_PAGES = 8192;

    private static final int READERS_PAGES = 2048;

    /** Something to do in a transaction. It may run twice: after a clash each runs alone again. */
    public interface Work<T> {
        T in(Sql sql) throws SQLException, StoreException;
    }

    /**
     * Runs in the writer before each commit, for files that the rows name. Throws StoreException if
     * the disk is full; whatever else goes wrong leaves the database read-only.
     */
    public interface BeforeCommit {
        void run() throws IOException, StoreException;
    }

    private record Task<T>(Work<T> work, CompletableFuture<T> done) {}

    private final Path file;
    private final Sql writing;
    private final BeforeCommit beforeCommit;
    private final Duration gather;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread writer;
    private final ExecutorService readers;
    private final ReentrantLock pen = new ReentrantLock(); // whoever has it is the writer
    private final Queue<Sql> reading = new ConcurrentLinkedQueue<>(); // those with nothing to do
    private final Semaphore guests = new Semaphore(READERS); // callers who read themselves
    private volatile @Nullable String broken;
    private volatile boolean closing;
    private volatile boolean over; // nobody takes from the queue any more

    /**
     * Opens or creates {@code file} and brings it up to date.
     *
     * @param migrations numbered from 1, each run once for the life of the file
     * @param gather how long to wait for more before a commit, where nobody waits for it
     */
    public Database(Path file, List<String> migrations, BeforeCommit beforeCommit, Duration gather)
            throws StoreException {
        this.file = file;
        this.gather = gather;
        this.beforeCommit = beforeCommit;
        try {
            PrivateFiles.touch(file);
            writing = connect(WRITERS_PAGES);
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.BROKEN, name() + " cannot be made", e);
        } catch (SQLException e) {
            throw failure(e);
        }
        try {
            migrate(migrations);
        } catch (SQLException e) {
            closeQuietly(writing);
            throw failure(e);
        } catch (StoreException e) {
            closeQuietly(writing);
            throw e;
        }
        readers =
                Executors.newFixedThreadPool(
                        READERS,
                        Thread.ofPlatform().daemon().name(name() + "-reader-", 1).factory());
        writer = Thread.ofPlatform().daemon().name(name() + "-writer").start(this::writeAll);
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    private Sql connect(int pages) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(10_000);
        config.setCacheSize(-pages); // negative: KiB
        return new Sql(config.createConnection("jdbc:sqlite:" + file));
    }

    private void migrate(List<String> migrations) throws SQLException, StoreException {
        int done = writing.first("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
        if (done > migrations.size()) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "%s was written by a newer Portolan (schema %d, this one knows %d); run that"
                                    .formatted(name(), done, migrations.size())
                            + " one, or restore a backup from before");
        }
        writing.begin();
        for (int step = done; step < migrations.size(); step++) {
            writing.run(migrations.get(step));
            writing.run("PRAGMA user_version = " + (step + 1));
        }
        writing.commit();
    }

    private <T> T look(Work<T> work) throws SQLException, StoreException {
        @Nullable Sql idle = reading.poll();
        Sql reader = idle == null ? connect(READERS_PAGES) : idle;
        try {
            return work.in(reader);
        } finally {
            reading.add(reader);
        }
    }

    /** Does {@code work}; returns when it is on disk. */
    public <T> T write(Work<T> work) throws StoreException {
        CompletableFuture<T> done = new CompletableFuture<>();
        writeNow(work, done);
        return wait(done);
    }

    /** As {@link #writeLater}, for a caller who would only wait for it. */
    public <T> void writeNow(Work<T> work, CompletableFuture<T> done) {
        if (!wroteItself(new Task<>(work, done))) {
            writeLater(work, done);
        }
    }

    /**
     * A thread that native code may hold writes itself, unless somebody is writing or waits to. One
     * that was interrupted must not: it could sync nothing.
     */
    private boolean wroteItself(Task<?> task) {
        Thread mine = Thread.currentThread();
        if (mine.isVirtual()
                || mine.isInterrupted()
                || closing
                || !gather.isZero()
                || !queue.isEmpty()
                || pen.hasQueuedThreads()
                || !pen.tryLock()) {
            return false;
        }
        try {
            if (over || pen.getHoldCount() > 1) { // closed, or called while answers are given
                return false;
            }
            List<Task<?>> batch = new ArrayList<>();
            batch.add(task);
            write(batch);
            return true;
        } finally {
            pen.unlock();
        }
    }

    /**
     * Begins {@code work}; {@code done} completes when it is on disk. Waits for room in the queue.
     */
    public <T> void writeLater(Work<T> work, CompletableFuture<T> done) {
        if (closing) {
            done.completeExceptionally(closed());
            return;
        }
        try {
            queue.put(new Task<>(work, done));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(
                    new StoreException(StoreException.Kind.BROKEN, "interrupted", e));
        }
        failLeftOver();
    }

    /** Begins {@code work} if the queue has room; otherwise {@code done} fails at once. */
    <T> void offer(Work<T> work, CompletableFuture<T> done) {
        if (closing || !queue.offer(new Task<>(work, done))) {
            done.completeExceptionally(
                    new StoreException(StoreException.Kind.FULL, name() + " is busy or closed"));
        }
        failLeftOver();
    }

    /** Whoever came while the writer went must not wait for ever. */
    private void failLeftOver() {
        if (over) {
            List<Task<?>> late = new ArrayList<>();
            queue.drainTo(late);
            fail(late, closed());
        }
    }

    /** Looks something up on a thread that native code may hold. */
    public <T> T read(Work<T> work) throws StoreException {
        if (!Thread.currentThread().isVirtual() && guests.tryAcquire()) {
            try {
                return look(work);
            } catch (SQLException e) {
                throw failure(e);
            } finally {
                guests.release();
            }
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            readers.execute(
                    () -> {
                        try {
                            done.complete(look(work));
                        } catch (SQLException e) {
                            done.completeExceptionally(failure(e));
                        } catch (Throwable e) { // even an Error: somebody waits
                            done.completeExceptionally(e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            throw closed();
        }
        return wait(done);
    }

    /** An interrupt does not end the wait: what is queued will be done, and must be known of. */
    public static <T> T wait(CompletableFuture<T> done) throws StoreException {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException refused) {
                throw refused;
            }
            throw new IllegalStateException("a store's work broke", e.getCause());
        }
    }

    private void writeAll() {
        List<Task<?>> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                Task<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    writeWithOthers(batch);
                }
            } catch (InterruptedException e) {
                closing = true;
                fail(batch, closed());
            }
            batch.clear();
        }
        pen.lock();
        try {
            over = true; // after whoever is writing itself, and before whoever would
        } finally {
            pen.unlock();
        }
        failLeftOver();
    }

    /** Whatever came while somebody else was writing goes with it. */
    private void writeWithOthers(List<Task<?>> batch) throws InterruptedException {
        pen.lockInterruptibly();
        try {
            gatherMore(batch);
            write(batch);
        } finally {
            pen.unlock();
        }
    }

    private void write(List<Task<?>> batch) {
        try {
            commitTogether(batch);
        } catch (Throwable e) { // whatever it was, the next one must find a writer
            LOG.error("{}: the writer stumbled", name(), e);
            undo();
            fail(batch, new StoreException(StoreException.Kind.BROKEN, "the store broke", e));
        }
    }

    /** Nobody is woken for each task that comes meanwhile: that costs more than the task. */
    private void gatherMore(List<Task<?>> batch) throws InterruptedException {
        long end = System.nanoTime() + gather.toNanos();
        while (!closing && queue.size() < BATCH && System.nanoTime() < end) {
            Thread.sleep(Math.min(gather.toMillis(), LOOK_MILLIS));
        }
        queue.drainTo(batch, BATCH - 1);
    }

    /** One commit for all; if one of them fails, each again in a commit of its own. */
    private void commitTogether(List<Task<?>> batch) {
        if (commit(batch) || broken != null) {
            return;
        }
        for (Task<?> task : batch) {
            commit(List.of(task));
        }
    }

    /** Returns false if nothing was done and nobody was told, because one of several failed. */
    private boolean commit(List<Task<?>> batch) {
        String reason = broken;
        if (reason != null) {
            fail(batch, new StoreException(StoreException.Kind.BROKEN, reason));
            return true;
        }
        List<Runnable> answers = new ArrayList<>(batch.size()); // told after the commit
        try {
            writing.begin();
            for (Task<?> task : batch) {
                answers.add(perform(task));
            }
        } catch (SQLException | StoreException | RuntimeException | Error e) {
            undo();
            if (batch.size() > 1) {
                return false;
            }
            fail(batch, e instanceof SQLException sql ? failure(sql) : e);
            return true;
        }
        try {
            beforeCommit.run();
            writing.commit();
        } catch (SQLException | IOException | StoreException e) {
            undo();
            fail(batch, failedCommit(e));
            return true;
        }
        answers.forEach(Runnable::run);
        return true;
    }

    private <T> Runnable perform(Task<T> task) throws SQLException, StoreException {
        T result = task.work.in(writing);
        return () -> task.done.complete(result);
    }

    private void undo() {
        try {
            writing.rollback();
        } catch (SQLException rolledBackAlready) { // SQLite does so itself when the disk is full
            beginAgain();
        }
    }

    private void beginAgain() {
        try {
            writing.run("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            LOG.error("{}: cannot roll back", name(), e);
            broken = "the store could not undo a failed change; restart to go on";
        }
    }

    private StoreException failedCommit(Exception e) {
        StoreException failure =
                switch (e) {
                    case SQLException sql -> failure(sql);
                    case StoreException said -> said;
                    default -> new StoreException(StoreException.Kind.BROKEN, "cannot sync", e);
                };
        if (failure.kind() != StoreException.Kind.FULL) {
            broken = "a commit could not be synced; the store is read-only until a restart";
            LOG.error("{}: {}", name(), broken, e);
        }
        return failure;
    }

    private static void fail(List<Task<?>> batch, Throwable problem) {
        batch.forEach(task -> task.done.completeExceptionally(problem));
    }

    private StoreException failure(SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite
                        ? sqlite.getResultCode()
                        : SQLiteErrorCode.SQLITE_ERROR;
        StoreException.Kind kind =
                switch (code) {
                    case SQLITE_FULL -> StoreException.Kind.FULL;
                    case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY ->
                            StoreException.Kind.EXISTS;
                    default -> StoreException.Kind.BROKEN;
                };
        return new StoreException(kind, name() + ": " + e.getMessage(), e);
    }

    private StoreException closed() {
        return new StoreException(StoreException.Kind.BROKEN, name() + " is closed");
    }

    private void closeQuietly(Sql sql) {
        try {
            sql.close();
        } catch (SQLException e) {
            LOG.warn("{}: did not close well", name(), e);
        }
    }

    /** Commits what is queued, then closes. */
    @Override
    public void close() {
        closing = true;
        queue.offer(new Task<>(sql -> true, new CompletableFuture<>())); // wakes the writer
        try {
            writer.join(10_000);
            readers.shutdown();
            if (!readers.awaitTermination(5, TimeUnit.SECONDS)
                    || !guests.tryAcquire(READERS, 5, TimeUnit.SECONDS)) {
                LOG.warn("{}: a reader is still busy", name());
            }
            reading.forEach(this::closeQuietly);
            writing.close();
        } catch (SQLException e) {
            LOG.error("{}: did not close well", name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
