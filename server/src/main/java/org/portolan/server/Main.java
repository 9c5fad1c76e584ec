package org.portolan.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.admin.CommandLineClient;
import org.portolan.kernel.Shown;

/**
 * {@code serve}, {@code share} and {@code check} run here; every other verb asks the server that is
 * running.
 */
public final class Main {
    /** What follows the verb. Read by hand: picocli would cost a start a tenth of a second. */
    private record Options(Path data, Optional<Path> config, boolean sample) {
        private static final Path USUAL_DATA = Path.of("portolan-data");

        /** Empty if the words are no options of {@code verb}, or ask for help. */
        static Optional<Options> of(String verb, List<String> words) {
            Path data = USUAL_DATA;
            @Nullable Path config = null;
            boolean sample = false;
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                int equals = word.indexOf('=');
                String name = equals < 0 ? word : word.substring(0, equals);
                if (name.equals("--sample") && equals < 0 && verb.equals("check")) {
                    sample = true;
                    continue;
                }
                boolean known = name.equals("--data") || name.equals("--config");
                if (!known || (equals < 0 && i + 1 == words.size())) {
                    return Optional.empty();
                }
                String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
                if (name.equals("--config")) {
                    config = Path.of(value);
                } else if (value.isEmpty()) {
                    return Optional.empty();
                } else {
                    data = Path.of(value);
                }
            }
            return Optional.of(new Options(data, Optional.ofNullable(config), sample));
        }

        Path configOrUsual() {
            return config.orElse(Path.of("portolan.toml"));
        }
    }

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
        if (verb.equals("share")) {
            return share(argv, out, err);
        }
        if (!verb.equals("serve") && !verb.equals("check")) {
            return CommandLineClient.run(argv.toArray(String[]::new), System.in, out, err);
        }
        Optional<Options> read = Options.of(verb, argv.subList(1, argv.size()));
        if (read.isEmpty()) {
            return CommandLineClient.explain(argv, out, err);
        }
        Options options = read.get();
        if (options.config().isPresent() && !Files.exists(options.config().get())) {
            err.println("portolan: there are no settings at " + options.config().get());
            return 1;
        }
        return verb.equals("serve")
                ? new Serving(options.data(), options.configOrUsual(), utf8(out), err).run()
                : Checking.run(options.configOrUsual(), options.sample(), utf8(out), err);
    }

    private static int share(List<String> argv, PrintStream out, PrintStream err) {
        try {
            Optional<ShareOptions> options = ShareOptions.of(argv.subList(1, argv.size()));
            return options.isPresent()
                    ? new Sharing(options.get(), utf8(out), err).run()
                    : CommandLineClient.explain(argv, out, err);
        } catch (IllegalArgumentException e) {
            err.println("portolan: " + Shown.of(String.valueOf(e.getMessage())));
            return 2;
        }
    }

    private static PrintStream utf8(PrintStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }
}
