package org.portolan.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resolvers of the host, as /etc/resolv.conf names them; read again when it has changed. */
final class SystemResolvers {
    private static final int MOST = 8;
    private static final long LARGEST = 1 << 20;
    private static final List<InetSocketAddress> THIS_HOST =
            List.of(ResolverSettings.server("127.0.0.1")); // resolv.conf(5): if none is named

    private final Path file;
    private @Nullable FileTime readAt;
    private List<InetSocketAddress> servers = THIS_HOST;

    SystemResolvers(Path file) {
        this.file = file;
    }

    synchronized List<InetSocketAddress> servers() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(readAt) && Files.size(file) <= LARGEST) {
                servers = read(Files.readAllLines(file));
                readAt = changed;
            }
        } catch (IOException e) {
            return THIS_HOST; // there is no such file, or nobody may read it
        }
        return servers;
    }

    static List<InetSocketAddress> read(List<String> lines) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("[ \t]+");
            if (words.length > 1 && words[0].equals("nameserver") && found.size() < MOST) {
                add(words[1], found);
            }
        }
        return found.isEmpty() ? THIS_HOST : found;
    }

    private static void add(String server, List<InetSocketAddress> found) {
        try {
            found.add(ResolverSettings.server(server));
        } catch (IllegalArgumentException e) {
            // the system cannot use it either
        }
    }
}
