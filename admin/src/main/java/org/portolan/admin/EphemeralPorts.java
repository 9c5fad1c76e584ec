package org.portolan.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The ports that this machine's system hands out to outgoing connections, both ends included. */
record EphemeralPorts(int first, int last) {
    private static final Path SETTING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** As Linux is set; empty on other systems. */
    static Optional<EphemeralPorts> ofSystem() {
        try {
            String[] ends = Files.readString(SETTING).strip().split("\\s+");
            return Optional.of(
                    new EphemeralPorts(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        } catch (IOException | RuntimeException elsewhere) { // no such file: then nothing is said
            return Optional.empty();
        }
    }

    boolean contains(int number) {
        return number >= first && number <= last;
    }

    String sentence() {
        return "This machine hands out %d to %d for outgoing connections, as it likes.\n"
                .formatted(first, last);
    }
}
