package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs scenarios one after the other and prints their tables. Started by bench/run. */
public final class Bench {
    private Bench() {}

    /** The folder bench/ stands in the system property {@code bench}. */
    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        if (!Machine.isOnDisk(options.work())) {
            System.err.println("bench/run: --work must be on a disk, or fsync measures nothing");
            System.exit(2);
        }
        Path bench = Path.of(System.getProperty("bench", "bench")).toAbsolutePath();
        Document document = new Document(bench.resolveSibling("docs").resolve("benchmarks.md"));
        for (String name : options.scenarios()) {
            String markdown = play(name, bench, options);
            System.out.println(markdown);
            if (options.write()) {
                document.replace(name, markdown);
            }
        }
    }

    private static String play(String name, Path bench, Options options) throws IOException {
        Stage stage = new Stage(bench, options.work());
        // After an interrupt; an ordinary end has cleared it before.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> clear(stage), "clear the stage"));
        try (stage) {
            List<Section> sections = scenario(name).run(stage, options);
            String tables =
                    sections.stream().map(Section::markdown).collect(Collectors.joining("\n"));
            return preface(name, stage, options) + "\n" + tables;
        }
    }

    private static Scenario scenario(String name) {
        return switch (name) {
            case "smtp" -> new SmtpScenario();
            case "pop3" -> new Pop3Scenario();
            case "imap" -> new ImapScenario();
            case "startup" -> new StartupScenario();
            case "idle" -> new IdleScenario();
            case "dns" -> new DnsScenario();
            case "zone-load" -> new ZoneLoadScenario();
            case "ntp" -> new NtpScenario();
            case "ftp" -> new FtpScenario();
            case "tftp" -> new TftpScenario();
            case "ssh" -> new SshScenario();
            case "verdict" -> new VerdictScenario();
            case "storm" -> new StormScenario();
            case "peers" -> new PeersScenario();
            default -> throw new IllegalArgumentException("no scenario " + name);
        };
    }

    private static String preface(String name, Stage stage, Options options) throws IOException {
        Set<String> versions = new LinkedHashSet<>();
        for (Contender contender : stage.contenders()) {
            versions.add(contender.version());
        }
        return "`%s`  \n%s  \n%s.\n"
                .formatted(
                        options.command(name),
                        Machine.describe(stage.work()),
                        String.join(", ", versions));
    }

    private static void clear(Stage stage) {
        try {
            stage.close();
        } catch (IOException e) {
            System.err.println("bench/run: " + e.getMessage());
        }
    }
}
