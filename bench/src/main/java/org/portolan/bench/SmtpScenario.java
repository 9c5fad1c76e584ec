package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Accept to mailbox, and to the next server; durable on both sides. */
final class SmtpScenario implements Scenario {
    private static final int SMALL = 4096;
    private static final int LARGE = 1 << 20;
    private static final int SESSIONS = 20;
    // strace slows every system call down: enough messages for a steady average.
    private static final int TRACED_SHARE = 10;

    private static final int CROWD = 1000;
    private static final int QUEUED = 256;
    private static final int QUEUED_FOR_EACH = 10;
    // A Postfix client costs a process.
    private static final String PROCESSES = Integer.toString(CROWD + 100);
    private static final String ELSEWHERE = "somebody@elsewhere.invalid";

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Map<String, String> next = Map.of("SINK", Integer.toString(Sink.PORT));
        Contender portolan = stage.portolan(next);
        Contender postfix =
                stage.add(
                        "Postfix",
                        List.of(Program.POSTFIX),
                        Map.of("SINK", next.get("SINK"), "PROCESSES", PROCESSES));
        List<Contender> both = List.of(portolan, postfix);
        portolan.open();
        postfix.open();
        List<Section> sections = new ArrayList<>();
        for (SmtpLoad load : loads(options.messages())) {
            if (options.wants(title(load))) {
                sections.add(compare(load, both, stage.work(), options));
            }
        }
        relay(both, stage.work(), options).ifPresent(sections::add);
        latency(both, options).ifPresent(sections::add);
        int messages = Math.max(CROWD, options.messages());
        SmtpLoad crowd =
                new SmtpLoad(
                        "%,d sessions at once".formatted(CROWD),
                        List.of("u21"),
                        CROWD,
                        messages,
                        SMALL,
                        false);
        if (options.wants(title(crowd))) {
            sections.add(compare(crowd, both, stage.work(), options));
        }
        queueMemory(both, stage.work(), options).ifPresent(sections::add);
        return sections;
    }

    private static String title(SmtpLoad load) {
        return "SMTP, " + load.name();
    }

    private static Optional<Section> relay(List<Contender> both, Path work, Options options)
            throws IOException {
        SmtpLoad load =
                load(
                        "relayed to the next server",
                        List.of(ELSEWHERE),
                        options.messages(),
                        SMALL,
                        false);
        if (!options.wants(title(load))) {
            return Optional.empty();
        }
        try (Sink sink = Sink.open()) {
            Relaying relaying = new Relaying(load, sink, output(work));
            Rounds rounds = new Rounds(options.warmUps(), options.rounds());
            Results results = rounds.alternate(load.name(), both, relaying::run);
            SmtpLoad few = few(load);
            Relaying traced = new Relaying(few, sink, output(work));
            countSyncs(both, work, few, traced::run, results);
            return Optional.of(
                    new Section(
                            title(load),
                            explanation(load)
                                    + " A connection for each; whatever it is for goes on to one"
                                    + " server, which takes everything and keeps nothing.",
                            results.table()));
        }
    }

    private static Optional<Section> latency(List<Contender> both, Options options)
            throws IOException {
        String title = "SMTP, from the dot to the mailbox";
        if (!options.wants(title)) {
            return Optional.empty();
        }
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results = rounds.alternate(title, both, new Latency("u23", SMALL)::run);
        return Optional.of(
                new Section(
                        title,
                        "A hundred messages of %,d bytes, one after the other over one connection."
                                .formatted(SMALL),
                        results.table()));
    }

    private static Optional<Section> queueMemory(List<Contender> both, Path work, Options options)
            throws IOException {
        int count = QUEUED_FOR_EACH * options.messages();
        SmtpLoad load =
                load(
                        "a queue of %,d messages".formatted(count),
                        List.of(ELSEWHERE),
                        count,
                        QUEUED,
                        true);
        if (!options.wants(title(load))) {
            return Optional.empty();
        }
        Results results = new Results(both);
        QueueMemory trial = new QueueMemory(load, output(work));
        for (Contender contender : both) {
            results.add(contender, trial.run(contender));
        }
        return Optional.of(
                new Section(
                        title(load),
                        explanation(load)
                                + " They are for a server that does not answer; the server was"
                                + " started anew before.",
                        results.table()));
    }

    static List<SmtpLoad> loads(int messages) {
        List<String> twenty =
                IntStream.rangeClosed(1, SESSIONS).mapToObj(number -> "u" + number).toList();
        int large = Math.max(SESSIONS, messages / 20);
        return List.of(
                load(
                        "one mailbox, a connection for each message",
                        List.of("u0"),
                        messages,
                        SMALL,
                        false),
                load("20 mailboxes, a connection for each message", twenty, messages, SMALL, false),
                load("one mailbox, connections reused", List.of("u21"), messages, SMALL, true),
                load("one mailbox, messages of 1 MB", List.of("u22"), large, LARGE, false));
    }

    private static SmtpLoad load(
            String name, List<String> mailboxes, int messages, int bytes, boolean reuse) {
        return new SmtpLoad(name, mailboxes, SESSIONS, messages, bytes, reuse);
    }

    static Section compare(SmtpLoad load, List<Contender> contenders, Path work, Options options)
            throws IOException {
        Delivery delivery = new Delivery(load, output(work));
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results = rounds.alternate(load.name(), contenders, delivery::run);
        SmtpLoad few = few(load);
        countSyncs(contenders, work, few, new Delivery(few, output(work))::run, results);
        return new Section(title(load), explanation(load), results.table());
    }

    private static SmtpLoad few(SmtpLoad load) {
        return load.withMessages(Math.max(load.sessions(), load.messages() / TRACED_SHARE));
    }

    private static void countSyncs(
            List<Contender> contenders,
            Path work,
            SmtpLoad load,
            Rounds.Trial trial,
            Results results)
            throws IOException {
        for (Contender contender : contenders) {
            long calls = SyncCalls.during(contender.tree(), work, () -> trial.run(contender));
            results.add(contender, Metric.SYNCS, (double) calls / load.total());
        }
    }

    private static Path output(Path work) {
        return work.resolve("smtp-source.out");
    }

    private static String explanation(SmtpLoad load) {
        return "%,d messages of %,d bytes, %,d sessions at a time."
                .formatted(load.total(), load.messageBytes(), load.sessions());
    }
}
