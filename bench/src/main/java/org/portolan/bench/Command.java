package org.portolan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short-lived programs, never waited for without end. */
final class Command {
    private Command() {}

    /** Runs to success or throws with what the program said. */
    static String run(ProcessBuilder builder, Duration limit) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        Thread watch = Thread.startVirtualThread(() -> killLate(process, limit));
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        int status = awaitExit(process, limit);
        watch.interrupt();
        if (status != 0) {
            throw new IOException(builder.command() + " ended with " + status + ": " + said);
        }
        return said;
    }

    static String output(List<String> command) throws IOException {
        return run(new ProcessBuilder(command), Duration.ofMinutes(1));
    }

    private static void killLate(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The exit status; a program that outlives the limit is killed. */
    static int awaitExit(Process process, Duration limit) throws IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted while waiting for " + process.info(), e);
        }
    }

    static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
