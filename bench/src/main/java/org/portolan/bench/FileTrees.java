package org.portolan.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * What servers of files have to serve, the same for each: {@code out/large}, {@code out/medium},
 * {@code out/small/0} and so on, {@code out/list/file-0} and so on; {@code in} and {@code
 * synced} are for uploads.
 */
final class FileTrees {
    static final int SMALL_BYTES = 4096;
    static final int MEDIUM_BYTES = 1 << 20;

    private static final int MEGABYTE = 1_000_000;
    private static final int LISTED_FOR_EACH = 10;
    private static final long SEED = 959;

    private final Path large;
    private final Path medium;
    private final Path small;
    private final int files;

    /** Makes the files themselves; the contenders get links to the large ones. */
    FileTrees(Path work, Options options) throws IOException {
        large = work.resolve("large");
        medium = work.resolve("medium");
        small = work.resolve("small");
        files = options.files();
        byte[] noise = new byte[MEGABYTE];
        new Random(SEED).nextBytes(noise);
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int i = 0; i < options.megabytes(); i++) {
                out.write(noise);
            }
        }
        Files.write(medium, new byte[MEDIUM_BYTES]);
        Files.write(small, new byte[SMALL_BYTES]);
    }

    Path large() {
        return large;
    }

    Path small() {
        return small;
    }

    int files() {
        return files;
    }

    int listed() {
        return files * LISTED_FOR_EACH;
    }

    /** Lays them below a contender's folder, past the contender. */
    void lay(Path folder) throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.createLink(out.resolve("large"), large);
        Files.createLink(out.resolve("medium"), medium);
        Files.createDirectory(out.resolve("small"));
        byte[] bytes = new byte[SMALL_BYTES];
        for (int i = 0; i < files; i++) {
            Files.write(out.resolve("small").resolve(Integer.toString(i)), bytes);
        }
        Files.createDirectory(out.resolve("list"));
        for (int i = 0; i < listed(); i++) {
            Files.createFile(out.resolve("list").resolve("file-" + i));
        }
    }

    /** Removes what was uploaded, past the contender. */
    static void clear(Path folder) throws IOException {
        for (String name : List.of("in", "synced")) {
            Path in = folder.resolve(name);
            List<Path> uploaded = List.of();
            if (Files.isDirectory(in)) {
                try (var entries = Files.list(in)) {
                    uploaded = entries.toList();
                }
            }
            for (Path each : uploaded) {
                Files.delete(each);
            }
        }
    }

    /** What was acknowledged is put on the disk, as who cares for it would have to. */
    static void sync(Path folder) throws IOException {
        Command.run(
                new ProcessBuilder("sync", "--file-system", folder.toString()),
                Duration.ofMinutes(2));
    }
}
