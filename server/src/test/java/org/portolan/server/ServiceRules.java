package org.portolan.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What every protocol brings along: its dialogues, its row in the index, its line in the list. */
final class ServiceRules {

    private static final Path INDEX = Path.of("docs", "rfc", "index.md");

    private ServiceRules() {}

    static List<Finding> check(Path root, List<Source> sources) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Source source : sources) {
            boolean protocol = source.module().startsWith("services") && !source.test();
            if (protocol && source.fileName().endsWith("Service.java")) {
                service(root, sources, source, findings);
            }
        }
        return findings;
    }

    private static void service(
            Path root, List<Source> sources, Source source, List<Finding> findings)
            throws IOException {
        String type = source.fileName().replace(".java", "");
        String[] rooms = source.packageName().split("\\.");
        String protocol = rooms[rooms.length - 1];
        long line = source.lineNaming("class " + type);

        Path resources = root.resolve(source.module()).resolve("src/test/resources");
        if (!hasTranscripts(resources, protocol)) {
            findings.add(
                    new Finding(
                            source.file(),
                            line,
                            type + " has no transcripts",
                            "write dialogues in the order of the RFC into a folder '"
                                    + protocol
                                    + "' below "
                                    + root.relativize(resources)
                                    + ": 01-greeting.txt, 02-…"));
        }
        if (!Files.exists(root.resolve(INDEX)) || !mentions(root.resolve(INDEX), protocol)) {
            findings.add(
                    new Finding(
                            source.file(),
                            line,
                            type + " has no row in " + INDEX,
                            "add its RFCs with yes, partial or no, and name '"
                                    + protocol
                                    + "' there"));
        }
        boolean listed =
                sources.stream()
                        .filter(other -> other.fileName().equals("Services.java"))
                        .filter(other -> other.module().equals("server"))
                        .anyMatch(other -> word(type).matcher(other.text()).find());
        if (!listed) {
            findings.add(
                    new Finding(
                            source.file(),
                            line,
                            type + " is not in the list of everything that can be served",
                            "add new " + type + "(…) to Services.java of the server"));
        }
    }

    private static boolean hasTranscripts(Path resources, String protocol) throws IOException {
        if (!Files.isDirectory(resources)) {
            return false;
        }
        try (var walk = Files.walk(resources)) {
            return walk.anyMatch(
                    file ->
                            file.getFileName().toString().matches("\\d\\d.*\\.txt")
                                    && file.getParent().getFileName().toString().equals(protocol));
        }
    }

    private static boolean mentions(Path index, String protocol) throws IOException {
        return word(protocol).matcher(Files.readString(index)).find();
    }

    private static Pattern word(String text) {
        return Pattern.compile("\\b" + Pattern.quote(text) + "\\b", Pattern.CASE_INSENSITIVE);
    }
}
