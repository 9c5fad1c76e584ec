package org.portolan.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A large mailbox filled, read, searched and changed; many that wait for news of it. */
final class ImapScenario implements Scenario {
    private static final double MEGABYTE = 1e6;
    private static final double KILOBYTE = 1e3;
    private static final String OWNER = "u0";
    private static final int LISTENERS = 500;
    private static final int SLEEPERS = 2000;
    private static final int CHANGES = 200;
    private static final int BYTES = 4096;

    /** What one client does again and again; returns how many operations that were. */
    private interface Task {
        long run(ImapClient client) throws IOException;
    }

    private record Trial(String title, String explanation, Task task) {}

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        // What Portolan does: whatever is answered is on disk, flags too.
        Contender dovecot =
                stage.add(
                        "Dovecot",
                        List.of(Program.DOVECOT),
                        Map.of("FORMAT", "mdbox", "FSYNC", "always"));
        List<Contender> contenders = List.of(portolan, dovecot);
        for (Contender contender : contenders) {
            contender.open();
        }
        List<Section> sections = new ArrayList<>();
        for (Trial trial : trials(options.messages())) {
            sections.add(section(trial, contenders, options));
        }
        int listeners = Math.min(LISTENERS, options.idle());
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results heard =
                rounds.alternate("IDLE", contenders, contender -> fanOut(contender, listeners));
        sections.add(
                new Section(
                        "IMAP, news to " + listeners + " sessions in IDLE",
                        "From the APPEND to the last EXISTS.",
                        heard.table()));
        Results asleep = new Results(contenders);
        for (Contender contender : contenders) {
            asleep.add(contender, hold(contender, Math.min(SLEEPERS, options.idle())));
        }
        sections.add(
                new Section("IMAP sessions in IDLE", "Logged in, a mailbox open.", asleep.table()));
        return sections;
    }

    /** The first fills the mailbox in its warm-up, the others find it full. */
    private static List<Trial> trials(int messages) {
        String text = message();
        String append = "APPEND INBOX {" + text.length() + "+}\r\n" + text;
        String size = "%,d messages of 4 KB".formatted(messages);
        return List.of(
                new Trial(
                        "IMAP, APPEND",
                        "One client, up to " + size + " in all.",
                        client -> repeat(client, Math.max(1, messages / 10), append)),
                new Trial(
                        "IMAP, SELECT",
                        "The mailbox filled above.",
                        client -> repeat(client, 20, "SELECT INBOX")),
                fetch("FLAGS", "(UID FLAGS)"),
                fetch("headers", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])"),
                fetch("envelopes", "(UID ENVELOPE BODYSTRUCTURE)"),
                fetch("bodies", "(UID BODY.PEEK[])"),
                new Trial(
                        "IMAP, STORE",
                        "One flag of one message, set and cleared.",
                        ImapScenario::flags),
                new Trial(
                        "IMAP, SEARCH of a header",
                        "Every message is looked at.",
                        client -> client.ask("SEARCH SUBJECT \"nothing of that kind\"") + 1),
                new Trial(
                        "IMAP, SEARCH of texts",
                        "Every message is looked at.",
                        client -> client.ask("SEARCH TEXT \"nothing of that kind\"") + 1),
                new Trial(
                        "IMAP, COPY",
                        "A hundred messages at once.",
                        client -> {
                            client.ask("COPY 1:100 Copies");
                            return 100;
                        }),
                new Trial(
                        "IMAP, QRESYNC",
                        "A client comes back and has missed nothing.",
                        ImapScenario::resume));
    }

    private static Trial fetch(String what, String items) {
        return new Trial(
                "IMAP, FETCH of " + what,
                "Of all messages, by one client.",
                client -> client.ask("UID FETCH 1:* " + items));
    }

    private static String message() {
        String head = "From: a@client.example\r\nTo: b@client.example\r\nSubject: bench\r\n\r\n";
        String line = "x".repeat(70) + "\r\n";
        return head + line.repeat((BYTES - head.length()) / line.length());
    }

    private static long repeat(ImapClient client, int times, String command) throws IOException {
        for (int i = 0; i < times; i++) {
            client.ask(command);
        }
        return times;
    }

    private static long flags(ImapClient client) throws IOException {
        for (int i = 1; i <= CHANGES; i++) {
            client.ask("STORE " + (i % 100 + 1) + (i % 2 == 0 ? " -" : " +") + "FLAGS (\\Flagged)");
        }
        return CHANGES;
    }

    private static long resume(ImapClient client) throws IOException {
        String status = client.told("STATUS INBOX (UIDVALIDITY HIGHESTMODSEQ)");
        String known = "(QRESYNC (" + number(status, "UIDVALIDITY");
        return repeat(
                client, 20, "SELECT INBOX " + known + " " + number(status, "HIGHESTMODSEQ") + "))");
    }

    private static String number(String status, String item) {
        return status.replaceFirst("(?s).*" + item + " (\\d+).*", "$1");
    }

    private static Section section(Trial trial, List<Contender> contenders, Options options)
            throws IOException {
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results =
                rounds.alternate(
                        trial.title(), contenders, contender -> measure(contender, trial.task()));
        return new Section(trial.title(), trial.explanation(), results.table());
    }

    private static Map<Metric, Double> measure(Contender contender, Task task) throws IOException {
        try (ImapClient client = ImapClient.loggedIn(contender.ports().imap(), OWNER)) {
            create(client);
            client.ask("ENABLE QRESYNC");
            client.ask("SELECT INBOX");
            Meter meter = Meter.start(contender.tree());
            long begin = System.nanoTime();
            long operations = task.run(client);
            double seconds = (System.nanoTime() - begin) / 1e9;
            Meter.Usage usage = meter.stop();
            Map<Metric, Double> measures = new EnumMap<>(Metric.class);
            measures.put(Metric.OPERATIONS, operations / seconds);
            measures.put(Metric.SERVER_CPU, usage.server().toNanos() / MEGABYTE / operations);
            measures.put(Metric.PSS, usage.peak().pss() / MEGABYTE);
            return measures;
        }
    }

    private static void create(ImapClient client) throws IOException {
        if (client.ask("LIST \"\" Copies") == 0) {
            client.ask("CREATE Copies");
        }
    }

    private static Map<Metric, Double> fanOut(Contender contender, int listeners)
            throws IOException {
        List<ImapClient> idle = idle(contender, listeners);
        CountDownLatch heard = new CountDownLatch(listeners);
        for (ImapClient client : idle) {
            Thread.startVirtualThread(() -> hear(client, heard));
        }
        try (ImapClient writer = ImapClient.loggedIn(contender.ports().imap(), OWNER)) {
            String text = message();
            long begin = System.nanoTime();
            writer.ask("APPEND INBOX {" + text.length() + "+}\r\n" + text);
            if (!heard.await(1, TimeUnit.MINUTES)) {
                throw new IOException(heard.getCount() + " did not hear of it");
            }
            return Map.of(Metric.HEARD, (System.nanoTime() - begin) / 1e6);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            close(idle);
        }
    }

    private static void hear(ImapClient client, CountDownLatch heard) {
        try {
            client.hear("EXISTS");
            heard.countDown();
        } catch (IOException e) {
            return; // the latch tells that it did not
        }
    }

    private static List<ImapClient> idle(Contender contender, int count) throws IOException {
        List<ImapClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ImapClient client = ImapClient.loggedIn(contender.ports().imap(), OWNER);
            clients.add(client);
            client.ask("SELECT INBOX");
            client.idle();
        }
        return clients;
    }

    private static void close(List<ImapClient> clients) throws IOException {
        for (ImapClient client : clients) {
            client.close();
        }
    }

    private static Map<Metric, Double> hold(Contender contender, int count) throws IOException {
        // Started anew, because memory that was left free would hide this crowd's.
        contender.close();
        contender.start();
        ProcessTree tree = contender.tree();
        long heapBefore = JavaHeap.liveBytes(tree);
        ProcessTree.Memory before = tree.memory();
        List<ImapClient> clients = idle(contender, count);
        try {
            ProcessTree.Memory after = tree.memory();
            long heap = JavaHeap.liveBytes(tree);
            Map<Metric, Double> measures = new EnumMap<>(Metric.class);
            measures.put(Metric.CONNECTIONS, (double) count);
            if (heap > 0) {
                measures.put(Metric.HEAP_EACH, (heap - heapBefore) / KILOBYTE / count);
            }
            measures.put(Metric.PSS_EACH, (after.pss() - before.pss()) / KILOBYTE / count);
            measures.put(Metric.RSS_EACH, (after.rss() - before.rss()) / KILOBYTE / count);
            return measures;
        } finally {
            close(clients);
        }
    }
}
