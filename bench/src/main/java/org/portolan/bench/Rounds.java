package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same trial for every contender, in turn, so that what the machine does meanwhile hits all.
 */
record Rounds(int warmUps, int measured) {
    /** One round with one contender. */
    interface Trial {
        Map<Metric, Double> run(Contender contender) throws IOException;
    }

    Results alternate(String title, List<Contender> contenders, Trial trial) throws IOException {
        Results results = new Results(contenders);
        for (int round = 1 - warmUps; round <= measured; round++) {
            // Who begins changes with every round.
            List<Contender> order = round % 2 == 0 ? contenders.reversed() : contenders;
            for (Contender contender : order) {
                writeBackDirtyPages();
                Map<Metric, Double> measures = trial.run(contender);
                progress(title, round, contender, measures);
                if (round > 0) {
                    results.add(contender, measures);
                }
            }
        }
        return results;
    }

    /** What one contender left to be written must not slow down the next one. */
    private static void writeBackDirtyPages() throws IOException {
        Command.run(new ProcessBuilder("sync"), Duration.ofMinutes(2));
    }

    private static void progress(
            String title, int round, Contender contender, Map<Metric, Double> measures) {
        StringBuilder line = new StringBuilder();
        line.append(title).append(round > 0 ? ", round " + round : ", warm-up");
        line.append(", ").append(contender.name()).append(':');
        measures.forEach(
                (metric, value) ->
                        line.append(' ')
                                .append(metric.name().toLowerCase(Locale.ROOT))
                                .append(String.format(Locale.ROOT, " %.2f", value)));
        System.err.println(line);
    }
}
