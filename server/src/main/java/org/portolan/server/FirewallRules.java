package org.portolan.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;
import org.portolan.stores.PrivateFiles;

/**
 * The firewall's rules: first those that verbs made, kept in {@code DATA/firewall.rules}, one on a
 * line, then those of the settings.
 */
final class FirewallRules {
    private static final String OF_VERBS = "firewall.rules";
    private static final String OF_SETTINGS = "portolan.toml";
    private static final String HEAD =
            "# Rules that `portolan expose`, `hide` and `firewall` made; they come before those of"
                    + " portolan.toml.\n";

    private final Path file;
    private List<Rule> ofVerbs;
    private Firewall current = Firewall.of(Map.of(), null);

    /**
     * Reads {@code folder}'s file.
     *
     * @throws IOException also when a line is no rule: to serve without it would let others in
     */
    FirewallRules(Path folder) throws IOException {
        file = folder.resolve(OF_VERBS);
        ofVerbs = read();
    }

    private List<Rule> read() throws IOException {
        List<Rule> rules = new ArrayList<>();
        if (!Files.exists(file)) {
            return rules;
        }
        int number = 0;
        for (String line : Files.readAllLines(file, UTF_8)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                rules.add(Rule.of(line));
            } catch (IllegalArgumentException e) {
                throw new IOException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
            }
        }
        return rules;
    }

    /** Reads the file again, in case somebody has written in it. */
    synchronized void reload() throws IOException {
        ofVerbs = read();
    }

    synchronized List<Rule> ofVerbs() {
        return List.copyOf(ofVerbs);
    }

    /** Keeps {@code rules} as those that verbs made. */
    synchronized void keep(List<Rule> rules) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        rules.forEach(rule -> text.append(rule).append('\n'));
        PrivateFiles.write(file, text.toString().getBytes(UTF_8));
        ofVerbs = List.copyOf(rules);
    }

    /** What counts now. */
    synchronized Firewall current() {
        return current;
    }

    /** All rules as one firewall; a rule that was there before goes on counting. */
    synchronized Firewall with(List<Rule> ofSettings) {
        current = would(ofVerbs, ofSettings);
        return current;
    }

    /** What a reload would make of the file of verbs and these rules. */
    synchronized Firewall wouldBe(List<Rule> ofSettings) throws IOException {
        return would(read(), ofSettings);
    }

    /** The same with other rules, and without any consequence. */
    synchronized Firewall would(List<Rule> madeByVerbs, List<Rule> ofSettings) {
        Map<String, List<Rule>> written = new LinkedHashMap<>();
        written.put(OF_VERBS, madeByVerbs);
        written.put(OF_SETTINGS, ofSettings);
        return Firewall.of(written, current);
    }
}
