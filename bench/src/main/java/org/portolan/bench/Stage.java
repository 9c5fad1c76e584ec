package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where contenders are set up: gives each its folder and ports, and clears everything away. */
final class Stage implements AutoCloseable {
    // Apart from each other by more than the highest well-known port, below the ephemeral range.
    private static final int FIRST_BASE = 24_000;
    private static final int BASE_STEP = 1_000;

    static final String PORTOLAN = "Portolan";

    private final Path bench;
    private final Path work;
    private final List<Contender> contenders = new ArrayList<>();

    /** Makes a folder below the given one. */
    Stage(Path bench, Path parent) throws IOException {
        this.bench = bench;
        this.work = Files.createTempDirectory(parent, "portolan-bench-");
        // Servers that give up root must reach their own folders in it.
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path work() {
        return work;
    }

    Contender portolan() {
        return portolan(Map.of());
    }

    Contender portolan(Map<String, String> settings) {
        return add(PORTOLAN, List.of(Program.PORTOLAN), settings);
    }

    /** Postfix that delivers by virtual(8) into maildirs. */
    Contender postfix() {
        return add("Postfix", List.of(Program.POSTFIX), Map.of("TRANSPORT", "virtual"));
    }

    /** Dovecot for POP3, filled through LMTP. */
    Contender dovecot(String format) {
        return add("Dovecot", List.of(Program.DOVECOT), Map.of("FORMAT", format));
    }

    /** A server of zones. Each zone is written {@code name=file}; blanks stand between them. */
    Contender names(Program program, String zones) {
        String name =
                switch (program) {
                    case NSD -> "NSD";
                    case KNOT -> "Knot";
                    default -> PORTOLAN;
                };
        return add(name, List.of(program), Map.of("ZONES", zones));
    }

    synchronized Contender add(String name, List<Program> programs, Map<String, String> settings) {
        int number = contenders.size();
        Path folder = work.resolve(Integer.toString(number));
        Ports ports = new Ports(FIRST_BASE + number * BASE_STEP);
        Contender contender = new Contender(name, programs, settings, bench, folder, ports);
        contenders.add(contender);
        return contender;
    }

    synchronized List<Contender> contenders() {
        return List.copyOf(contenders);
    }

    @Override
    public synchronized void close() throws IOException {
        for (Contender contender : contenders) {
            contender.close();
        }
        contenders.clear();
        if (!Files.exists(work)) {
            return;
        }
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
