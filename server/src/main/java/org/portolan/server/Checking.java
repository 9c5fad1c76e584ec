package org.portolan.server;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code portolan check}: says whether the settings can be used, without using them. */
final class Checking {
    private Checking() {}

    static int run(Path config, boolean sample, PrintStream out, PrintStream err) {
        if (sample) {
            out.print(SettingsFile.sample());
            return 0;
        }
        if (!Files.exists(config)) {
            out.println(config + " is not there: the defaults are used");
            return 0;
        }
        List<String> problems;
        try {
            problems = Configuration.read(config).problems();
        } catch (IOException e) {
            problems = List.of("cannot be read: " + Serving.why(e));
        }
        for (String problem : problems) {
            err.println(config + ": " + problem);
        }
        if (problems.isEmpty()) {
            out.println(config + " can be used");
        }
        return problems.isEmpty() ? 0 : 1;
    }
}
