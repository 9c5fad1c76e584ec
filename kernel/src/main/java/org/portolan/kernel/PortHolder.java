package org.portolan.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which process holds a port, from Linux's {@code /proc}. */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A"; // TCP_LISTEN in the kernel's table
    private static final String BOUND = "07"; // TCP_CLOSE, which a UDP socket without a peer is in

    private PortHolder() {}

    /**
     * Words for the holder of {@code port} of {@code tcp} or {@code udp}: {@code postfix (process
     * 4711)}; empty where the system will not say.
     */
    static Optional<String> of(String transport, InetSocketAddress port) {
        String state = transport.equals("tcp") ? LISTENING : BOUND;
        for (String table : List.of("net/" + transport, "net/" + transport + "6")) {
            try (Stream<String> lines = Files.lines(PROC.resolve(table))) {
                Optional<String[]> row =
                        lines.map(line -> line.strip().split("\\s+"))
                                .filter(f -> f.length > 9 && f[3].equals(state))
                                .filter(f -> overlap(f[1], port))
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

    /**
     * Whether nobody else can have {@code port} while somebody listens at {@code local}, written as
     * the system does: {@code 0100007F:1F90}, each 32-bit word in the machine's own order.
     */
    static boolean overlap(String local, InetSocketAddress port) {
        int colon = local.indexOf(':');
        if (Integer.parseInt(local.substring(colon + 1), 16) != port.getPort()) {
            return false;
        }
        ByteBuffer address = ByteBuffer.allocate(colon / 2);
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(local.substring(0, colon)));
        while (words.hasRemaining()) {
            int word = words.order(ByteOrder.BIG_ENDIAN).getInt();
            address.order(ByteOrder.nativeOrder()).putInt(word);
        }
        InetAddress wanted = port.getAddress();
        try {
            InetAddress held = InetAddress.getByAddress(address.array());
            return held.equals(wanted) || held.isAnyLocalAddress() || wanted.isAnyLocalAddress();
        } catch (UnknownHostException strangeTable) {
            return false;
        }
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
