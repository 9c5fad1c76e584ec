package org.portolan.admin;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What may stand behind {@code portolan ports}. */
final class PortOptions {
    @Parameters(
            paramLabel = "PORT",
            arity = "0..*",
            description = "443, 53/udp, 6000-6100, or a name: imap, rdp.")
    private List<String> questions = List.of();

    @Option(names = "--all", description = "Every port that something is known about.")
    private boolean all;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    List<String> questions() {
        return questions;
    }

    boolean all() {
        return all;
    }

    boolean json() {
        return json;
    }

    /** Whether the question is what this site serves, which only its server can answer. */
    boolean aboutSite() {
        return questions.isEmpty() && !all;
    }
}
