package org.portolan.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which process holds a TCP port, from Linux's {@code /proc}. */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A"; // TCP_LISTEN in the kernel's table

    private PortHolder() {}

    /**
     * Words for the holder: {@code postfix (process 4711)}; empty where the system will not say.
     */
    static Optional<String> of(InetSocketAddress port) {
        String suffix = String.format(":%04X", port.getPort());
        for (String table : List.of("net/tcp", "net/tcp6")) {
            try (Stream<String> lines = Files.lines(PROC.resolve(table))) {
                Optional<String[]> row =
                        lines.map(line -> line.strip().split("\\s+"))
                                .filter(f -> f.length > 9 && f[1].endsWith(suffix))
                                .filter(f -> f[3].equals(LISTENING))
                                .findFirst();
                if (row.isPresent()) {
                    return Optional.of(describe(row.get()[9], row.get()[7]));
                }
            } catch (IOException | RuntimeException notLinux) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String describe(String inode, String user) {
        String wanted = "socket:[" + inode + "]";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, wanted)) {
                    return "%s (process %s)".formatted(nameOf(process), process.getFileName());
                }
            }
        } catch (IOException e) {
            return String.format(Locale.ROOT, "a process of user %s", user);
        }
        return String.format(Locale.ROOT, "a process of user %s", user);
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (socket.equals(linkOf(file))) {
                    return true;
                }
            }
        } catch (IOException another) { // another user's process: its files are not for us to see
            return false;
        }
        return false;
    }

    private static @Nullable String linkOf(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closedMeanwhile) {
            return null;
        }
    }

    private static String nameOf(Path process) throws IOException {
        return Files.readString(process.resolve("comm")).strip();
    }
}
