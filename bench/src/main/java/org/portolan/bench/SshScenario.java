package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.session.ClientSession;

/** Files by OpenSSH's own sftp, log-ins, and a thousand who say nothing. */
final class SshScenario implements Scenario {
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final double KILOBYTE = 1e3;
    private static final int SESSIONS = 1000;
    private static final int CLIENTS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String USER = "u0";
    private static final String FIRST_CIPHER = "aes128-gcm@openssh.com";
    private static final List<String> CIPHERS =
            List.of(FIRST_CIPHER, "aes256-ctr", "chacha20-poly1305@openssh.com");

    /** What sftp is told. */
    private record Trial(
            String title, String explanation, String cipher, List<String> batch, long bytes) {}

    private final AtomicInteger uploads = new AtomicInteger();
    private Path key = Path.of("");

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        FileTrees trees = new FileTrees(stage.work(), options);
        key = stage.work().resolve("key");
        Command.output(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "" + key));
        Map<String, String> settings = Map.of("MAILBOXES", "1", "KEY", key + ".pub");
        List<Contender> contenders =
                List.of(
                        stage.portolan(settings),
                        stage.add("OpenSSH", List.of(Program.OPENSSH), settings));
        for (Contender contender : contenders) {
            contender.open();
            open(contender, trees, stage.work());
        }
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        List<Section> sections = new ArrayList<>();
        for (Trial trial : trials(trees, stage.work(), options)) {
            if (options.wants(trial.title)) {
                Results results =
                        rounds.alternate(
                                trial.title,
                                contenders,
                                contender -> measure(contender, trial, stage.work()));
                sections.add(new Section(trial.title, trial.explanation, results.table()));
            }
        }
        try (SshLogins logins = new SshLogins(key)) {
            sections.addAll(logIns(logins, contenders, rounds, options));
        }
        return sections;
    }

    private List<Trial> trials(FileTrees trees, Path work, Options options) {
        String size = "%,d MB".formatted(options.megabytes());
        long bytes = options.megabytes() * (long) MILLION;
        String fetch = "get out/large /dev/null";
        List<Trial> trials = new ArrayList<>();
        for (String cipher : CIPHERS) {
            String name = cipher.replace("@openssh.com", "");
            trials.add(
                    new Trial(
                            "SFTP, a file of " + size + " down, " + name,
                            "sftp: " + fetch + ".",
                            cipher,
                            List.of(fetch),
                            bytes));
            trials.add(
                    new Trial(
                            "SFTP, a file of " + size + " up, " + name,
                            "sftp -f: put, and an fsync at its end.",
                            cipher,
                            List.of("put " + trees.large() + " in/@"),
                            bytes));
        }
        int few = Math.max(1, trees.files() / 10);
        List<String> puts = Collections.nCopies(few, "put " + trees.small() + " in/@");
        trials.add(
                new Trial(
                        "SFTP, %,d small files down".formatted(trees.files()),
                        "sftp: get -r of a folder with files of 4 KB.",
                        FIRST_CIPHER,
                        List.of("get -r out/small " + work.resolve("fetched")),
                        0));
        trials.add(
                new Trial(
                        "SFTP, %,d small files up".formatted(few),
                        "sftp -f: put of each, and an fsync at its end.",
                        FIRST_CIPHER,
                        puts,
                        0));
        return trials;
    }

    /** A home is made when its owner comes for the first time. */
    private void open(Contender contender, FileTrees trees, Path work) throws IOException {
        boolean ours = contender.runs(Program.PORTOLAN);
        sftp(contender, FIRST_CIPHER, List.of(ours ? "mkdir in" : "ls in"), work);
        trees.lay(folder(contender));
    }

    private static Path folder(Contender contender) {
        return contender.runs(Program.PORTOLAN)
                ? FtpScenario.home(contender)
                : contender.folder(Program.OPENSSH).resolve("files");
    }

    private void sftp(Contender contender, String cipher, List<String> batch, Path work)
            throws IOException {
        Path file = work.resolve("batch");
        List<String> lines = new ArrayList<>();
        for (String line : batch) {
            lines.add(line.replace("@", Integer.toString(uploads.incrementAndGet())));
        }
        Files.write(file, lines);
        List<String> command = new ArrayList<>(List.of("sftp", "-q", "-b", file.toString()));
        if (batch.getFirst().startsWith("put")) {
            command.add("-f");
        }
        command.addAll(List.of("-c", cipher, "-i", key.toString(), "-F", "none"));
        command.addAll(List.of("-P", Integer.toString(contender.ports().ssh())));
        command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "IdentitiesOnly=yes"));
        command.addAll(List.of("-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"));
        command.add(USER + "@127.0.0.1");
        Command.run(new ProcessBuilder(command), LIMIT);
    }

    private Map<Metric, Double> measure(Contender contender, Trial trial, Path work)
            throws IOException {
        Path fetched = work.resolve("fetched");
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        sftp(contender, trial.cipher, trial.batch, work);
        double seconds = (System.nanoTime() - begin) / BILLION;
        Meter.Usage usage = meter.stop();
        FileTrees.clear(folder(contender));

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        if (trial.bytes > 0) {
            double gigabytes = trial.bytes / BILLION;
            measures.put(Metric.BANDWIDTH, trial.bytes / MILLION / seconds);
            measures.put(Metric.SERVER_GIGABYTE, usage.rest().toNanos() / BILLION / gigabytes);
            measures.put(Metric.LOAD_GIGABYTE, usage.load().toNanos() / BILLION / gigabytes);
        } else {
            double files = Files.isDirectory(fetched) ? removed(fetched) : trial.batch.size();
            measures.put(Metric.FILES, files / seconds);
            measures.put(Metric.SERVER_MICROS, usage.rest().toNanos() / KILOBYTE / files);
            measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / KILOBYTE / files);
        }
        measures.put(Metric.PSS, usage.peak().pss() / MILLION);
        measures.put(Metric.RSS, usage.peak().rss() / MILLION);
        return measures;
    }

    /** Removes what was fetched; returns how many files that were. */
    private static int removed(Path folder) throws IOException {
        List<Path> files;
        try (var entries = Files.list(folder)) {
            files = entries.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
        return files.size();
    }

    // ---- log-ins

    private List<Section> logIns(
            SshLogins logins, List<Contender> contenders, Rounds rounds, Options options)
            throws IOException {
        List<Section> sections = new ArrayList<>();
        Duration length = Duration.ofSeconds(options.seconds());
        for (boolean byKey : new boolean[] {true, false}) {
            String title = "SSH, log-ins by " + (byKey ? "key" : "password");
            if (options.wants(title)) {
                Results results =
                        rounds.alternate(
                                title,
                                contenders,
                                contender -> logIns(contender, logins, byKey, length));
                sections.add(
                        new Section(
                                title,
                                CLIENTS + " clients: connect, log in, leave; X25519 and Ed25519.",
                                results.table()));
            }
        }
        int count = Math.min(SESSIONS, options.idle());
        String title = "SSH, %,d sessions that say nothing".formatted(count);
        if (options.wants(title)) {
            Results results = new Results(contenders);
            for (Contender contender : contenders) {
                Map<Metric, Double> held = hold(contender, logins, count);
                System.err.println(title + ", " + contender.name() + ": " + held);
                results.add(contender, held);
            }
            sections.add(new Section(title, "Logged in, no channel open.", results.table()));
        }
        return sections;
    }

    private static Map<Metric, Double> logIns(
            Contender contender, SshLogins logins, boolean byKey, Duration length)
            throws IOException {
        int port = contender.ports().ssh();
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        FileLoad.Done done =
                FileLoad.run(
                        CLIENTS,
                        length,
                        (number, end) -> {
                            long count = 0;
                            do {
                                logins.logIn(port, byKey).close();
                                count++;
                            } while (System.nanoTime() < end);
                            return new FileLoad.Done(count, 0);
                        });
        double seconds = (System.nanoTime() - begin) / BILLION;
        Meter.Usage usage = meter.stop();
        return Map.of(
                Metric.LOGINS, done.operations() / seconds,
                Metric.SERVER_CPU, usage.rest().toNanos() / MILLION / done.operations(),
                Metric.LOAD_CPU, usage.load().toNanos() / MILLION / done.operations(),
                Metric.PSS, usage.peak().pss() / MILLION,
                Metric.RSS, usage.peak().rss() / MILLION);
    }

    private static Map<Metric, Double> hold(Contender contender, SshLogins logins, int count)
            throws IOException {
        List<ClientSession> sessions = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger left = new AtomicInteger(count);
        ProcessTree.Memory before = contender.tree().memory();
        long heapBefore = JavaHeap.liveBytes(contender.tree());
        try {
            long begin = System.nanoTime();
            FileLoad.run(
                    CLIENTS,
                    Duration.ZERO,
                    (number, end) -> {
                        while (left.getAndDecrement() > 0) {
                            sessions.add(logins.logIn(contender.ports().ssh(), true));
                        }
                        return FileLoad.Done.NOTHING;
                    });
            double seconds = (System.nanoTime() - begin) / BILLION;
            ProcessTree.Memory after = contender.tree().memory();
            long heap = JavaHeap.liveBytes(contender.tree());
            Map<Metric, Double> measures = new EnumMap<>(Metric.class);
            measures.put(Metric.LOGINS, count / seconds);
            if (heap > 0) {
                measures.put(Metric.HEAP_EACH, (heap - heapBefore) / KILOBYTE / count);
            }
            measures.put(Metric.PSS_EACH, (after.pss() - before.pss()) / KILOBYTE / count);
            measures.put(Metric.RSS_EACH, (after.rss() - before.rss()) / KILOBYTE / count);
            return measures;
        } finally {
            for (ClientSession session : sessions) {
                session.close(true);
            }
        }
    }
}
