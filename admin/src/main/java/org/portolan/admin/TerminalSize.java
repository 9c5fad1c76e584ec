package org.portolan.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the terminal is that the process was started from.
 *
 * @param columns how wide; {@link AdminRequest#USUAL_COLUMNS} without one
 * @param rows how high; 0 without one
 */
record TerminalSize(int columns, int rows) {
    private static final Pattern ROWS_AND_COLUMNS =
            Pattern.compile("([0-9]{1,4}) ([0-9]{1,4})\\s*");

    /** As the launcher found it. */
    static TerminalSize atStart() {
        String columns = System.getenv("COLUMNS");
        String rows = System.getenv("LINES");
        return new TerminalSize(
                columns != null && columns.matches("[0-9]{2,3}")
                        ? Math.max(AdminRequest.LEAST_COLUMNS, Integer.parseInt(columns))
                        : AdminRequest.USUAL_COLUMNS,
                rows != null && rows.matches("[0-9]{1,4}") ? Integer.parseInt(rows) : 0);
    }

    /** As it is now; the same where there is none, or nothing tells. */
    TerminalSize now() {
        if (rows == 0) {
            return this;
        }
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            Matcher said =
                    ROWS_AND_COLUMNS.matcher(
                            new String(stty.getInputStream().readAllBytes(), US_ASCII));
            return said.matches()
                    ? new TerminalSize(
                            Integer.parseInt(said.group(2)), Integer.parseInt(said.group(1)))
                    : this;
        } catch (IOException e) { // no stty, or no terminal any more
            return this;
        }
    }
}
