package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Thousands of clients that have been greeted and say nothing. */
final class IdleScenario implements Scenario {
    // A Postfix client costs a process: ten thousand of them do not fit into an ordinary machine.
    private static final int POSTFIX_CONNECTIONS = 1000;
    private static final int PROBES = 100;
    private static final double KILOBYTE = 1e3;

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        Contender portolan = stage.portolan();
        Contender dovecot = stage.dovecot("sdbox");
        Contender postfix =
                stage.add(
                        "Postfix",
                        List.of(Program.POSTFIX),
                        Map.of("PROCESSES", Integer.toString(POSTFIX_CONNECTIONS + 100)));
        portolan.open();
        dovecot.open();
        postfix.open();
        int many = options.idle();
        int few = Math.min(many, POSTFIX_CONNECTIONS);
        Program.Door ours = new Program.Door(portolan.ports().pop3(), false);
        Program.Door theirs = new Program.Door(dovecot.ports().pop3(), false);
        Results clear = compare(portolan, ours, many, dovecot, theirs, many);
        ours = new Program.Door(portolan.ports().pop3s(), true);
        theirs = new Program.Door(dovecot.ports().pop3s(), true);
        Results tls = compare(portolan, ours, many, dovecot, theirs, many);
        ours = new Program.Door(portolan.ports().smtp(), false);
        theirs = new Program.Door(postfix.ports().smtp(), false);
        Results smtp = compare(portolan, ours, many, postfix, theirs, few);

        String explanation =
                "Connected, greeted, silent; %d of them are then asked to prove that they live."
                        .formatted(PROBES);
        return List.of(
                new Section("Idle POP3 connections", explanation, clear.table()),
                new Section("Idle POP3 connections, over TLS", explanation, tls.table()),
                new Section(
                        "Idle SMTP connections",
                        explanation + " Postfix has a process for each, so it holds fewer.",
                        smtp.table()));
    }

    private static Results compare(
            Contender portolan,
            Program.Door ours,
            int many,
            Contender peer,
            Program.Door theirs,
            int peerCount)
            throws IOException {
        Results results = new Results(List.of(portolan, peer));
        results.add(portolan, hold(portolan, ours, many));
        results.add(peer, hold(peer, theirs, peerCount));
        return results;
    }

    private static Map<Metric, Double> hold(Contender contender, Program.Door door, int count)
            throws IOException {
        // Started anew, because memory that an earlier crowd has left free would hide this one's.
        contender.close();
        contender.start();
        ProcessTree tree = contender.tree();
        long heapBefore = JavaHeap.liveBytes(tree);
        ProcessTree.Memory before = tree.memory();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        try (IdleConnections idle = new IdleConnections(door)) {
            long begin = System.nanoTime();
            for (int number = 0; number < count; number++) {
                idle.open();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            // Memory is read before the collection that counts live objects moves them about.
            ProcessTree.Memory after = tree.memory();
            long heap = JavaHeap.liveBytes(tree);
            long newcomer = System.nanoTime();
            idle.open();
            Duration greeting = Duration.ofNanos(System.nanoTime() - newcomer);
            idle.probe(Math.max(1, count / PROBES), "NOOP\r\n");

            measures.put(Metric.CONNECTIONS, (double) count);
            measures.put(Metric.OPENING, count / seconds);
            if (heap > 0) {
                measures.put(Metric.HEAP_EACH, (heap - heapBefore) / KILOBYTE / count);
            }
            measures.put(Metric.PSS_EACH, (after.pss() - before.pss()) / KILOBYTE / count);
            measures.put(Metric.RSS_EACH, (after.rss() - before.rss()) / KILOBYTE / count);
            measures.put(Metric.NEWCOMER, greeting.toNanos() / 1e6);
        }
        System.err.println("idle, " + contender.name() + ", port " + door.port() + ": " + measures);
        return measures;
    }
}
