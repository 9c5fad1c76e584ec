package org.portolan.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The examples that the manual of the language shows. */
final class Manual {
    private static final Path PAGE =
            Path.of("src/main/java/org/portolan/testkit/package-info.java");

    private Manual() {}

    static List<String> examples() throws IOException {
        return Pattern.compile("<pre>\\{@code\n(.*?) \\* }</pre>", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1).replaceAll("(?m)^ \\* ?", ""))
                .toList();
    }
}
