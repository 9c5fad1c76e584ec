package org.portolan.kernel;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * Somebody who sent datagrams lately: UDP's row in the live table.
 *
 * @param service who answers
 * @param port where, as the standard numbers it
 * @param at our end
 * @param peer who, with the port that was used last
 * @param last when the last one came
 * @param in how many came
 * @param out how many went back
 * @param bytesIn how many bytes came
 * @param bytesOut how many bytes went back
 */
public record DatagramPeer(
        String service,
        Port port,
        InetSocketAddress at,
        Peer peer,
        Instant last,
        long in,
        long out,
        long bytesIn,
        long bytesOut) {

    static DatagramPeer of(
            Service service, Port port, InetSocketAddress at, Sources.Source source) {
        return new DatagramPeer(
                service.name(),
                port,
                at,
                new Peer(source.address(), source.port),
                Instant.ofEpochSecond(0, source.lastSeen),
                source.in,
                source.out,
                source.bytesIn,
                source.bytesOut);
    }
}
