package org.portolan.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.portolan.admin.CommandLineClient;

/** {@code serve} and {@code check} run here; every other verb asks the server that is running. */
public final class Main {
    private static final String USAGE =
            "usage: portolan serve [--data DIR] [--config FILE]\n"
                    + "       portolan check [--config FILE] [--sample]\n"
                    + "       portolan help";

    private Main() {}

    /**
     * Runs one verb and ends the process with its status.
     *
     * @param argv the verb and what follows it
     */
    public static void main(String[] argv) {
        System.exit(run(List.of(argv), System.out, System.err));
    }

    private static int run(List<String> argv, PrintStream out, PrintStream err) {
        String verb = argv.isEmpty() ? "help" : argv.getFirst();
        boolean ours = verb.equals("serve") || verb.equals("check");
        if (!ours) {
            return CommandLineClient.run(argv.toArray(String[]::new), System.in, out, err);
        }
        Path data = Path.of("portolan-data");
        Path config = Path.of("portolan.toml");
        boolean sample = false;
        for (int i = 1; i < argv.size(); i++) {
            boolean hasValue = i + 1 < argv.size();
            switch (argv.get(i)) {
                case "--data" -> data = Path.of(hasValue ? argv.get(++i) : "");
                case "--config" -> config = Path.of(hasValue ? argv.get(++i) : "");
                case "--sample" -> sample = true;
                case "--help", "-h" -> {
                    return CommandLineClient.run(argv.toArray(String[]::new), System.in, out, err);
                }
                default -> {
                    err.println("portolan: " + verb + " does not know " + argv.get(i));
                    err.println(USAGE);
                    return 2;
                }
            }
        }
        PrintStream utf8 = new PrintStream(out, true, StandardCharsets.UTF_8);
        return verb.equals("serve")
                ? new Serving(data, config, utf8, err).run()
                : Checking.run(config, sample, utf8, err);
    }
}
