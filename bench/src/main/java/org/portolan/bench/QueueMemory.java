package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What a server keeps in memory of a long queue for a destination that does not answer. */
record QueueMemory(SmtpLoad load, Path output) {
    /** So long a server must have done next to nothing before it counts as idle. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final Duration NEXT_TO_NOTHING = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final double NANOS = 1e9;
    private static final double MEGABYTE = 1e6;

    Map<Metric, Double> run(Contender contender) throws IOException {
        // Started anew, because memory that earlier trials have left free would hide this one's.
        contender.close();
        contender.start();
        awaitQuiet(contender);
        ProcessTree.Memory before = contender.tree().memory();
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        load.send(contender.ports().smtp(), false, output);
        double seconds = (System.nanoTime() - begin) / NANOS;
        awaitQuiet(contender);
        Meter.Usage usage = meter.stop();
        ProcessTree.Memory after = contender.tree().memory();

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.ACCEPTED, load.total() / seconds);
        measures.put(Metric.BEFORE_QUEUE, before.pss() / MEGABYTE);
        measures.put(Metric.QUEUE_PSS, after.pss() / MEGABYTE);
        measures.put(Metric.QUEUE_RSS, after.rss() / MEGABYTE);
        measures.put(Metric.SERVER_CPU, usage.server().toNanos() / MEGABYTE / load.total());
        measures.put(Metric.PSS, usage.peak().pss() / MEGABYTE);
        measures.put(Metric.RSS, usage.peak().rss() / MEGABYTE);
        System.err.println(load.name() + ", " + contender.name() + ": " + measures);
        return measures;
    }

    private static void awaitQuiet(Contender contender) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        Duration before;
        Duration now = contender.tree().cpu();
        do {
            if (System.nanoTime() > end) {
                throw new IOException(contender.name() + " does not come to rest");
            }
            before = now;
            Command.pause(QUIET);
            now = contender.tree().cpu();
        } while (now.minus(before).compareTo(NEXT_TO_NOTHING) > 0);
    }
}
