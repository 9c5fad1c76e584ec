package org.portolan.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** How far long work has come, on one line of a terminal that is written again and again. */
final class Progress {
    private static final long STEP = Duration.ofMillis(250).toNanos();

    private final PrintStream err;
    private final boolean watched;
    private final String what;
    private final long begun = System.nanoTime();
    private long shownAt = begun;
    private int shownWidth;

    /**
     * Of {@code what}, shown on {@code err}.
     *
     * @param watched whether somebody sees it; otherwise nothing is shown
     */
    Progress(PrintStream err, boolean watched, String what) {
        this.err = err;
        this.watched = watched;
        this.what = what;
    }

    /** Whether standard error is a terminal, also where standard output is none. */
    static boolean isWatched() {
        try {
            String leads = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return leads.startsWith("/dev/pts/") || leads.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    /** {@code done} of {@code total} bytes are there; a total of nought is not known. */
    void at(long done, long total) {
        long now = System.nanoTime();
        if (watched && now - shownAt > STEP) {
            shownAt = now;
            show(line(what, done, total, Duration.ofNanos(now - begun)));
        }
    }

    static String line(String what, long done, long total, Duration since) {
        long rate = done * 1000 / Math.max(1, since.toMillis());
        String speed = Words.bytes(done) + ", " + Words.bytes(rate) + "/s";
        return total > 0
                ? String.format(
                        Locale.ROOT, "%s: %d %%, %s", what, Math.min(99, done * 100 / total), speed)
                : what + ": " + speed;
    }

    private void show(String line) {
        err.print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
        err.flush();
        shownWidth = line.length();
    }

    /** Leaves the line empty for what comes next. */
    void end() {
        if (shownWidth > 0) {
            show("");
            err.print("\r");
            err.flush();
        }
    }
}
