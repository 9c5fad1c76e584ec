package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/benchmarks.md, whose text is written by hand and whose tables are not. */
record Document(Path file) {
    /** Replaces what stands between the two marks of a scenario. */
    void replace(String scenario, String markdown) throws IOException {
        String begin = "<!-- bench/run " + scenario + " --write: begin -->\n";
        String end = "<!-- bench/run " + scenario + " --write: end -->";
        String text = Files.readString(file);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(file + " lacks the marks for " + scenario);
        }
        String before = text.substring(0, from + begin.length());
        Files.writeString(file, before + "\n" + markdown.strip() + "\n\n" + text.substring(to));
    }
}
