package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts, under strace, how often a server asks the system to put something on the disk. */
final class SyncCalls {
    private static final List<String> CALLS =
            List.of("fsync", "fdatasync", "sync_file_range", "syncfs", "sync", "msync");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private SyncCalls() {}

    interface Work {
        void run() throws IOException;
    }

    /** How many calls the tree, with the children it starts meanwhile, makes during the work. */
    static long during(ProcessTree tree, Path folder, Work work) throws IOException {
        Path summary = folder.resolve("strace.summary");
        List<String> command = new ArrayList<>();
        command.addAll(List.of("strace", "-f", "-c", "-o", summary.toString()));
        command.addAll(List.of("-e", "trace=" + String.join(",", CALLS)));
        List<ProcessHandle> processes = tree.processes();
        processes.forEach(each -> command.addAll(List.of("-p", Long.toString(each.pid()))));
        Path said = folder.resolve("strace.out");
        Process strace =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            awaitAttached(said, processes.size());
            work.run();
        } finally {
            strace.destroy();
            Command.awaitExit(strace, LIMIT);
        }
        return sum(summary);
    }

    /** strace says "Process n attached" for each, and the same of threads and children later. */
    private static void awaitAttached(Path said, int processes) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long attached = 0;
        while (attached < processes) {
            if (System.nanoTime() > deadline) {
                throw new IOException("strace could not attach: " + Files.readString(said));
            }
            Command.pause(Duration.ofMillis(50));
            attached = Files.readAllLines(said).stream().filter(SyncCalls::isAttached).count();
        }
    }

    private static boolean isAttached(String line) {
        return line.contains("attached");
    }

    /** Lines as in "100.00 0.076541 76 1000 fsync", the fourth column being the calls. */
    private static long sum(Path summary) throws IOException {
        long sum = 0;
        for (String line : Files.readAllLines(summary)) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length >= 5 && CALLS.contains(columns[columns.length - 1])) {
                sum += Long.parseLong(columns[3]);
            }
        }
        return sum;
    }
}
