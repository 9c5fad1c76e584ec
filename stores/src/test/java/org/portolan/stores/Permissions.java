package org.portolan.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Who may do what with the files a store makes. */
public final class Permissions {
    private Permissions() {}

    public static String of(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything below {@code root} that others than its owner may touch, and how. */
    public static Map<String, String> openToOthers(Path root) throws IOException {
        Map<String, String> open = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(path -> !of(path).endsWith("------"))
                    .forEach(path -> open.put(root.relativize(path).toString(), of(path)));
        }
        return open;
    }
}
