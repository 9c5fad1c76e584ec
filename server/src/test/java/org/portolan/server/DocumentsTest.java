package org.portolan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.portolan.admin.CommandLineClient;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Service;

/** Keeps the documents true: what they list is what there is, no more and no less. */
class DocumentsTest {
    private static final Path ROOT = root();
    private static final int USUAL_OFFSET = 10_000;

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("portolan"))) {
            here = here.getParent();
        }
        return here;
    }

    private static String read(String document) throws IOException {
        return Files.readString(ROOT.resolve(document));
    }

    // ---- README.md: the table of services and the commands below it

    private record Served(Service service, PortDoor door) {}

    private static List<Served> served() {
        Services all = Services.read(SettingsFile.empty());
        // the stores are asked for nothing here
        var materials =
                new Services.Materials(
                        "any.example",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Clock.SYSTEM);
        return all.make(materials).stream()
                .flatMap(
                        service ->
                                service.doors().stream()
                                        .map(door -> new Served(service, (PortDoor) door)))
                .toList();
    }

    @Test
    void theTableOfServicesIsWhatIsServed() throws IOException {
        List<String> rows =
                read("README.md")
                        .lines()
                        .filter(line -> line.matches("\\| [0-9]+/(tcp|udp) \\|.*"))
                        .toList();
        List<String> expected = served().stream().map(DocumentsTest::beginningOfRow).toList();
        assertThat(rows.stream().map(row -> row.replaceAll("^((\\|[^|]*){4}\\|).*", "$1")).toList())
                .as("the table of services in README.md")
                .isEqualTo(expected);
        for (int i = 0; i < rows.size(); i++) {
            String folder = served().get(i).service().getClass().getPackageName().replace('.', '/');
            assertThat(rows.get(i)).contains(folder + "/package-info.java");
        }
    }

    private static String beginningOfRow(Served served) {
        var port = served.door().port();
        String tls =
                switch (served.door().tls()) {
                    case NEVER -> "never";
                    case UPGRADE -> "on request";
                    case AT_ONCE -> "at once";
                    case OWN -> "its own";
                };
        return "| %d/%s | %d | %s | %s |"
                .formatted(
                        port.number() + USUAL_OFFSET,
                        served.door().transport(),
                        port.number(),
                        port.name(),
                        tls);
    }

    @Test
    void theCommandsToPasteAreThoseThatServePrints() throws IOException {
        List<String> commands =
                served().stream()
                        .map(
                                served ->
                                        served.door()
                                                .usage()
                                                .replace("{host}", "localhost")
                                                .replace("{port}", port(served))
                                                .replace("{ca}", "portolan-data/ca.pem")
                                                .replace("{account}", FirstRun.ACCOUNT)
                                                .replace("{domain}", "portolan.localhost"))
                        .toList();
        assertThat(read("README.md")).contains(String.join("\n", commands) + "\n");
    }

    private static String port(Served served) {
        return Integer.toString(served.door().port().number() + USUAL_OFFSET);
    }

    @Test
    void everyServiceThatIsListedHasRealClientsAndAManualPageThatSaysWhatItLacks()
            throws IOException {
        for (Served served : served()) {
            String name = served.service().name();
            try (Stream<Path> cases = Files.list(ROOT.resolve("interop/cases"))) {
                assertThat(cases.map(file -> file.getFileName().toString()))
                        .as("cases with real clients of " + name)
                        .anyMatch(file -> file.startsWith(name + "-"));
            }
            String folder = served.service().getClass().getPackageName().replace('.', '/');
            String family = folder.split("/")[2];
            String page =
                    "services/%s/src/main/java/%s/package-info.java".formatted(family, folder);
            assertThat(read(page)).contains("What it speaks").contains("What it does not do");
        }
    }

    // ---- docs/manual.md: every setting, every verb, every metric

    @Test
    void theManualExplainsEverySettingWithItsDefault() throws IOException {
        String manual = read("docs/manual.md");
        List<String> missing = new ArrayList<>();
        String section = "";
        for (String line : SettingsFile.sample().lines().toList()) {
            Matcher head = Pattern.compile("\\[(\\w+)]").matcher(line);
            Matcher setting = Pattern.compile("(?:# )?(\\w+) = (.*)").matcher(line);
            if (head.matches()) {
                section = head.group(1) + ".";
            } else if (setting.matches()) {
                String row =
                        "| `%s%s` | `%s` |".formatted(section, setting.group(1), setting.group(2));
                if (!manual.contains(row)) {
                    missing.add(row);
                }
            }
        }
        assertThat(missing)
                .as("rows that docs/manual.md lacks in its tables of settings")
                .isEmpty();
    }

    @Test
    void theManualKnowsNoSettingThatIsNotThere() throws IOException {
        Set<String> known = new TreeSet<>();
        String section = "";
        for (String line : SettingsFile.sample().lines().toList()) {
            Matcher head = Pattern.compile("\\[(\\w+)]").matcher(line);
            Matcher setting = Pattern.compile("(?:# )?(\\w+) = .*").matcher(line);
            if (head.matches()) {
                section = head.group(1) + ".";
            } else if (setting.matches()) {
                known.add(section + setting.group(1));
            }
        }
        Matcher rows =
                Pattern.compile("(?m)^\\| `([a-z0-9_.]+)` \\| `[^`]*` \\|")
                        .matcher(read("docs/manual.md"));
        assertThat(rows.results().map(row -> row.group(1)).toList()).isSubsetOf(known);
    }

    @Test
    void theManualShowsEveryVerb() throws IOException {
        String manual = read("docs/manual.md");
        List<String> verbs = new ArrayList<>();
        for (String verb : verbsIn("help")) {
            List<String> inner = verbsIn("help", verb);
            verbs.addAll(
                    inner.isEmpty()
                            ? List.of(verb)
                            : inner.stream().map(v -> verb + " " + v).toList());
        }
        assertThat(verbs).contains("serve", "account add", "stop");
        assertThat(verbs.stream().filter(verb -> !manual.contains("portolan " + verb)).toList())
                .as("verbs that docs/manual.md does not show")
                .isEmpty();
    }

    /** The words that a help page lists below "Verbs:". */
    private static List<String> verbsIn(String... words) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(page, true, UTF_8);
        CommandLineClient.run(words, InputStream.nullInputStream(), out, out);
        return page.toString(UTF_8)
                .lines()
                .dropWhile(line -> !line.equals("Verbs:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    @Test
    void theManualNamesEveryMetricOfTheKernel() throws IOException {
        String manual = read("docs/manual.md");
        String source = read("kernel/src/main/java/org/portolan/kernel/Metrics.java");
        List<String> names =
                Pattern.compile("\"(portolan_\\w+)\"")
                        .matcher(source)
                        .results()
                        .map(m -> m.group(1))
                        .toList();
        assertThat(names).hasSizeGreaterThan(5);
        assertThat(names.stream().filter(name -> !manual.contains(name)).toList())
                .as("metrics that docs/manual.md does not name")
                .isEmpty();
    }

    // ---- docs/rfc/index.md, and the links of all documents

    @Test
    void everyRfcThatTheCodeObeysIsInTheIndex() throws IOException {
        String index = read("docs/rfc/index.md");
        Set<String> missing = new TreeSet<>();
        for (Source source : Source.below(ROOT)) {
            if (!source.test()) {
                Matcher rfc = Pattern.compile("RFC (\\d{3,5})").matcher(source.text());
                while (rfc.find()) {
                    if (!index.contains("[" + rfc.group(1) + "](")) {
                        missing.add(rfc.group(1) + " of " + source.fileName());
                    }
                }
            }
        }
        assertThat(missing).as("RFCs without a row in docs/rfc/index.md").isEmpty();
    }

    @Test
    void linksBetweenDocumentsLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (String document :
                List.of(
                        "README.md",
                        "ARCHITECTURE.md",
                        "STYLE.md",
                        "CONTRIBUTING.md",
                        "CHANGELOG.md",
                        "dist/README.md",
                        "interop/README.md",
                        "docs/manual.md",
                        "docs/clients.md",
                        "docs/rfc/index.md",
                        "docs/threat-model.md",
                        "docs/benchmarks.md")) {
            Path file = ROOT.resolve(document);
            Matcher links =
                    Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(file));
            while (links.find()) {
                if (!Files.exists(file.resolveSibling(links.group(1)))) {
                    broken.add(document + " -> " + links.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }
}
