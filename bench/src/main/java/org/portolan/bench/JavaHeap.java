package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The live objects of a running JVM, whatever collector it has. */
final class JavaHeap {
    private JavaHeap() {}

    /** Bytes that survive a full collection; empty trees and native programs have none. */
    static long liveBytes(ProcessTree tree) throws IOException {
        for (ProcessHandle process : tree.processes()) {
            if (process.info().command().orElse("").endsWith("/java")) {
                return liveBytes(process.pid());
            }
        }
        return 0;
    }

    /** The histogram's last line is "Total", the objects, the bytes. */
    private static long liveBytes(long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = List.of(jcmd.toString(), Long.toString(pid), "GC.class_histogram");
        String histogram = Command.run(new ProcessBuilder(command), Duration.ofMinutes(2));
        String last = histogram.strip().lines().reduce("", (before, line) -> line);
        String[] columns = last.strip().split("\\s+", -1);
        if (columns.length != 3 || !columns[0].equals("Total")) {
            throw new IOException("jcmd said " + last);
        }
        return Long.parseLong(columns[2]);
    }
}
