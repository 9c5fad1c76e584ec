package org.portolan.kernel;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the kernel listens, and how much it lets in.
 *
 * @param addresses the addresses every stream door is opened on
 * @param portOffset added to every well-known port; -1 asks the system for any free one
 * @param connections of all peers together
 * @param perPeer of one address
 * @param perNetwork of one IPv4 /24 or IPv6 /64
 * @param datagramsPerPeer requests within a second of one address at one UDP socket; loopback
 *     addresses have no limit
 * @param drain how long a stop waits for conversations to finish what they began
 * @param traces the folder of traces, if any service is traced
 * @param traced the services whose conversations are traced
 */
public record KernelSettings(
        List<InetAddress> addresses,
        int portOffset,
        int connections,
        int perPeer,
        int perNetwork,
        int datagramsPerPeer,
        Duration drain,
        Optional<Path> traces,
        Set<String> traced) {

    /** Asks the system for any free port. */
    public static final int ANY_FREE_PORT = -1;

    int portFor(Port port) {
        return portOffset == ANY_FREE_PORT ? 0 : port.number() + portOffset;
    }
}
