package org.portolan.stores.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;

/** Takes backups of a site that is being served. One at a time. */
public final class Backups {
    static final String HEAD = "BACKUP";
    static final String MANIFEST = "MANIFEST";
    static final String SETTINGS = "portolan.toml";
    static final String STORES = "stores/";
    static final String BODIES = "stores/bodies/";

    /** Where the copies of the databases lie until they are in the archive. */
    private static final String WORK = "backup-under-way";

    /** A mailbox of many million messages goes through a slow disk in this time. */
    private static final Duration LONGEST = Duration.ofHours(6);

    private static final int CHUNK = 128 * 1024;

    /** What a start makes again, and what belongs to the process that serves. */
    private static final Set<String> MADE_AGAIN =
            Set.of(
                    "lock",
                    "admin.sock",
                    "ca.pem",
                    "portolan.sample.toml",
                    "traces",
                    "stores/body-journal", // bodies that are files as well
                    WORK,
                    Restoration.UNDER_WAY);

    /** What is in the archive by another way. */
    private static final Set<String> TAKEN_OTHERWISE = Set.of("stores/bodies", "files");

    /** Takes an archive as it is made. */
    public interface Taker {
        /**
         * Takes the next part.
         *
         * @param total how many bytes there will be in all
         */
        void take(byte[] bytes, int from, int count, long total) throws IOException;
    }

    /**
     * What a backup came to.
     *
     * @param damaged bodies that were missing or of another size already, and files that became
     *     shorter while they were read; at most a few of them
     */
    public record Taken(long files, long bytes, long messages, List<String> damaged) {}

    private final Path root;
    private final Optional<Path> settings;
    private final Mail mail;
    private final InstantSource clock;
    private final Duration longest;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * Of the data directory {@code root}.
     *
     * @param settings the file that the site was configured by, if there is one
     */
    public Backups(Path root, Optional<Path> settings, Mail mail, InstantSource clock)
            throws IOException {
        this(root, settings, mail, clock, LONGEST);
    }

    Backups(Path root, Optional<Path> settings, Mail mail, InstantSource clock, Duration longest)
            throws IOException {
        this.root = root;
        this.settings = settings;
        this.mail = mail;
        this.clock = clock;
        this.longest = longest;
        Folders.delete(work()); // what a crash left
    }

    private Path work() {
        return root.resolve(WORK);
    }

    /**
     * Takes a backup; returns when all of it was handed to {@code taker}, which is called from a
     * thread that may wait for the disk.
     *
     * @throws StoreException if another one is being taken, or it took too long
     */
    public Taken take(String site, String version, Taker taker) throws IOException, StoreException {
        if (!busy.compareAndSet(false, true)) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "another backup is being taken; wait for its end");
        }
        CompletableFuture<Taken> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("backup")
                .start(
                        () -> {
                            try {
                                done.complete(new Taking(site, version, taker).take());
                            } catch (Throwable e) { // even an Error: somebody waits
                                done.completeExceptionally(e);
                            }
                        });
        try {
            return done.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException disk -> throw disk;
                case StoreException store -> throw store;
                case null, default ->
                        throw new IllegalStateException("a backup broke", e.getCause());
            }
        } finally {
            busy.set(false);
        }
    }

    /** A file to be copied, and the name it gets. */
    private record Source(String path, Path file, long size) {}

    /** One backup. */
    private final class Taking {
        private final Head head;
        private final Taker taker;
        private final List<Source> sources = new ArrayList<>();
        private final List<String> damaged = new ArrayList<>();
        private final byte[] buffer = new byte[CHUNK];
        private long total;
        private long messages;

        Taking(String site, String version, Taker taker) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            this.head = new Head(Head.FORMAT, site, version, now);
            this.taker = taker;
        }

        Taken take() throws IOException, StoreException {
            PrivateFiles.folder(work());
            try (Mail.BodyHold hold = mail.holdBodies(longest)) { // before the databases
                copyDatabases();
                copyFiles();
                total = estimate();
                return write(hold);
            } finally {
                Folders.delete(work());
            }
        }

        private void copyDatabases() throws IOException {
            for (Path database : Databases.in(root.resolve(STORES))) {
                Path copy = nextCopy();
                Databases.copy(database, copy);
                sources.add(new Source(STORES + database.getFileName(), copy, Files.size(copy)));
            }
        }

        private Path nextCopy() {
            return work().resolve(Integer.toString(sources.size()));
        }

        /** They are small, and may change while they are read: so they are copied first. */
        private void copyFiles() throws IOException {
            if (settings.isPresent()) {
                copy(SETTINGS, settings.get());
            }
            Files.walkFileTree(
                    root,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            String path = pathOf(folder);
                            return MADE_AGAIN.contains(path) || TAKEN_OTHERWISE.contains(path)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            if (attributes.isRegularFile() && isWanted(pathOf(file))) {
                                copy(pathOf(file), file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e)
                                throws IOException {
                            // gone since it was listed, or a link back to where it lies
                            if (e instanceof NoSuchFileException
                                    || e instanceof FileSystemLoopException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw e;
                        }
                    });
        }

        private String pathOf(Path file) {
            return root.relativize(file).toString();
        }

        private boolean isWanted(String path) {
            boolean database =
                    path.startsWith(STORES)
                            && path.indexOf('/') == path.lastIndexOf('/')
                            && path.matches(".*\\.db(-wal|-shm|-journal)?");
            boolean settingsOfTheSite = settings.isPresent() && path.equals(SETTINGS);
            return !database && !settingsOfTheSite && !MADE_AGAIN.contains(path);
        }

        private void copy(String path, Path file) throws IOException {
            if (path.chars().anyMatch(Character::isISOControl)) {
                throw new IOException("a file's name has control characters: rename " + file);
            }
            Path copy = nextCopy();
            try {
                Files.copy(file, copy);
            } catch (NoSuchFileException goneMeanwhile) {
                return;
            }
            sources.add(new Source(path, copy, Files.size(copy)));
        }

        /** How large the archive will be, all but the manifest and what is damaged. */
        private long estimate() throws IOException {
            long[] sum = {TarWriter.endRoom()};
            for (Source source : sources) {
                sum[0] += TarWriter.room(source.path(), source.size(), head.taken());
            }
            eachBody(
                    (number, size) ->
                            sum[0] += TarWriter.room(bodyPath(number), size, head.taken()));
            sum[0] += tree().room();
            return sum[0];
        }

        private void eachBody(Databases.NamedBody to) throws IOException {
            for (Source source : sources) {
                if (source.path().equals(STORES + Databases.MAIL)) {
                    Databases.bodies(source.file(), to);
                }
            }
        }

        private TreeFiles tree() throws IOException {
            Path folder = root.resolve("files");
            for (Source source : sources) {
                if (source.path().equals(STORES + Databases.FILES)) {
                    return new TreeFiles(folder, Optional.of(Databases.spaces(source.file())));
                }
            }
            return new TreeFiles(folder, Optional.empty());
        }

        private String bodyPath(long number) {
            return BODIES + number / 1000 + "/" + number;
        }

        private Taken write(Mail.BodyHold hold) throws IOException {
            try (OutputStream out = new BufferedOutputStream(new Parts(), CHUNK);
                    Manifest manifest = new Manifest(work().resolve(MANIFEST), head)) {
                TarWriter tar = new TarWriter(out);
                byte[] first = head.text().getBytes(UTF_8);
                tar.begin(HEAD, first.length, head.taken());
                tar.write(first, 0, first.length);
                for (Source source : sources) {
                    try (InputStream in = Files.newInputStream(source.file())) {
                        put(tar, manifest, source.path(), source.size(), in);
                    }
                }
                eachBody((number, size) -> putBody(tar, manifest, hold, number, size));
                tree().put(tar, manifest, this::noteChange);
                Path list = manifest.end();
                tar.begin(MANIFEST, Files.size(list), head.taken());
                try (InputStream in = Files.newInputStream(list)) {
                    pass(in, Files.size(list), tar, sha256());
                }
                tar.finish();
                return new Taken(
                        manifest.files(), manifest.bytes(), messages, List.copyOf(damaged));
            }
        }

        private void putBody(
                TarWriter tar, Manifest manifest, Mail.BodyHold hold, long number, long size)
                throws IOException {
            if (!hold.holds()) {
                throw new IOException(
                        "it took more than %d hours; what was deleted meanwhile may be missing"
                                .formatted(longest.toHours()));
            }
            String path = bodyPath(number);
            messages++;
            try (InputStream in = Files.newInputStream(hold.file(number))) {
                long there = Files.size(hold.file(number));
                if (there != size) {
                    noteDamage(manifest, path);
                }
                put(tar, manifest, path, there, in);
            } catch (NoSuchFileException lostBefore) {
                noteDamage(manifest, path);
            }
        }

        private void noteDamage(Manifest manifest, String path) throws IOException {
            manifest.damaged(path);
            if (damaged.size() < 10) {
                damaged.add(path);
            }
        }

        private void noteChange(String path) {
            if (damaged.size() < 10) {
                damaged.add(path);
            }
        }

        private void put(TarWriter tar, Manifest manifest, String path, long size, InputStream in)
                throws IOException {
            MessageDigest hash = sha256();
            tar.begin(path, size, head.taken());
            pass(in, size, tar, hash);
            manifest.add(path, size, HexFormat.of().formatHex(hash.digest()));
        }

        private void pass(InputStream in, long size, TarWriter tar, MessageDigest hash)
                throws IOException {
            long left = size;
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("a file shrank while it was read");
                }
                hash.update(buffer, 0, count);
                tar.write(buffer, 0, count);
                left -= count;
            }
        }

        /** The archive, part by part, to whoever takes it. */
        private final class Parts extends OutputStream {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                taker.take(bytes, from, count, total);
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
