package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** One large file, many small ones, many sessions, a long list. */
final class FtpScenario implements Scenario {
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final double KILOBYTE = 1e3;
    private static final int ROOM = 256 * 1024;
    private static final int SMALL_ROOM = 16 * 1024;
    private static final int CLIENTS = 4;
    private static final int SESSIONS = 500;
    private static final int OPENERS = 8;
    private static final String USER = "u0";

    /** What there is to measure of a trial. */
    private enum Kind {
        LARGE_DOWN,
        LARGE_UP,
        SMALL_DOWN,
        SMALL_UP,
        /** The system writes every change in the peer's folder to the disk at once. */
        SMALL_UP_SYNCED,
        LIST;

        /** Whether the peer says that it is stored before it is on the disk. */
        boolean syncedLater() {
            return this == LARGE_UP || this == SMALL_UP;
        }

        boolean large() {
            return this == LARGE_DOWN || this == LARGE_UP;
        }
    }

    private record Trial(String title, String explanation, Kind kind, boolean tls) {}

    private final AtomicInteger conversations = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        FileTrees trees = new FileTrees(stage.work(), options);
        List<Contender> contenders =
                List.of(
                        stage.portolan(Map.of("MAILBOXES", "1")),
                        stage.add("vsftpd", List.of(Program.VSFTPD), Map.of()));
        for (Contender contender : contenders) {
            contender.open();
            open(contender, trees);
        }
        Duration length = Duration.ofSeconds(options.seconds());
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        List<Section> sections = new ArrayList<>();
        for (Trial trial : trials(trees, options)) {
            if (!options.wants(trial.title)) {
                continue;
            }
            Results results =
                    rounds.alternate(
                            trial.title,
                            contenders,
                            contender -> measure(contender, trees, trial, length));
            if (trial.kind == Kind.SMALL_UP) {
                for (Contender contender : contenders) {
                    results.add(contender, Metric.FILE_SYNCS, syncs(contender, trees, stage));
                }
            }
            sections.add(new Section(trial.title, trial.explanation, results.table()));
        }
        int sessions = Math.min(SESSIONS, options.idle());
        String title = "FTP, " + sessions + " sessions at once";
        if (!options.wants(title)) {
            return sections;
        }
        Results crowd =
                rounds.alternate(
                        title, contenders, contender -> crowd(contender, sessions, length));
        sections.add(
                new Section(
                        title,
                        "Logged in by "
                                + OPENERS
                                + " at a time; then all of them fetch files of 1 MiB.",
                        crowd.table()));
        return sections;
    }

    private static List<Trial> trials(FileTrees trees, Options options) {
        String size = "%,d MB".formatted(options.megabytes());
        String many = "%d clients, each file of 4 KB by its name".formatted(CLIENTS);
        String whose =
                " vsftpd says that a file is stored before it is on disk; then it is synced.";
        return List.of(
                new Trial(
                        "FTP, a file of " + size + " down", "One client.", Kind.LARGE_DOWN, false),
                new Trial(
                        "FTP, a file of " + size + " up",
                        "One client." + whose,
                        Kind.LARGE_UP,
                        false),
                new Trial(
                        "FTP, a file of " + size + " down, over TLS",
                        "One client.",
                        Kind.LARGE_DOWN,
                        true),
                new Trial(
                        "FTP, a file of " + size + " up, over TLS",
                        "One client." + whose,
                        Kind.LARGE_UP,
                        true),
                new Trial(
                        "FTP, %,d small files down".formatted(trees.files()),
                        many + ".",
                        Kind.SMALL_DOWN,
                        false),
                new Trial(
                        "FTP, %,d small files down, over TLS".formatted(trees.files()),
                        many + "; each data connection resumes the session.",
                        Kind.SMALL_DOWN,
                        true),
                new Trial("FTP, small files up", many + "." + whose, Kind.SMALL_UP, false),
                new Trial(
                        "FTP, small files up, each on the disk",
                        many
                                + ". The system writes each change in vsftpd's folder to the disk"
                                + " at once (chattr +S +D), so that its 226 means what ours does.",
                        Kind.SMALL_UP_SYNCED,
                        false),
                new Trial(
                        "FTP, a folder of %,d listed".formatted(trees.listed()),
                        "One client: LIST.",
                        Kind.LIST,
                        false));
    }

    /** A home is made when its owner comes for the first time. */
    private void open(Contender contender, FileTrees trees) throws IOException {
        try (FtpClient client = logIn(contender, false, SMALL_ROOM)) {
            if (contender.runs(Program.PORTOLAN)) {
                client.ask("MKD in", '2');
                client.ask("MKD synced", '2');
            }
        }
        trees.lay(folder(contender));
    }

    static Path folder(Contender contender) {
        return contender.runs(Program.PORTOLAN)
                ? home(contender)
                : contender.folder(Program.VSFTPD).resolve("files");
    }

    /** Where Portolan keeps the files of whoever logs in here. */
    static Path home(Contender contender) {
        return contender.folder(Program.PORTOLAN).resolve("data/files/homes").resolve(USER);
    }

    private FtpClient logIn(Contender contender, boolean tls, int room) throws IOException {
        String user = contender.runs(Program.PORTOLAN) ? USER : "anonymous";
        int number = conversations.incrementAndGet();
        return FtpClient.logIn(contender.ports(), tls, user, number, room);
    }

    private Map<Metric, Double> measure(
            Contender contender, FileTrees trees, Trial trial, Duration length) throws IOException {
        Path folder = folder(contender);
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        FileLoad.Done done = run(contender, trees, trial, length);
        double seconds = (System.nanoTime() - begin) / BILLION;
        if (trial.kind.syncedLater() && !contender.runs(Program.PORTOLAN)) {
            FileTrees.sync(folder);
        }
        double durable = (System.nanoTime() - begin) / BILLION;
        Meter.Usage usage = meter.stop();
        FileTrees.clear(folder);

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        if (trial.kind.large()) {
            measures.put(Metric.BANDWIDTH, done.bytes() / MILLION / seconds);
            if (trial.kind.syncedLater()) {
                measures.put(Metric.DURABLE_BANDWIDTH, done.bytes() / MILLION / durable);
            }
            double gigabytes = done.bytes() / BILLION;
            measures.put(Metric.SERVER_GIGABYTE, usage.rest().toNanos() / BILLION / gigabytes);
            measures.put(Metric.LOAD_GIGABYTE, usage.load().toNanos() / BILLION / gigabytes);
        } else {
            boolean list = trial.kind == Kind.LIST;
            measures.put(list ? Metric.ENTRIES : Metric.FILES, done.operations() / seconds);
            if (trial.kind.syncedLater()) {
                measures.put(Metric.DURABLE_FILES, done.operations() / durable);
            }
            double each = KILOBYTE * done.operations();
            measures.put(Metric.SERVER_MICROS, usage.rest().toNanos() / each);
            measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / each);
        }
        measures.put(Metric.PSS, usage.peak().pss() / MILLION);
        measures.put(Metric.RSS, usage.peak().rss() / MILLION);
        return measures;
    }

    private FileLoad.Done run(Contender contender, FileTrees trees, Trial trial, Duration length)
            throws IOException {
        boolean alone = trial.kind.large() || trial.kind == Kind.LIST;
        int room = alone ? ROOM : SMALL_ROOM;
        return FileLoad.run(
                alone ? 1 : CLIENTS,
                length,
                (number, end) -> {
                    try (FtpClient client = logIn(contender, trial.tls, room)) {
                        return again(client, trees, trial.kind, number, end);
                    }
                });
    }

    /** The same again and again, once at least, until the time is over. */
    private FileLoad.Done again(FtpClient client, FileTrees trees, Kind kind, int number, long end)
            throws IOException {
        long operations = 0;
        long bytes = 0;
        int next = number;
        do {
            switch (kind) {
                case LARGE_DOWN -> bytes += client.download("out/large");
                case SMALL_DOWN -> {
                    long got = client.download("out/small/" + next % trees.files());
                    if (got != FileTrees.SMALL_BYTES) {
                        throw new IOException("a small file had " + got + " bytes");
                    }
                    bytes += got;
                }
                case LARGE_UP ->
                        bytes += client.upload("in/" + uploads.incrementAndGet(), trees.large());
                case SMALL_UP ->
                        bytes += client.upload("in/" + uploads.incrementAndGet(), trees.small());
                case SMALL_UP_SYNCED ->
                        bytes +=
                                client.upload("synced/" + uploads.incrementAndGet(), trees.small());
                case LIST -> {
                    long got = client.list("out/list");
                    if (got != trees.listed()) {
                        throw new IOException(got + " files were listed");
                    }
                    operations += got - 1;
                }
            }
            operations++;
            next += CLIENTS;
        } while (System.nanoTime() < end);
        return new FileLoad.Done(operations, bytes);
    }

    private double syncs(Contender contender, FileTrees trees, Stage stage) throws IOException {
        Trial trial = new Trial("", "", Kind.SMALL_UP, false);
        FileLoad.Done[] done = {FileLoad.Done.NOTHING};
        long calls =
                SyncCalls.during(
                        contender.tree(),
                        stage.work(),
                        () -> done[0] = run(contender, trees, trial, Duration.ofSeconds(1)));
        FileTrees.clear(folder(contender));
        return (double) calls / done[0].operations();
    }

    private Map<Metric, Double> crowd(Contender contender, int count, Duration length)
            throws IOException {
        Queue<FtpClient> all = new ConcurrentLinkedQueue<>();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        ProcessTree.Memory before = contender.tree().memory();
        try {
            long begin = System.nanoTime();
            AtomicInteger left = new AtomicInteger(count);
            FileLoad.run(
                    OPENERS,
                    Duration.ZERO,
                    (number, end) -> {
                        while (left.getAndDecrement() > 0) {
                            all.add(logIn(contender, false, SMALL_ROOM));
                        }
                        return FileLoad.Done.NOTHING;
                    });
            measures.put(Metric.LOGINS, count / ((System.nanoTime() - begin) / BILLION));
            ProcessTree.Memory after = contender.tree().memory();
            measures.put(Metric.PSS_EACH, (after.pss() - before.pss()) / KILOBYTE / count);
            measures.put(Metric.RSS_EACH, (after.rss() - before.rss()) / KILOBYTE / count);
            measures.putAll(fetchAll(contender, List.copyOf(all), length));
        } finally {
            for (FtpClient client : all) {
                client.close();
            }
        }
        return measures;
    }

    private static Map<Metric, Double> fetchAll(
            Contender contender, List<FtpClient> clients, Duration length) throws IOException {
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        FileLoad.Done done =
                FileLoad.run(
                        clients.size(),
                        length,
                        (number, end) -> {
                            long bytes = 0;
                            do {
                                bytes += clients.get(number).download("out/medium");
                            } while (System.nanoTime() < end);
                            return new FileLoad.Done(1, bytes);
                        });
        double seconds = (System.nanoTime() - begin) / BILLION;
        Meter.Usage usage = meter.stop();
        double gigabytes = done.bytes() / BILLION;
        return Map.of(
                Metric.BANDWIDTH, done.bytes() / MILLION / seconds,
                Metric.SERVER_GIGABYTE, usage.rest().toNanos() / BILLION / gigabytes,
                Metric.LOAD_GIGABYTE, usage.load().toNanos() / BILLION / gigabytes,
                Metric.PSS, usage.peak().pss() / MILLION,
                Metric.RSS, usage.peak().rss() / MILLION);
    }
}
