package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What some processes and all their descendants use, read from /proc. */
record ProcessTree(List<Long> roots) {
    /** Both in bytes. PSS counts a page that n processes share as 1/n in each. */
    record Memory(long pss, long rss) {
        static final Memory NONE = new Memory(0, 0);

        Memory plus(Memory other) {
            return new Memory(pss + other.pss, rss + other.rss);
        }

        Memory max(Memory other) {
            return new Memory(Math.max(pss, other.pss), Math.max(rss, other.rss));
        }
    }

    /** The kernel's clock tick for user space, the same on every architecture Java runs on. */
    private static final Duration TICK = Duration.ofMillis(10);

    // proc_pid_stat(5): fields 14 to 17 are utime, stime and those of children waited for. The
    // name in field 2 may hold spaces, so fields are counted after its closing bracket.
    private static final int UTIME_AFTER_NAME = 11;

    List<ProcessHandle> processes() {
        List<ProcessHandle> all = new ArrayList<>();
        for (long root : roots) {
            Optional<ProcessHandle> handle = ProcessHandle.of(root);
            handle.ifPresent(all::add);
            handle.ifPresent(found -> found.descendants().forEach(all::add));
        }
        return all;
    }

    /** User and system time of the living and of every child that one of them has waited for. */
    Duration cpu() {
        long ticks = 0;
        for (ProcessHandle process : processes()) {
            ticks += ticksOf(process.pid());
        }
        return TICK.multipliedBy(ticks);
    }

    static Duration cpuOf(long pid) {
        return TICK.multipliedBy(ticksOf(pid));
    }

    private static long ticksOf(long pid) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int field = UTIME_AFTER_NAME; field < UTIME_AFTER_NAME + 4; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks;
    }

    Memory memory() {
        Memory sum = Memory.NONE;
        for (ProcessHandle process : processes()) {
            sum = sum.plus(memoryOf(process.pid()));
        }
        return sum;
    }

    private static Memory memoryOf(long pid) {
        long pss = 0;
        long rss = 0;
        for (String line : read(pid, "smaps_rollup").split("\n", -1)) {
            if (line.startsWith("Pss:")) {
                pss = kilobytes(line);
            } else if (line.startsWith("Rss:")) {
                rss = kilobytes(line);
            }
        }
        return new Memory(pss, rss);
    }

    private static long kilobytes(String line) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Empty when the process has gone meanwhile, or is a zombie, which has no memory to show. */
    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            return "";
        }
    }
}
