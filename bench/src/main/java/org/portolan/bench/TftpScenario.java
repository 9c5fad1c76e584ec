package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A file fetched by one client, and by hundreds at once as when a rack boots. */
final class TftpScenario implements Scenario {
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final String FILE = "boot";
    private static final int BYTES = 4 << 20;
    private static final String LOADER = "loader";
    private static final int LOADER_BYTES = 256 << 10;
    private static final int CROWD = 500;
    private static final int ETHERNET = 1468;
    private static final int WINDOW = 16;

    private record Trial(String title, String explanation, TftpLoad load) {}

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        List<Contender> contenders =
                List.of(
                        stage.portolan(Map.of("MAILBOXES", "1")),
                        stage.add("tftpd-hpa", List.of(Program.TFTPD), Map.of()),
                        stage.add("atftpd", List.of(Program.ATFTPD), Map.of()));
        for (Contender contender : contenders) {
            contender.open();
            Files.write(folder(contender).resolve(FILE), new byte[BYTES]);
            Files.write(folder(contender).resolve(LOADER), new byte[LOADER_BYTES]);
        }
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        List<Section> sections = new ArrayList<>();
        Duration length = Duration.ofSeconds(options.seconds());
        for (Trial trial : trials(Math.min(CROWD, options.idle()), length)) {
            if (!options.wants(trial.title)) {
                continue;
            }
            Results results =
                    rounds.alternate(
                            trial.title, contenders, contender -> measure(contender, trial.load));
            sections.add(new Section(trial.title, trial.explanation, results.table()));
        }
        return sections;
    }

    private static List<Trial> trials(int crowd, Duration length) {
        String file = "A file of %,d bytes, again and again".formatted(BYTES);
        String loader = "A file of %,d bytes by each, again and again".formatted(LOADER_BYTES);
        return List.of(
                new Trial(
                        "TFTP, one client, without options",
                        file + ": 512 bytes a packet, each answered.",
                        load(1, TftpLoad.WITHOUT_OPTIONS, 1, length)),
                new Trial(
                        "TFTP, one client, blksize 1468",
                        file + ": each packet answered.",
                        load(1, ETHERNET, 1, length)),
                new Trial(
                        "TFTP, one client, blksize 1468, windowsize 16",
                        file + ": every 16th packet answered; tftpd-hpa knows no windows.",
                        load(1, ETHERNET, WINDOW, length)),
                new Trial(
                        "TFTP, " + crowd + " clients at once, without options",
                        loader + ".",
                        load(crowd, TftpLoad.WITHOUT_OPTIONS, 1, length)),
                new Trial(
                        "TFTP, " + crowd + " clients at once, blksize 1468",
                        loader + ".",
                        load(crowd, ETHERNET, 1, length)));
    }

    private static TftpLoad load(int clients, int block, int window, Duration length) {
        return clients == 1
                ? new TftpLoad(FILE, BYTES, 1, block, window, length)
                : new TftpLoad(LOADER, LOADER_BYTES, clients, block, window, length);
    }

    private static Path folder(Contender contender) {
        if (contender.runs(Program.PORTOLAN)) {
            return contender.folder(Program.PORTOLAN).resolve("data/files/public");
        }
        boolean hpa = contender.runs(Program.TFTPD);
        return contender.folder(hpa ? Program.TFTPD : Program.ATFTPD).resolve("files");
    }

    private static Map<Metric, Double> measure(Contender contender, TftpLoad load)
            throws IOException {
        Meter meter = Meter.start(contender.tree());
        TftpLoad.Done done = load.run(contender.ports().tftp());
        Meter.Usage usage = meter.stop();

        double seconds = done.time().toNanos() / BILLION;
        double each = 1e3 * done.packets();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.PACKETS, done.packets() / seconds);
        measures.put(Metric.BANDWIDTH, done.bytes() / MILLION / seconds);
        measures.put(Metric.SERVER_MICROS, usage.rest().toNanos() / each);
        measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / each);
        measures.put(Metric.AGAIN, done.again() * MILLION / done.packets());
        measures.put(Metric.PSS, usage.peak().pss() / MILLION);
        measures.put(Metric.RSS, usage.peak().rss() / MILLION);
        return measures;
    }
}
