package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the numbers were measured on, in words that name nobody's machine. */
final class Machine {
    private Machine() {}

    static String describe(Path work) throws IOException {
        long memory = kilobytes("MemTotal:") / 1_000_000;
        return "%d cores (%s), %d GB of memory, Linux %s, %s, JDK %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        memory,
                        System.getProperty("os.version").replaceAll("-.*", ""),
                        Files.getFileStore(work).type(),
                        Runtime.version());
    }

    private static String processor() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return System.getProperty("os.arch");
    }

    private static long kilobytes(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/meminfo has no " + key);
    }

    /** What all processors have worked since the start, the kernel's own work included. */
    static Duration cpu() throws IOException {
        // proc_stat(5): "cpu", then ticks of user, nice, system, idle, iowait, irq, softirq, …
        String[] columns = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
        long ticks = 0;
        for (int column : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(columns[column]);
        }
        return ProcessTree.TICK.multipliedBy(ticks);
    }

    /** Whether an fsync there reaches a disk. */
    static boolean isOnDisk(Path folder) throws IOException {
        String type = Files.getFileStore(folder).type();
        return !type.equals("tmpfs") && !type.equals("ramfs");
    }
}
