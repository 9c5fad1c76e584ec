package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** From the command to the last port's greeting, and what lies in memory when nothing happens. */
final class StartupScenario implements Scenario {
    private static final Duration IDLENESS = Duration.ofSeconds(10);
    private static final int FEWEST_ROUNDS = 5;
    private static final int FIRST_STARTS = 3;
    private static final double MEGABYTE = 1e6;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        List<Contender> contenders = contenders(stage);
        for (Contender contender : contenders) {
            contender.prepare();
            contender.start();
            contender.close();
        }
        Rounds rounds = new Rounds(1, Math.max(FEWEST_ROUNDS, options.rounds()));
        Results results = rounds.alternate("start-up", contenders, StartupScenario::measure);
        for (int first = 0; first < FIRST_STARTS; first++) {
            for (Contender contender : contenders(stage)) {
                contender.prepare();
                results.add(contender, Metric.FIRST_START, seconds(contender.start()));
                contender.close();
            }
        }
        String explanation =
                "The clock runs from the start of the command until every port has greeted, over"
                        + " TLS where the port speaks it at once; files are in the page cache.";
        return List.of(new Section("Start-up and idle memory", explanation, results.table()));
    }

    private static List<Contender> contenders(Stage stage) {
        // What together does the same work: mail in by SMTP, out by POP3.
        List<Program> both = List.of(Program.POSTFIX, Program.DOVECOT);
        Map<String, String> settings = Map.of("TRANSPORT", "lmtp", "FORMAT", "sdbox");
        return List.of(stage.portolan(), stage.add("Postfix and Dovecot", both, settings));
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
