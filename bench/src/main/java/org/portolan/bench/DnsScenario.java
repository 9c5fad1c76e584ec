package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Queries to a small zone, a large one, for names that are not there, and over TCP. */
final class DnsScenario implements Scenario {
    static final ZoneText SMALL = new ZoneText("small.example", 10_000);
    static final ZoneText LARGE = new ZoneText("large.example", 1_000_000);
    static final long SERIAL = 2026112101;

    private static final int MISSING = 50;
    private static final double MILLION = 1e6;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Path files = Files.createDirectory(stage.work().resolve("zones"));
        String zones = write(SMALL, files) + ' ' + write(LARGE, files);
        List<Contender> contenders =
                List.of(
                        stage.names(Program.PORTOLAN, zones),
                        stage.names(Program.NSD, zones),
                        stage.names(Program.KNOT, zones));
        for (Contender contender : contenders) {
            contender.open();
            ZoneLoadScenario.awaitSerial(contender, LARGE.apex(), SERIAL);
        }
        List<Section> sections = new ArrayList<>();
        for (DnsLoad load : loads(files, Duration.ofSeconds(options.seconds()))) {
            Rounds rounds = new Rounds(options.warmUps(), options.rounds());
            Results results =
                    rounds.alternate(
                            "DNS, " + load.name(),
                            contenders,
                            contender -> measure(contender, load));
            sections.add(new Section("DNS, " + load.name(), load.explanation(), results.table()));
        }
        return sections;
    }

    /** A zone as the adapters want to hear of it. */
    static String write(ZoneText zone, Path folder) throws IOException {
        Path file = folder.resolve(zone.apex() + ".zone");
        zone.write(file, SERIAL);
        return zone.apex() + '=' + file;
    }

    private static List<DnsLoad> loads(Path files, Duration length) throws IOException {
        Path small = files.resolve("small.questions");
        Path large = files.resolve("large.questions");
        Path smallMissing = files.resolve("small-missing.questions");
        Path largeMissing = files.resolve("large-missing.questions");
        // As many as there are records: what a server remembers of the last ones is of little use.
        SMALL.writeQuestions(small, SMALL.records(), 0);
        LARGE.writeQuestions(large, LARGE.records(), 0);
        SMALL.writeQuestions(smallMissing, SMALL.records(), MISSING);
        LARGE.writeQuestions(largeMissing, LARGE.records(), MISSING);
        return List.of(
                new DnsLoad("10,000 records", small, 0, "udp", length),
                new DnsLoad("1,000,000 records", large, 0, "udp", length),
                new DnsLoad(
                        "10,000 records, half of the names missing",
                        smallMissing,
                        MISSING,
                        "udp",
                        length),
                new DnsLoad(
                        "1,000,000 records, half of the names missing",
                        largeMissing,
                        MISSING,
                        "udp",
                        length),
                new DnsLoad("10,000 records, over TCP", small, 0, "tcp", length));
    }

    private static Map<Metric, Double> measure(Contender contender, DnsLoad load)
            throws IOException {
        Meter meter = Meter.start(contender.tree());
        DnsLoad.Done done = load.run(contender.ports().dns());
        Meter.Usage usage = meter.stop();

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.QUERIES, done.perSecond());
        measures.put(Metric.SERVER_MICROS, usage.server().toNanos() / 1e3 / done.completed());
        measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / 1e3 / done.completed());
        measures.put(Metric.LOST, done.lost() * MILLION / (done.completed() + done.lost()));
        measures.put(Metric.PSS, usage.peak().pss() / MILLION);
        measures.put(Metric.RSS, usage.peak().rss() / MILLION);
        return measures;
    }
}
