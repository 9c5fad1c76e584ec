package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Requests for the time, as fast as they are answered. */
final class NtpScenario implements Scenario {
    private static final double MILLION = 1e6;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        List<Contender> contenders =
                List.of(stage.portolan(), stage.add("chrony", List.of(Program.CHRONY), Map.of()));
        for (Contender contender : contenders) {
            contender.open();
        }
        Duration length = Duration.ofSeconds(options.seconds());
        List<Section> sections = new ArrayList<>();
        sections.add(
                compare(
                        "NTP, one core asks",
                        "One thread, 16 clients, each with 8 requests on the way.",
                        new NtpLoad(1, 16, 8, length),
                        contenders,
                        options));
        sections.add(
                compare(
                        "NTP, two cores ask",
                        "Two threads, 16 clients, each with 8 requests on the way.",
                        new NtpLoad(2, 16, 8, length),
                        contenders,
                        options));
        sections.add(
                compare(
                        "NTP, request by request",
                        "One thread, 64 clients, each waits for its reply.",
                        new NtpLoad(1, 64, 1, length),
                        contenders,
                        options));
        return sections;
    }

    private static Section compare(
            String title,
            String explanation,
            NtpLoad load,
            List<Contender> contenders,
            Options options)
            throws IOException {
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results =
                rounds.alternate(title, contenders, contender -> measure(contender, load));
        return new Section(title, explanation, results.table());
    }

    private static Map<Metric, Double> measure(Contender contender, NtpLoad load)
            throws IOException {
        Meter meter = Meter.start(contender.tree());
        NtpLoad.Done done = load.run(contender.ports().ntp());
        Meter.Usage usage = meter.stop();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.REPLIES, done.replies() / (done.time().toNanos() / 1e9));
        measures.put(Metric.SERVER_MICROS, usage.server().toNanos() / 1e3 / done.replies());
        measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / 1e3 / done.replies());
        measures.put(Metric.LOST, done.lost() * MILLION / (done.replies() + done.lost()));
        measures.put(Metric.PSS, usage.peak().pss() / MILLION);
        measures.put(Metric.RSS, usage.peak().rss() / MILLION);
        return measures;
    }
}
