package org.portolan.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses at which others can reach what listens at some addresses of this host. */
final class HostAddresses {
    private HostAddresses() {}

    /** Those that {@code bound} names; for "all of the host's" its interfaces' of that family. */
    static List<InetAddress> of(List<InetAddress> bound) {
        Set<InetAddress> reached = new LinkedHashSet<>();
        for (InetAddress address : bound) {
            if (address.isAnyLocalAddress()) {
                reached.addAll(ofInterfaces(address.getClass()));
            } else {
                reached.add(address);
            }
        }
        return List.copyOf(reached);
    }

    private static List<? extends InetAddress> ofInterfaces(Class<? extends InetAddress> family) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(family::isInstance)
                    .filter(address -> !address.isLoopbackAddress())
                    .filter(address -> !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException e) {
            return List.of(); // a host without a network is reached nowhere
        }
    }
}
