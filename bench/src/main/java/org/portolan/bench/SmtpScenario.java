package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Accept to mailbox, durable on both sides. */
final class SmtpScenario implements Scenario {
    private static final int SMALL = 4096;
    private static final int LARGE = 1 << 20;
    private static final int SESSIONS = 20;
    // strace slows every system call down: enough messages for a steady average.
    private static final int TRACED_SHARE = 10;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        Contender postfix = stage.postfix();
        portolan.open();
        postfix.open();
        List<Section> sections = new ArrayList<>();
        for (SmtpLoad load : loads(options.messages())) {
            sections.add(compare(load, List.of(portolan, postfix), stage.work(), options));
        }
        return sections;
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
        Path output = work.resolve("smtp-source.out");
        Delivery delivery = new Delivery(load, output);
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results = rounds.alternate(load.name(), contenders, delivery::run);

        SmtpLoad few = load.withMessages(Math.max(SESSIONS, load.messages() / TRACED_SHARE));
        for (Contender contender : contenders) {
            Delivery traced = new Delivery(few, output);
            long calls = SyncCalls.during(contender.tree(), work, () -> traced.run(contender));
            results.add(contender, Metric.SYNCS, (double) calls / few.total());
        }
        String explanation =
                "%,d messages of %,d bytes, %d sessions at a time."
                        .formatted(load.total(), load.messageBytes(), load.sessions());
        return new Section("SMTP, " + load.name(), explanation, results.table());
    }
}
