package org.portolan.server;

import java.nio.file.Path;
import java.util.Comparator;

/** One thing that is out of order: where, what, and how it is mended. */
record Finding(Path file, long line, String what, String remedy) {

    static final Comparator<Finding> BY_PLACE =
            Comparator.comparing(Finding::file).thenComparing(Finding::line);

    @Override
    public String toString() {
        return "%s:%d: %s\n    Mend: %s".formatted(file, line, what, remedy);
    }
}
