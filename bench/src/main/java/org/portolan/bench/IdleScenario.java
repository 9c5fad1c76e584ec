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

        Results pop3 = new Results(List.of(portolan, dovecot));
        pop3.add(portolan, hold(portolan, portolan.ports().pop3(), many));
        pop3.add(dovecot, hold(dovecot, dovecot.ports().pop3(), many));
        Results smtp = new Results(List.of(portolan, postfix));
        smtp.add(portolan, hold(portolan, portolan.ports().smtp(), many));
        int few = Math.min(many, POSTFIX_CONNECTIONS);
        smtp.add(postfix, hold(postfix, postfix.ports().smtp(), few));

        String explanation =
                "Connected, greeted, silent; %d of them are then asked to prove that they live."
                        .formatted(PROBES);
        return List.of(
                new Section("Idle POP3 connections", explanation, pop3.table()),
                new Section(
                        "Idle SMTP connections",
                        explanation + " Postfix has a process for each, so it holds fewer.",
                        smtp.table()));
    }

    private static Map<Metric, Double> hold(Contender contender, int port, int count)
            throws IOException {
        // The classes, buffers and processes that the first clients need are no client's cost.
        try (IdleConnections first = new IdleConnections()) {
            first.open(port);
        }
        ProcessTree tree = contender.tree();
        long heapBefore = JavaHeap.liveBytes(tree);
        ProcessTree.Memory before = tree.memory();
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        try (IdleConnections idle = new IdleConnections()) {
            long begin = System.nanoTime();
            for (int number = 0; number < count; number++) {
                idle.open(port);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            // Memory is read before the collection that counts live objects moves them about.
            ProcessTree.Memory after = tree.memory();
            long heap = JavaHeap.liveBytes(tree);
            long newcomer = System.nanoTime();
            idle.open(port);
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
        System.err.println("idle, " + contender.name() + ", port " + port + ": " + measures);
        return measures;
    }
}
