package org.portolan.stores.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.portolan.stores.PrivateFiles;

/** Reads a backup: to see whether it is good, or to make a site of it. Needs no server. */
public final class Restoration {
    static final String UNDER_WAY = "restore-under-way";

    /** More messages than any mailbox got since the backup was taken; UIDs have 32 bits. */
    private static final long SKIPPED_UIDS = 1_000_000;

    private static final int MOST_PROBLEMS = 10;

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * What was found in a backup.
     *
     * @param files all but the manifest
     * @param bytes of these files
     * @param messages bodies of messages among them
     * @param lost messages whose bodies were missing or damaged when the backup was taken
     * @param problems what is wrong with the backup, as sentences; nothing was restored if any
     */
    public record Report(
            Head head, long files, long bytes, long messages, long lost, List<String> problems) {}

    private Restoration() {}

    /**
     * Reads all of {@code in}, compares sizes and hashes with the manifest, looks through every
     * database, and for the body of each message that is listed.
     *
     * @param temporary where the databases may lie meanwhile
     * @throws IOException if it is no backup, or breaks off
     */
    public static Report verify(InputStream in, Path temporary) throws IOException {
        Path work = Files.createTempDirectory(temporary, "portolan-verify");
        try {
            return read(
                    in,
                    work,
                    path ->
                            isDatabase(path)
                                    ? create(work, path)
                                    : OutputStream.nullOutputStream());
        } finally {
            Folders.delete(work);
        }
    }

    /**
     * Makes {@code data} from {@code in}: all of it, verified and on disk, or nothing.
     *
     * @param data a folder that is empty or not there
     * @throws IOException if it is not empty, cannot be written, or {@code in} is no backup
     */
    public static Report restore(InputStream in, Path data) throws IOException {
        if (!Files.exists(data)) {
            Files.createDirectories(data);
        } else if (!Files.isDirectory(data)) {
            throw new IOException(data + " is there, but no folder");
        } else if (Files.exists(data.resolve(UNDER_WAY))) {
            throw new IOException(
                    "an earlier restore broke off; delete " + data.resolve(UNDER_WAY) + " first");
        } else if (!Folders.isEmpty(data)) {
            throw new IOException(data + " is not empty; name a new folder with --data");
        }
        Path work = PrivateFiles.folder(data.resolve(UNDER_WAY));
        try {
            Report report = read(in, work, new Shelf(work));
            if (report.problems().isEmpty()) {
                Databases.skipUids(work.resolve(Backups.STORES + Databases.MAIL), SKIPPED_UIDS);
                Folders.sync(work);
                moveIn(work, data);
            }
            return report;
        } finally {
            Folders.delete(work);
        }
    }

    private static Report read(InputStream in, Path work, Archive.Shelf shelf) throws IOException {
        Archive archive = new Archive(shelf, work);
        Head head = archive.read(in);
        List<String> problems = new ArrayList<>(archive.problems());
        Path stores = work.resolve(Backups.STORES);
        if (!Files.exists(stores.resolve(Databases.MAIL))) {
            problems.add("there is no " + Databases.MAIL + " in it");
        } else if (problems.isEmpty()) {
            for (Path database : Databases.in(stores)) {
                problems.addAll(Databases.problems(database));
            }
            problems.addAll(missingBodies(stores.resolve(Databases.MAIL), archive));
        }
        return new Report(
                head,
                archive.files(),
                archive.bytes(),
                archive.bodies().count(),
                archive.damaged().size(),
                List.copyOf(problems));
    }

    private static List<String> missingBodies(Path mail, Archive archive) throws IOException {
        List<String> problems = new ArrayList<>();
        BodyList bodies = archive.bodies();
        if (!bodies.sorted()) {
            return List.of("the bodies of its messages are not in order");
        }
        Set<Long> known = new HashSet<>(archive.damaged());
        Databases.bodies(
                mail,
                (number, size) -> {
                    long there = bodies.size(number);
                    boolean wrong = there != size && !known.contains(number);
                    if (wrong && problems.size() < MOST_PROBLEMS) {
                        problems.add(
                                there < 0
                                        ? "the body %d of a message is missing".formatted(number)
                                        : "the body %d has %d bytes instead of %d"
                                                .formatted(number, there, size));
                    }
                });
        return problems;
    }

    private static boolean isDatabase(String path) {
        return path.startsWith(Backups.STORES)
                && path.endsWith(Databases.ENDING)
                && path.indexOf('/') == path.lastIndexOf('/');
    }

    /** Where everything goes. */
    private record Shelf(Path work) implements Archive.Shelf {
        @Override
        public OutputStream place(String path) throws IOException {
            return create(work, path);
        }

        @Override
        public void folder(String path) throws IOException {
            Path folder = work;
            for (String name : path.split("/", -1)) {
                folder = PrivateFiles.folder(folder.resolve(name));
            }
        }

        /** People's files keep their times and modes; ours are for their owner alone. */
        @Override
        public void like(String path, TarReader.Entry entry) throws IOException {
            if (path.startsWith(TreeFiles.FOLDER)) {
                Path file = work.resolve(path);
                Files.setAttribute(file, "unix:mode", entry.mode() | 0_600);
                Files.setLastModifiedTime(file, FileTime.from(entry.modified()));
            }
        }
    }

    private static OutputStream create(Path work, String path) throws IOException {
        Path file = work;
        for (String name : path.split("/", -1)) {
            if (!file.equals(work)) {
                PrivateFiles.folder(file);
            }
            file = file.resolve(name);
        }
        return new BufferedOutputStream(
                Channels.newOutputStream(
                        FileChannel.open(
                                file,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PRIVATE)));
    }

    /** The stores come last: a site without them is none, and would be taken for a new one. */
    private static void moveIn(Path work, Path data) throws IOException {
        // others may pass through to the CA's certificate, but not look around
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        List<Path> all;
        try (Stream<Path> inside = Files.list(work)) {
            all =
                    inside.sorted(
                                    Comparator.comparing(
                                            (Path path) ->
                                                    path.getFileName().toString().equals("stores")))
                            .toList();
        }
        for (Path path : all) {
            Files.move(path, data.resolve(path.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        Folders.syncOne(data, StandardOpenOption.READ);
    }
}
