package org.portolan.stores.mail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.WholeFileSystem;
import org.portolan.stores.mime.MessageParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of message bodies: {@code bodies/THOUSANDS/NUMBER}, as they came over the wire.
 *
 * <p>A body is on the disk before the row that names it is committed. A small one is written to its
 * file and, with all others of the same commit, to the {@link BodyJournal}, which is what is
 * synced: a new file's sync costs ten times as much. A large one is synced itself, its folder once
 * for all the rows of a commit, on a few platform threads: several at once, so that the file system
 * commits their names together. So is everything where the system's calls are not known.
 */
final class Bodies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);
    private static final int PER_FOLDER = 1000;
    private static final int WRITERS = 16;
    private static final int READ = 64 * 1024;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final ExecutorService writers;
    private final Map<Long, FileChannel> folders = new ConcurrentHashMap<>();
    private final Set<Long> unsynced = ConcurrentHashMap.newKeySet();
    private final Optional<BodyJournal> journal;
    private final List<BodyJournal.Body> fresh = new ArrayList<>(); // for the writer's next commit
    private final Set<Long> postponed = new HashSet<>(); // to be deleted when a hold is over
    private boolean held;
    private long holdEnds;

    Bodies(Path root, Path journalFolder) throws IOException {
        this.root = PrivateFiles.folder(root);
        this.writers =
                Executors.newFixedThreadPool(
                        WRITERS, Thread.ofPlatform().daemon().name("body-writer-", 1).factory());
        Optional<WholeFileSystem> disk = WholeFileSystem.of(root);
        disk.ifPresent(WholeFileSystem::spreadFolders);
        this.journal =
                disk.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new BodyJournal(
                                        PrivateFiles.folder(journalFolder),
                                        disk.get(),
                                        this::execute));
    }

    private Path folder(long number) {
        return root.resolve(Long.toString(number / PER_FOLDER));
    }

    private Path file(long number) {
        return folder(number).resolve(Long.toString(number));
    }

    /**
     * Runs {@code work} on one of the threads that may wait for the disk; on the caller's own once
     * they have gone, so that what came too late hears so from the database and leaves no file.
     */
    void execute(Runnable work) {
        try {
            writers.execute(work);
        } catch (RejectedExecutionException closing) {
            work.run();
        }
    }

    /** Runs {@code work} here if this thread may wait for the disk, otherwise on one that may. */
    void begin(Runnable work) {
        if (Thread.currentThread().isVirtual()) {
            execute(work);
        } else {
            work.run();
        }
    }

    /** Creates the file of body {@code number}; the folder too, if it is the first in there. */
    FileChannel create(long number) throws IOException {
        FileChannel created = createUnsynced(number);
        // only now: a sync that ran before would not have covered the name
        unsynced.add(number / PER_FOLDER);
        return created;
    }

    private FileChannel createUnsynced(long number) throws IOException {
        long folder = number / PER_FOLDER;
        if (!folders.containsKey(folder)) {
            openFolder(folder);
        }
        return FileChannel.open(
                file(number),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PRIVATE);
    }

    // ---- small ones

    /** Whether {@link #write} may be used. */
    boolean journals() {
        return journal.isPresent();
    }

    /**
     * Writes the file of body {@code number}, which is on the disk when {@link #sync} returns. The
     * mail store's writer calls it; {@code bytes} belong to this from now on.
     */
    void write(long number, byte[] bytes, int count) throws IOException {
        try (FileChannel created = createUnsynced(number)) {
            writeAll(created, bytes, count);
        } catch (IOException e) {
            deleteNow(number);
            throw e;
        }
        fresh.add(new BodyJournal.Body(number, bytes, count));
    }

    /** Which bodies somebody names, with their sizes. */
    interface Named {
        boolean is(long number, long size) throws StoreException;
    }

    /**
     * Writes those bodies again that were promised and that a loss of power has cost their files.
     *
     * @return how many there were
     */
    int recover(Named named) throws IOException, StoreException {
        if (journal.isEmpty()) {
            return 0;
        }
        AtomicInteger written = new AtomicInteger();
        journal.get()
                .recover(
                        body -> {
                            if (named.is(body.number(), body.length()) && !holds(body)) {
                                rewrite(body);
                                written.incrementAndGet();
                            }
                        });
        return written.get();
    }

    private boolean holds(BodyJournal.Body body) throws IOException {
        Path file = file(body.number());
        return Files.exists(file)
                && Files.size(file) == body.length()
                && Arrays.equals(Files.readAllBytes(file), body.bytes());
    }

    /** What is synced afterwards is all of the file system. */
    private void rewrite(BodyJournal.Body body) throws IOException {
        PrivateFiles.folder(folder(body.number()));
        Set<StandardOpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        try (FileChannel file = FileChannel.open(file(body.number()), options, PRIVATE)) {
            writeAll(file, body.bytes(), body.length());
        }
    }

    private synchronized void openFolder(long folder) throws IOException {
        if (folders.containsKey(folder)) {
            return;
        }
        Path path = PrivateFiles.folder(root.resolve(Long.toString(folder)));
        PrivateFiles.sync(root);
        folders.put(folder, FileChannel.open(path, StandardOpenOption.READ));
        closeFoldersBelow(folder - 1);
    }

    /** Bodies are numbered upwards: an older folder is not written to again. */
    private void closeFoldersBelow(long folder) throws IOException {
        for (Long old : List.copyOf(folders.keySet())) {
            if (old < folder && !unsynced.contains(old)) {
                @Nullable FileChannel channel = folders.remove(old);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    static void writeAll(FileChannel file, byte[] bytes, int count) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, count);
        while (left.hasRemaining()) {
            file.write(left);
        }
    }

    static void writeAt(FileChannel file, byte[] bytes, long from) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            file.write(left, from + left.position());
        }
    }

    /**
     * Brings all that was written so far to the disk: what is small by the journal, and the folders
     * of what is large. The mail store's writer calls it.
     */
    void sync() throws IOException, StoreException {
        if (journal.isPresent() && !fresh.isEmpty()) {
            try {
                journal.get().add(fresh);
            } finally {
                fresh.clear(); // if it failed, nobody was promised any of them
            }
        }
        syncFolders();
    }

    private void syncFolders() throws IOException {
        for (Long folder : List.copyOf(unsynced)) {
            unsynced.remove(folder); // before the sync: what is created now is synced next time
            @Nullable FileChannel channel = folders.get(folder);
            if (channel == null) {
                PrivateFiles.sync(root.resolve(folder.toString()));
            } else {
                try {
                    channel.force(true);
                } catch (ClosedChannelException newerFoldersCame) {
                    PrivateFiles.sync(root.resolve(folder.toString()));
                }
            }
        }
    }

    FileChannel open(long number) throws IOException {
        return FileChannel.open(file(number), StandardOpenOption.READ);
    }

    /** Reads body {@code number} for what it is made of. */
    MessageParser parse(long number) throws StoreException {
        MessageParser parser = new MessageParser();
        try {
            await(
                    () -> {
                        try (FileChannel channel = open(number)) {
                            ByteBuffer buffer = ByteBuffer.allocate(READ);
                            while (channel.read(buffer.clear()) >= 0) {
                                parser.take(buffer.array(), 0, buffer.position());
                            }
                        }
                    });
        } catch (NoSuchFileException gone) {
            throw new StoreException(StoreException.Kind.MISSING, "the message is gone", gone);
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.BROKEN, "a body cannot be read", e);
        }
        return parser;
    }

    /** Where body {@code number} lies. */
    Path at(long number) {
        return file(number);
    }

    /** Deletes the file of body {@code number}; when a hold is over, if there is one. */
    void delete(long number) throws IOException {
        if (!postpone(number)) {
            deleteNow(number);
        }
    }

    private void deleteNow(long number) throws IOException {
        try {
            Files.delete(file(number));
        } catch (NoSuchFileException gone) {
            return; // deleted by a sweep, or by an administrator
        }
    }

    // ---- holding what is there

    /**
     * Lets no file be deleted from now until {@link #release}, or until the time is over.
     *
     * @return false if somebody else holds them
     */
    synchronized boolean hold(Duration atMost) {
        if (held) {
            return false;
        }
        held = true;
        holdEnds = System.nanoTime() + atMost.toNanos();
        return true;
    }

    /** Whether nothing is deleted now. */
    synchronized boolean holds() {
        return held && System.nanoTime() - holdEnds < 0;
    }

    private synchronized boolean postpone(long number) {
        if (holds()) {
            postponed.add(number);
            return true;
        }
        return false;
    }

    /** Deletes what was postponed. A crash before that leaves it to the next start's sweep. */
    void release() {
        List<Long> late;
        synchronized (this) {
            held = false;
            late = List.copyOf(postponed);
            postponed.clear();
        }
        execute(
                () -> {
                    for (Long number : late) {
                        try {
                            deleteNow(number);
                        } catch (IOException e) {
                            LOG.warn("body {} could not be deleted: {}", number, e.getMessage());
                        }
                    }
                });
    }

    /** Deletes every body below {@code end} that {@code named} does not know; returns how many. */
    int sweep(long end, LongPredicate named) throws IOException {
        int swept = 0;
        for (Path folder : children(root)) {
            for (Path file : children(folder)) {
                long number = numberOf(file);
                // what a hold keeps is left to the next sweep
                if (number >= 0 && number < end && !named.test(number) && !holds()) {
                    Files.deleteIfExists(file);
                    swept++;
                }
            }
        }
        return swept;
    }

    private static Set<Path> children(Path folder) throws IOException {
        Set<Path> children = new HashSet<>();
        if (!Files.isDirectory(folder)) { // an administrator's own file, not a folder of ours
            return children;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[0-9]*")) {
            entries.forEach(children::add);
        }
        return children;
    }

    private static long numberOf(Path file) {
        try {
            return Long.parseLong(file.getFileName().toString());
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }

    /** Runs {@code work} on a thread that may wait for the disk, and waits for it. */
    void await(IoWork work) throws IOException {
        CompletableFuture<@Nullable IOException> done = new CompletableFuture<>();
        begin(
                () -> {
                    try {
                        work.run();
                        done.complete(null);
                    } catch (IOException e) {
                        done.complete(e);
                    } catch (Throwable e) { // even an Error: somebody waits
                        done.completeExceptionally(e);
                    }
                });
        @Nullable IOException problem = done.join();
        if (problem != null) {
            throw problem;
        }
    }

    /** Something that may wait for the disk. */
    interface IoWork {
        void run() throws IOException;
    }

    /** Lets the writers finish what they have begun, and nothing more. */
    void stopWriting() {
        writers.shutdown();
        try {
            if (!writers.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a body is still being written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stopWriting();
        for (FileChannel channel : folders.values()) {
            channel.close();
        }
        if (journal.isPresent()) {
            journal.get().close();
        }
    }
}
