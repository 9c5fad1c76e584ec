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
    static final Duration TICK = Duration.ofMillis(10);

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
        Duration sum = Duration.ZERO;
        for (ProcessHandle process : processes()) {
            sum = sum.plus(cpuOf(process.pid()));
        }
        return sum;
    }

    static Duration cpuOf(long pid) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return Duration.ZERO;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        Duration own = ticks(fields, UTIME_AFTER_NAME);
        Duration precise = Duration.ofNanos(firstThread(pid));
        Duration children = ticks(fields, UTIME_AFTER_NAME + 2);
        return children.plus(own.compareTo(precise) > 0 ? own : precise);
    }

    /** Of user and system time, which stand beside each other. */
    private static Duration ticks(String[] fields, int from) {
        return TICK.multipliedBy(Long.parseLong(fields[from]) + Long.parseLong(fields[from + 1]));
    }

    /**
     * Nanoseconds of a process's first thread. Of five hundred processes with one thread each,
     * none may have worked for a whole tick.
     */
    private static long firstThread(long pid) {
        String times = read(pid, "schedstat");
        return times.isEmpty() ? 0 : Long.parseLong(times.substring(0, times.indexOf(' ')));
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
