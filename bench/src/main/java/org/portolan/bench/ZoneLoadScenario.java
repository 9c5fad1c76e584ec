package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A zone of a million records: from its file to its first answer, and the memory it takes.
 *
 * <p>Each server is started with a small zone alone, then with the large one beside it; what it
 * takes longer and holds more belongs to the large zone. Then the large zone gets a new file.
 */
final class ZoneLoadScenario implements Scenario {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    // Long enough for what a start leaves to be tidied up, for a collection perhaps.
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final double MEGABYTE = 1e6;

    private static final ZoneText SMALL = DnsScenario.SMALL;
    private static final ZoneText LARGE = DnsScenario.LARGE;
    private static final long FIRST = DnsScenario.SERIAL;
    private static final long SECOND = FIRST + 1;

    /** One server with both zones, and one of its kind without the large one. */
    private final Map<Contender, Contender> withoutZone = new HashMap<>();

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Path files = Files.createDirectory(stage.work().resolve("zones"));
        String small = DnsScenario.write(SMALL, files);
        String both = small + ' ' + DnsScenario.write(LARGE, files);
        Path changed = files.resolve("changed.zone");
        LARGE.write(changed, SECOND);
        Path original = files.resolve(LARGE.apex() + ".zone");

        List<Contender> contenders = new ArrayList<>();
        for (Program program : List.of(Program.PORTOLAN, Program.NSD, Program.KNOT)) {
            Contender with = stage.names(program, both);
            Contender without = stage.names(program, small);
            for (Contender contender : List.of(with, without)) {
                contender.open();
                contender.close();
            }
            contenders.add(with);
            withoutZone.put(with, without);
        }
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results =
                rounds.alternate(
                        "zone load",
                        contenders,
                        contender -> measure(contender, original, changed));
        long megabytes = Files.size(original) / 1_000_000;
        String explanation =
                "A master file of "
                        + megabytes
                        + " MB, in the page cache. Its share is what a start with it takes less"
                        + " what one without it takes; memory is read 3 s later.";
        return List.of(new Section("A zone of a million records", explanation, results.table()));
    }

    /** What a server used from its start until it had settled. */
    private record Start(double seconds, double cpu, ProcessTree.Memory memory, long heap) {}

    private static Start start(Contender contender, String zone) throws IOException {
        long begin = System.nanoTime();
        contender.start();
        awaitSerial(contender, zone, FIRST);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Command.pause(SETTLING);
        double cpu = contender.tree().cpu().toNanos() / 1e9;
        ProcessTree.Memory memory = contender.tree().memory();
        return new Start(seconds, cpu, memory, JavaHeap.liveBytes(contender.tree()));
    }

    private Map<Metric, Double> measure(Contender contender, Path original, Path changed)
            throws IOException {
        Contender other = withoutZone.getOrDefault(contender, contender);
        Start without = start(other, SMALL.apex());
        other.close();
        Start with = start(contender, LARGE.apex());

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.START_WITHOUT, without.seconds);
        measures.put(Metric.START_WITH, with.seconds);
        measures.put(Metric.ZONE_LOADING, with.seconds - without.seconds);
        measures.put(Metric.LOADING_CPU, with.cpu - without.cpu);
        measures.put(Metric.ZONE_PSS, (with.memory.pss() - without.memory.pss()) / MEGABYTE);
        measures.put(Metric.ZONE_RSS, (with.memory.rss() - without.memory.rss()) / MEGABYTE);
        if (with.heap > 0) {
            measures.put(Metric.ZONE_HEAP, (with.heap - without.heap) / MEGABYTE);
        }

        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        contender.replaceZone(LARGE.apex(), changed);
        awaitSerial(contender, LARGE.apex(), SECOND);
        measures.put(Metric.ZONE_RELOADING, (System.nanoTime() - begin) / 1e9);
        measures.put(Metric.RELOAD_PEAK, meter.stop().peak().pss() / MEGABYTE);
        contender.replaceZone(LARGE.apex(), original);
        awaitSerial(contender, LARGE.apex(), FIRST);
        contender.close();
        return measures;
    }

    /** Returns when the zone is answered with this serial. */
    static void awaitSerial(Contender contender, String zone, long serial) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        OptionalLong seen = Probe.serial(contender.ports().dns(), zone);
        while (seen.isEmpty() || seen.getAsLong() != serial) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        contender.name() + " answers " + seen + " for " + zone + ", not " + serial);
            }
            Command.pause(BETWEEN_TRIES);
            seen = Probe.serial(contender.ports().dns(), zone);
        }
    }
}
