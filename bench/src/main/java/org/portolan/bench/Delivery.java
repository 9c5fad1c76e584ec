package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** One round of SMTP: from the first connection until every message is seen in its mailbox. */
record Delivery(SmtpLoad load, Path output) {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    private static final double NANOS = 1e9;

    Map<Metric, Double> run(Contender contender) throws IOException {
        long before = contender.stored(load.mailboxes());
        Meter meter = Meter.start(contender.tree());
        long begin = System.nanoTime();
        load.send(contender.ports().smtp(), false, output);
        long accepted = System.nanoTime();
        long visible = awaitStored(contender, before, begin);
        Meter.Usage usage = meter.stop();

        int total = load.total();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.DELIVERED, total * NANOS / (visible - begin));
        measures.put(Metric.ACCEPTED, total * NANOS / (accepted - begin));
        usage.into(measures, total);
        return measures;
    }

    /**
     * Counts again and again, more often the closer the end is expected, so that counting costs
     * little. The time returned is when the successful count began.
     */
    private long awaitStored(Contender contender, long before, long begin) throws IOException {
        long wanted = before + load.total();
        while (true) {
            long now = System.nanoTime();
            long stored = contender.stored(load.mailboxes());
            if (stored == wanted) {
                return now;
            }
            if (stored > wanted || now - begin > LIMIT.toNanos()) {
                throw new IOException(
                        contender.name() + " holds " + stored + " messages instead of " + wanted);
            }
            long nanosEach = (now - begin) / Math.max(1, stored - before);
            Duration half = Duration.ofNanos(nanosEach * (wanted - stored) / 2);
            Command.pause(clamp(half));
        }
    }

    private static Duration clamp(Duration wait) {
        if (wait.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
