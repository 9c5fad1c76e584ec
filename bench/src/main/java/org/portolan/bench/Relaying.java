package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** One round of relaying: from the first connection until the next server has every message. */
record Relaying(SmtpLoad load, Sink sink, Path output) {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    Map<Metric, Double> run(Contender contender) throws IOException {
        int total = load.total();
        long wanted = sink.received() + total;
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        load.send(contender.ports().smtp(), false, output);
        long accepted = System.nanoTime();
        sink.await(wanted, LIMIT);
        long relayed = System.nanoTime();
        Meter.Usage usage = meter.stop();
        if (sink.received() != wanted) {
            throw new IOException(contender.name() + " sent something twice");
        }

        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.RELAYED, total * NANOS / (relayed - begin));
        measures.put(Metric.ACCEPTED, total * NANOS / (accepted - begin));
        usage.into(measures, total);
        return measures;
    }
}
