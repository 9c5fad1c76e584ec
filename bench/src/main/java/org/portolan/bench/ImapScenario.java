package org.portolan.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A large mailbox filled, read, searched and changed; many that wait for news of it. */
final class ImapScenario implements Scenario {
    private static final double MEGABYTE = 1e6;
    private static final double KILOBYTE = 1e3;
    private static final String OWNER = "u0";
    private static final int LISTENERS = 500;
    private static final int SLEEPERS = 2000;

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
            try (ImapClient client = client(contender)) {
                ImapTrials.fill(client, options.messages());
            }
        }
        List<Section> sections = new ArrayList<>();
        for (ImapTrials.Trial trial : ImapTrials.of(options.messages())) {
            if (trial.title().contains(options.trial())) {
                sections.add(section(trial, contenders, options));
            }
        }
        if ("IDLE".contains(options.trial())) {
            sections.addAll(idleness(contenders, options));
        }
        return sections;
    }

    private static List<Section> idleness(List<Contender> contenders, Options options)
            throws IOException {
        List<Section> sections = new ArrayList<>();
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

    private static Section section(
            ImapTrials.Trial trial, List<Contender> contenders, Options options)
            throws IOException {
        Rounds rounds = new Rounds(options.warmUps(), options.rounds());
        Results results =
                rounds.alternate(
                        trial.title(),
                        contenders,
                        contender -> measure(contender, trial, options.seconds()));
        return new Section(trial.title(), trial.explanation(), results.table());
    }

    private static ImapClient client(Contender contender) throws IOException {
        return ImapClient.loggedIn(contender.ports().imap(), OWNER);
    }

    /** Turn after turn, until the time is over. */
    private static Map<Metric, Double> measure(
            Contender contender, ImapTrials.Trial trial, int seconds) throws IOException {
        List<ImapClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < trial.clients(); i++) {
                ImapClient client = client(contender);
                clients.add(client);
                client.ask("ENABLE QRESYNC");
                client.ask("SELECT INBOX");
            }
            Meter meter = Meter.start(contender.tree());
            long begin = System.nanoTime();
            long operations = work(clients, trial.task(), begin + seconds * 1_000_000_000L);
            double took = (System.nanoTime() - begin) / 1e9;
            Meter.Usage usage = meter.stop();
            Map<Metric, Double> measures = new EnumMap<>(Metric.class);
            measures.put(Metric.OPERATIONS, operations / took);
            measures.put(Metric.SERVER_MICROS, usage.server().toNanos() / KILOBYTE / operations);
            measures.put(Metric.LOAD_MICROS, usage.load().toNanos() / KILOBYTE / operations);
            measures.put(Metric.PSS, usage.peak().pss() / MEGABYTE);
            return measures;
        } finally {
            close(clients);
        }
    }

    private static long work(List<ImapClient> clients, ImapTrials.Task task, long end)
            throws IOException {
        List<CompletableFuture<Long>> done = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            CompletableFuture<Long> one = new CompletableFuture<>();
            done.add(one);
            ImapClient client = clients.get(i);
            int number = i;
            Thread.ofPlatform().daemon().start(() -> turns(client, number, task, end, one));
        }
        long operations = 0;
        for (CompletableFuture<Long> one : done) {
            try {
                operations += one.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        return operations;
    }

    private static void turns(
            ImapClient client,
            int number,
            ImapTrials.Task task,
            long end,
            CompletableFuture<Long> done) {
        try {
            long operations = 0;
            do {
                operations += task.run(client, number);
            } while (System.nanoTime() < end);
            done.complete(operations);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private static Map<Metric, Double> fanOut(Contender contender, int listeners)
            throws IOException {
        List<ImapClient> idle = idle(contender, listeners);
        CountDownLatch heard = new CountDownLatch(listeners);
        for (ImapClient client : idle) {
            Thread.startVirtualThread(() -> hear(client, heard));
        }
        try (ImapClient writer = client(contender)) {
            String text = ImapTrials.message(0);
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
            ImapClient client = client(contender);
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
