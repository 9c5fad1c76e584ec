package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Watches a process tree during one round. */
final class Meter {
    /**
     * What was used in the round.
     *
     * @param server by the server
     * @param load by the load generator with all it started
     * @param rest by the whole machine, less the load generator
     */
    record Usage(Duration server, Duration load, Duration rest, ProcessTree.Memory peak) {
        /** Notes the CPU of each operation, in milliseconds, and the memory at its peak, in MB. */
        void into(Map<Metric, Double> measures, long operations) {
            measures.put(Metric.SERVER_CPU, server.toNanos() / MILLION / operations);
            measures.put(Metric.LOAD_CPU, load.toNanos() / MILLION / operations);
            measures.put(Metric.PSS, peak.pss() / MILLION);
            measures.put(Metric.RSS, peak.rss() / MILLION);
        }
    }

    private static final double MILLION = 1e6;

    // Reading the memory of a hundred processes costs milliseconds: seldom enough not to matter.
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(1);
    // Work that goes on after the last answer belongs to the round.
    private static final Duration AFTERWARDS = Duration.ofMillis(500);

    private final ProcessTree tree;
    private final Duration serverBefore;
    private final Duration loadBefore;
    private final Duration machineBefore;
    private final Thread sampler;
    private volatile ProcessTree.Memory peak = ProcessTree.Memory.NONE;

    private Meter(ProcessTree tree) throws IOException {
        this.tree = tree;
        this.serverBefore = tree.cpu();
        this.loadBefore = ProcessTree.cpuOf(ProcessHandle.current().pid());
        this.machineBefore = Machine.cpu();
        this.sampler = Thread.ofPlatform().daemon().name("memory sampler").unstarted(this::sample);
    }

    static Meter start(ProcessTree tree) throws IOException {
        Meter meter = new Meter(tree);
        meter.sampler.start();
        return meter;
    }

    private void sample() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_SAMPLES);
                peak = peak.max(tree.memory());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Usage stop() throws IOException {
        sampler.interrupt();
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Duration load = ProcessTree.cpuOf(ProcessHandle.current().pid()).minus(loadBefore);
        Duration rest = Machine.cpu().minus(machineBefore).minus(load);
        Command.pause(AFTERWARDS);
        return new Usage(tree.cpu().minus(serverBefore), load, rest, peak.max(tree.memory()));
    }
}
