package org.portolan.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long answers take while others guess passwords, beside how long they take in peace. */
final class StormScenario implements Scenario {
    private static final String STORM = "in the storm";
    private static final String PEACE = "in peace";
    private static final int GUESSERS = 20;
    private static final int EACH_SECOND = 1_000;
    private static final long SECOND = 1_000_000_000L;
    private static final double MICROSECOND = 1e3;

    /** One question and its answer. */
    private interface Question {
        void ask() throws IOException;
    }

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        portolan.open();
        Ports ports = portolan.ports();
        List<Section> sections = new ArrayList<>();
        sections.add(compare("NTP requests", () -> askTime(ports), ports, options));
        try (Pop3Client client = Pop3Client.connect(ports.pop3(), false)) {
            client.logIn("u0");
            sections.add(compare("POP3 commands", () -> client.ask("NOOP"), ports, options));
        }
        return sections;
    }

    private static void askTime(Ports ports) throws IOException {
        if (!Probe.ntp(ports.ntp())) {
            throw new IOException("no answer to an NTP request");
        }
    }

    private static Section compare(String what, Question question, Ports ports, Options options)
            throws IOException {
        Results results = new Results(List.of(STORM, PEACE));
        for (int round = 1 - options.warmUps(); round <= options.rounds(); round++) {
            Results counted = round > 0 ? results : new Results(List.of(STORM, PEACE));
            measure(PEACE, question, options, counted);
            try (Guessers guessers = new Guessers(ports)) {
                guessers.begin(GUESSERS);
                long before = guessers.guesses();
                long begin = System.nanoTime();
                measure(STORM, question, options, counted);
                double guesses = guessers.guesses() - before;
                counted.add(STORM, Metric.GUESSES, guesses * SECOND / (System.nanoTime() - begin));
            }
        }
        return new Section(
                what + " in a storm of guesses",
                "One client asks about a thousand times a second; %d others guess passwords at"
                                .formatted(GUESSERS)
                        + " POP3, IMAP and FTP, each connection from a new address.",
                results.table());
    }

    private static void measure(String when, Question question, Options options, Results results)
            throws IOException {
        int answers = options.sizes().seconds() * EACH_SECOND;
        long[] nanos = new long[answers];
        for (int i = 0; i < answers; i++) {
            long begin = System.nanoTime();
            question.ask();
            nanos[i] = System.nanoTime() - begin;
            LockSupport.parkNanos(SECOND / EACH_SECOND - nanos[i]);
        }
        Arrays.sort(nanos);
        double mean = Arrays.stream(nanos).average().orElseThrow();
        results.add(when, Metric.ANSWER_MEAN, mean / MICROSECOND);
        results.add(when, Metric.ANSWER_MEDIAN, nanos[answers / 2] / MICROSECOND);
        results.add(when, Metric.ANSWER_TAIL, nanos[answers * 99 / 100] / MICROSECOND);
        System.err.printf("%s: mean %.1f µs%n", when, mean / MICROSECOND);
    }
}
