package org.portolan.admin;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.backup.Restoration;
import picocli.CommandLine.ParseResult;

/**
 * {@code portolan backup}, {@code backup verify} and {@code restore} as the client's process does
 * them: it reads and writes the archives, with the rights of whoever called it. It also compresses,
 * so that the server spends no time on that, and {@code nice portolan backup} is nice.
 */
final class ArchiveClient {
    /** Mail is compressed but a little; more effort would make it slower and hardly smaller. */
    private static final int LEVEL = Deflater.BEST_SPEED;

    private static final String STANDARD = "-";

    private final Path data;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean watched;

    /** Asks a running server. */
    interface Dial {
        int ask(List<String> words, Taker taker) throws IOException, Refusal;
    }

    /** Takes what the server hands over. */
    interface Taker {
        void take(byte[] bytes, long total) throws IOException;
    }

    ArchiveClient(Path data, InputStream in, PrintStream out, PrintStream err, boolean watched) {
        this.data = data;
        this.in = in;
        this.out = out;
        this.err = err;
        this.watched = watched;
    }

    /** Whether these words are for this class. */
    static boolean knows(List<String> words) {
        return !words.isEmpty() && List.of("backup", "restore").contains(words.getFirst());
    }

    int run(ParseResult parsed, Dial dial) throws IOException, Refusal {
        ParseResult verb = parsed;
        while (verb.hasSubcommand()) {
            verb = verb.subcommand();
        }
        Optional<String> file = Optional.ofNullable(verb.matchedPositionalValue(0, null));
        if (file.isEmpty() || file.get().isEmpty()) {
            throw Refusal.usage("FILE is missing: where the backup is; - is a pipe");
        }
        boolean json = verb.hasMatchedOption("--json");
        return switch (verb.commandSpec().name()) {
            case "backup" -> backup(file.get(), verb.hasMatchedOption("--replace"), dial);
            case "verify" -> verify(file.get(), json);
            default -> restore(file.get(), json);
        };
    }

    // ---- taking one

    private int backup(String file, boolean replace, Dial dial) throws IOException, Refusal {
        if (file.equals(STANDARD)) {
            try (OutputStream to = new BufferedOutputStream(out)) {
                return receive(to, dial);
            }
        }
        Path target = Path.of(file).toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw Refusal.failed(file + " is a folder: name the file in it");
        }
        if (Files.exists(target) && !replace) {
            throw Refusal.failed(
                    file + " is there already; name another file, or say --replace if you mean it");
        }
        Path part = partOf(target);
        // Ctrl-C must leave no half of it
        Thread tidy = new Thread(() -> part.toFile().delete(), "remove-half-a-backup");
        Runtime.getRuntime().addShutdownHook(tidy);
        try {
            int status;
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                status = receive(Channels.newOutputStream(channel), dial);
            }
            if (status == Verbs.DONE) {
                PrivateFiles.publish(part, target);
                if (watched) {
                    err.printf(
                            "%s: %s. It holds every secret of the site: keep it like a key.%n",
                            file, Words.bytes(Files.size(target)));
                }
            }
            return status;
        } catch (IOException e) {
            throw Refusal.failed("no backup was taken: " + why(e));
        } finally {
            Files.deleteIfExists(part);
            Runtime.getRuntime().removeShutdownHook(tidy);
        }
    }

    private static Path partOf(Path target) throws Refusal {
        try {
            Path folder = target.resolveSibling(".");
            return Files.createTempFile(folder, "." + target.getFileName() + ".", ".part");
        } catch (IOException e) {
            throw Refusal.failed("cannot write a backup there: " + why(e));
        }
    }

    private int receive(OutputStream to, Dial dial) throws IOException, Refusal {
        Progress progress = new Progress(err, watched, "Backup");
        long[] received = {0};
        try (Gzip gzip = new Gzip(to)) {
            return dial.ask(
                    List.of("backup"),
                    (bytes, total) -> {
                        gzip.write(bytes);
                        received[0] += bytes.length;
                        progress.at(received[0], total);
                    });
        } finally {
            progress.end();
        }
    }

    /** Fast rather than small. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream to) throws IOException {
            super(to, 64 * 1024);
            def.setLevel(LEVEL);
        }
    }

    // ---- reading one

    private interface Reading {
        Restoration.Report read(InputStream in) throws IOException;
    }

    private int verify(String file, boolean json) throws Refusal {
        String temporary = System.getenv("TMPDIR");
        Path folder = Path.of(temporary == null ? System.getProperty("java.io.tmpdir") : temporary);
        Restoration.Report report = read(file, "Verify", in -> Restoration.verify(in, folder));
        tell(report, json, file + " is good: " + sentence(report));
        return status(report, file);
    }

    private int restore(String file, boolean json) throws Refusal {
        Restoration.Report report = read(file, "Restore", in -> Restoration.restore(in, data));
        String settings = data.resolve("portolan.toml").toString();
        tell(
                report,
                json,
                "Restored %s into %s.%nStart it with: portolan serve --data %s%s%n"
                        .formatted(
                                sentence(report),
                                data,
                                data,
                                Files.exists(Path.of(settings)) ? " --config " + settings : "")
                        .strip());
        return status(report, file);
    }

    private Restoration.Report read(String file, String what, Reading reading) throws Refusal {
        Progress progress = new Progress(err, watched, what);
        long total = 0;
        try {
            if (file.equals(STANDARD)) {
                return reading.read(new Counted(in, progress, 0));
            }
            total = Files.size(Path.of(file));
            try (InputStream archive = Files.newInputStream(Path.of(file))) {
                return reading.read(new Counted(archive, progress, total));
            }
        } catch (IOException e) {
            throw Refusal.failed(file + ": " + why(e));
        } finally {
            progress.end();
        }
    }

    /** Tells how much was read. */
    private static final class Counted extends FilterInputStream {
        private final Progress progress;
        private final long total;
        private long count;

        Counted(InputStream in, Progress progress, long total) {
            super(in);
            this.progress = progress;
            this.total = total;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            count += octet < 0 ? 0 : 1;
            return octet;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int read = super.read(into, from, most);
            count += Math.max(0, read);
            progress.at(count, total);
            return read;
        }
    }

    private void tell(Restoration.Report report, boolean json, String good) {
        if (json) {
            out.print(Json.page(entry(report)));
        } else if (report.problems().isEmpty()) {
            out.println(good);
        }
    }

    private static Map<String, Object> entry(Restoration.Report report) {
        return Json.entries(
                "site", report.head().site(),
                "portolan", report.head().version(),
                "taken", report.head().taken().toString(),
                "files", report.files(),
                "bytes", report.bytes(),
                "messages", report.messages(),
                "lost_messages", report.lost(),
                "problems", report.problems());
    }

    private static String sentence(Restoration.Report report) {
        String lost =
                report.lost() == 0
                        ? ""
                        : ", of which %s had lost their bodies before"
                                .formatted(Words.count(report.lost(), "message"));
        return "%s as it was at %s, by Portolan %s, %s, %s, %s%s"
                .formatted(
                        report.head().site(),
                        Words.time(report.head().taken()),
                        report.head().version(),
                        Words.count(report.messages(), "message"),
                        Words.count(report.files(), "file"),
                        Words.bytes(report.bytes()),
                        lost);
    }

    private int status(Restoration.Report report, String file) {
        report.problems().forEach(problem -> err.println("portolan: " + file + ": " + problem));
        if (!report.problems().isEmpty()) {
            err.println("portolan: " + file + " is not good; take another backup");
        }
        return report.problems().isEmpty() ? Verbs.DONE : Verbs.FAILED;
    }

    /** Java's own words for most of what a file system refuses are the file's name alone. */
    private static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException denied ->
                    "user %s may not use %s"
                            .formatted(System.getProperty("user.name"), denied.getFile());
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileSystemException file when file.getReason() != null ->
                    file.getFile() + ": " + file.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
