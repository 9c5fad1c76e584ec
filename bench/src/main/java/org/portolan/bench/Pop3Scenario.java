package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Short sessions, and whole mailboxes fetched, in the clear and over TLS. */
final class Pop3Scenario implements Scenario {
    private static final double MEGABYTE = 1e6;

    private static final List<String> SMALL_MAILBOXES = users(0, 4);
    private static final List<String> LARGE_MAILBOXES = users(4, 8);
    private static final List<String> SESSION_MAILBOXES = users(8, 24);

    private static List<String> users(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "u" + number).toList();
    }

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        Contender dovecot = stage.dovecot("sdbox");
        portolan.open();
        dovecot.open();
        return compare(List.of(portolan, dovecot), stage.work(), options);
    }

    static List<Section> compare(List<Contender> contenders, Path work, Options options)
            throws IOException {
        for (Contender contender : contenders) {
            fill(contender, work);
        }
        List<Section> sections = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            String way = tls ? ", over TLS" : "";
            Duration length = Duration.ofSeconds(options.seconds());
            sections.add(
                    section(
                            "POP3 sessions" + way,
                            "16 clients: connect, USER, PASS, STAT, QUIT.",
                            new Pop3Load(SESSION_MAILBOXES, tls, false, length),
                            contenders,
                            options));
            sections.add(
                    section(
                            "POP3 retrieval, 2,000 messages of 4 KB" + way,
                            "4 clients: LIST, then RETR of every message, turn by turn.",
                            new Pop3Load(SMALL_MAILBOXES, tls, true, length),
                            contenders,
                            options));
            sections.add(
                    section(
                            "POP3 retrieval, 20 messages of 1 MB" + way,
                            "4 clients: LIST, then RETR of every message, turn by turn.",
                            new Pop3Load(LARGE_MAILBOXES, tls, true, length),
                            contenders,
                            options));
        }
        return sections;
    }

    private static void fill(Contender contender, Path work) throws IOException {
        fill(contender, work, SMALL_MAILBOXES, 2000, 4096);
        fill(contender, work, LARGE_MAILBOXES, 20, 1 << 20);
        fill(contender, work, SESSION_MAILBOXES, 10, 4096);
    }

    private static void fill(
            Contender contender, Path work, List<String> mailboxes, int each, int bytes)
            throws IOException {
        int total = each * mailboxes.size();
        SmtpLoad load = new SmtpLoad("filling", mailboxes, mailboxes.size(), total, bytes, true);
        boolean lmtp = contender.runs(Program.DOVECOT);
        int port = lmtp ? contender.ports().lmtp() : contender.ports().smtp();
        load.send(port, lmtp, work.resolve("smtp-source.out"));
        long stored = contender.stored(mailboxes);
        if (stored != total) {
            throw new IOException(contender.name() + " stored " + stored + " of " + total);
        }
    }

    private static Section section(
            String title,
            String explanation,
            Pop3Load load,
            List<Contender> contenders,
            Options options)
            throws IOException {
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results =
                rounds.alternate(title, contenders, contender -> measure(contender, load));
        return new Section(title, explanation, results.table());
    }

    private static Map<Metric, Double> measure(Contender contender, Pop3Load load)
            throws IOException {
        Ports ports = contender.ports();
        Meter meter = Meter.start(contender.tree());
        Pop3Load.Done done = load.run(load.tls() ? ports.pop3s() : ports.pop3());
        Meter.Usage usage = meter.stop();

        double seconds = done.time().toNanos() / 1e9;
        long operations = load.retrieve() ? done.messages() : done.sessions();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        if (load.retrieve()) {
            measures.put(Metric.RETRIEVED, operations / seconds);
            measures.put(Metric.BANDWIDTH, done.bytes() / MEGABYTE / seconds);
        } else {
            measures.put(Metric.SESSIONS, operations / seconds);
        }
        usage.into(measures, operations);
        return measures;
    }
}
