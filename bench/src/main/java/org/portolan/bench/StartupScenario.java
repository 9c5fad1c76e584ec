package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the command to the last port's greeting, and what lies in memory when nothing happens. */
final class StartupScenario implements Scenario {
    private static final Duration IDLENESS = Duration.ofSeconds(10);
    private static final int FEWEST_ROUNDS = 5;
    private static final double MEGABYTE = 1e6;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        // What together does the same work: mail in by SMTP, out by POP3.
        Contender peers =
                stage.add(
                        "Postfix and Dovecot",
                        List.of(Program.POSTFIX, Program.DOVECOT),
                        Map.of("TRANSPORT", "lmtp", "FORMAT", "sdbox"));
        List<Contender> contenders = List.of(portolan, peers);
        Map<Contender, Double> first = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            contender.prepare();
            first.put(contender, seconds(contender.start()));
            contender.close();
        }
        Rounds rounds = new Rounds(1, Math.max(FEWEST_ROUNDS, options.rounds()));
        Results results = rounds.alternate("start-up", contenders, StartupScenario::measure);
        first.forEach((contender, time) -> results.add(contender, Metric.FIRST_START, time));
        String explanation =
                "The clock runs from the start of the command until every port has greeted, over"
                        + " TLS where the port speaks it at once; files are in the page cache.";
        return List.of(new Section("Start-up and idle memory", explanation, results.table()));
    }

    private static Map<Metric, Double> measure(Contender contender) throws IOException {
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.START, seconds(contender.start()));
        Command.pause(IDLENESS);
        ProcessTree.Memory memory = contender.tree().memory();
        measures.put(Metric.IDLE_PSS, memory.pss() / MEGABYTE);
        measures.put(Metric.IDLE_RSS, memory.rss() / MEGABYTE);
        contender.close();
        return measures;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
