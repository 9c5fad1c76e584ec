package org.portolan.stores.backup;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * What a backup is a backup of. It stands at the beginning of the archive and above its manifest,
 * as lines of a word and its value.
 *
 * @param format how the archive is built; a reader knows its own and those before
 * @param site the site's name
 * @param version the Portolan that took it
 * @param taken when its databases were copied, to the second
 */
public record Head(int format, String site, String version, Instant taken) {
    static final int FORMAT = 2; // 2: folders, times and modes, of the file tree
    static final int LINES = 4;

    String text() {
        return "portolan-backup %d%nsite %s%nportolan %s%ntaken %s%n"
                .formatted(format, site, version, taken)
                .replace(System.lineSeparator(), "\n");
    }

    static Head of(List<String> lines) throws IOException {
        try {
            if (lines.size() >= LINES) {
                int format = Integer.parseInt(value(lines.get(0), "portolan-backup"));
                if (format > FORMAT) {
                    throw new IOException(
                            "it has format %d, from a newer Portolan; this one knows %d"
                                    .formatted(format, FORMAT));
                }
                return new Head(
                        format,
                        value(lines.get(1), "site"),
                        value(lines.get(2), "portolan"),
                        Instant.parse(value(lines.get(3), "taken")));
            }
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new IOException("it is no backup of Portolan, or damaged", e);
        }
        throw new IOException("it is no backup of Portolan, or damaged");
    }

    private static String value(String line, String word) throws IOException {
        if (!line.startsWith(word + " ")) {
            throw new IOException("it is no backup of Portolan, or damaged");
        }
        return line.substring(word.length() + 1);
    }
}
