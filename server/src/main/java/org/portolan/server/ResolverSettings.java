package org.portolan.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;

/**
 * Whom the site asks for names.
 *
 * @param servers in their order; none for those of the system
 * @param timeout how long each of them is waited for
 */
record ResolverSettings(List<InetSocketAddress> servers, Duration timeout) {
    private static final int PORT = 53;

    static ResolverSettings read(Section in) {
        ResolverSettings read =
                new ResolverSettings(
                        in.list(
                                "servers",
                                List.of(),
                                "The resolvers that mail asks for names: \"192.0.2.7\", or"
                                        + " \"192.0.2.7 5300\"; empty for those of"
                                        + " /etc/resolv.conf.",
                                ResolverSettings::server),
                        in.duration(
                                "timeout",
                                "3 s",
                                "How long each is waited for before the next is asked."));
        if (read.timeout.isZero() || read.timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            in.problem("timeout", "from \"1 ms\" to \"30 s\", please");
        }
        return read;
    }

    /**
     * An address, or an address and a port.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    static InetSocketAddress server(String text) {
        String[] words = text.strip().split("[ \t]+", 2);
        try {
            InetAddress address = Network.address(words[0]);
            int port = words.length == 1 ? PORT : Integer.parseInt(words[1]);
            return new InetSocketAddress(address, port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "an address is wanted, or an address and a port, not \"" + text + "\"", e);
        }
    }
}
