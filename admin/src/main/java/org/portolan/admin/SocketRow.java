package org.portolan.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.DatagramPeer;
import org.portolan.kernel.Peer;
import org.portolan.kernel.Port;
import org.portolan.kernel.TlsState;

/**
 * One socket, or one peer of a socket that many share, at one moment.
 *
 * @param id of a conversation, as logs and events have it; else empty
 * @param port as the protocol numbers it; 0 where no protocol does
 * @param local our end; empty for the admin socket
 * @param peer the other end; empty for the admin socket
 * @param proxy who speaks for that end; empty where it speaks for itself
 * @param account who logged in; empty before, and where nobody does
 * @param requests datagrams that came; 0 over TCP
 * @param replies datagrams that went; 0 over TCP
 * @param at since when it is open; of a peer that was heard, when that was last
 */
record SocketRow(
        Kind kind,
        String id,
        String service,
        Port port,
        Optional<End> local,
        Optional<End> peer,
        Optional<End> proxy,
        String account,
        Optional<TlsState> tls,
        long bytesIn,
        long bytesOut,
        long requests,
        long replies,
        Instant at) {

    /** What a row stands for. */
    enum Kind {
        /** A connection, over TCP or the admin socket. */
        CONVERSATION("conversation"),
        /** Somebody who sent datagrams lately. */
        HEARD("peer"),
        /** A UDP socket of a service toward one peer. */
        LINE("line");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** One end of a conversation. */
    record End(InetAddress address, int port) {
        static End of(InetSocketAddress at) {
            return new End(at.getAddress(), at.getPort());
        }

        static End of(Peer peer) {
            return new End(peer.address(), peer.port());
        }

        /** Sorts like the numbers, IPv4 first. */
        String order() {
            byte[] bytes = address.getAddress();
            return "%02d%s%05d".formatted(bytes.length, HexFormat.of().formatHex(bytes), port);
        }

        /** {@code 192.0.2.7:49152} or {@code [2001:db8::7]:49152}. */
        @Override
        public String toString() {
            String host = Words.address(address);
            return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
        }
    }

    /** The row of {@code connection}; empty if it has just been closed. */
    static Optional<SocketRow> of(Connection connection) {
        boolean admin = connection.port().number() == 0;
        Optional<End> local;
        try {
            local = admin ? Optional.empty() : Optional.of(End.of(connection.local()));
        } catch (IOException closedMeanwhile) {
            return Optional.empty();
        }
        return Optional.of(
                new SocketRow(
                        Kind.CONVERSATION,
                        connection.id(),
                        connection.service().name(),
                        connection.port(),
                        local,
                        admin ? Optional.empty() : Optional.of(End.of(connection.peer())),
                        connection.proxy().map(End::of),
                        connection.account(),
                        connection.tls(),
                        connection.bytesIn(),
                        connection.bytesOut(),
                        0,
                        0,
                        connection.since()));
    }

    static SocketRow of(DatagramPeer heard) {
        return new SocketRow(
                Kind.HEARD,
                "",
                heard.service(),
                heard.port(),
                Optional.of(End.of(heard.at())),
                Optional.of(End.of(heard.peer())),
                Optional.empty(),
                "",
                Optional.empty(),
                heard.bytesIn(),
                heard.bytesOut(),
                heard.in(),
                heard.out(),
                heard.last());
    }

    static SocketRow of(DatagramLine line) {
        return new SocketRow(
                Kind.LINE,
                "",
                line.service(),
                new Port(0, line.service()),
                Optional.of(End.of(line.at())),
                Optional.of(End.of(line.peer())),
                Optional.empty(),
                "",
                Optional.empty(),
                0,
                0,
                0,
                0,
                line.since());
    }

    boolean isOf(String serviceOrPort) {
        return service.equalsIgnoreCase(serviceOrPort)
                || port.name().equalsIgnoreCase(serviceOrPort);
    }

    /** Whether it is a conversation with an administrator on this machine. */
    boolean isLocal() {
        return peer.isEmpty();
    }

    Duration age(Instant now) {
        return Duration.between(at, now);
    }

    /** Ascending: the oldest conversation, or who was heard last, first. */
    long ageOrder() {
        return kind == Kind.HEARD ? -at.toEpochMilli() : at.toEpochMilli();
    }

    /** {@code tcp}, {@code udp} or {@code unix}. */
    String transport() {
        return kind != Kind.CONVERSATION ? "udp" : isLocal() ? "unix" : "tcp";
    }

    /** {@code local}, or the end. */
    static String shown(Optional<End> end) {
        return end.map(End::toString).orElse("local");
    }

    /** For people: the other end, and by whose mouth it speaks. */
    String peerShown() {
        String via = proxy.map(end -> " via " + Words.address(end.address())).orElse("");
        return shown(peer) + via;
    }

    /** For people: version and cipher, without what every cipher's name begins with. */
    String tlsShown() {
        return tls.map(agreed -> agreed.version() + " " + agreed.cipher().replaceFirst("^TLS_", ""))
                .orElse("");
    }

    /** For programs. */
    Map<String, Object> entry(Instant now) {
        Map<String, Object> entry =
                Json.entries(
                        "kind", kind.word,
                        "id", id,
                        "transport", transport(),
                        "service", service,
                        "port", port.number(),
                        "local", shown(local),
                        "local_address", local.map(e -> Words.address(e.address())).orElse(""),
                        "local_port", local.map(End::port).orElse(0),
                        "peer", shown(peer),
                        "peer_address", peer.map(e -> Words.address(e.address())).orElse(""),
                        "peer_port", peer.map(End::port).orElse(0),
                        "proxy", proxy.map(End::toString).orElse(""),
                        "account", account,
                        "tls", tls.map(TlsState::version).orElse(""),
                        "cipher", tls.map(TlsState::cipher).orElse(""),
                        "bytes_in", bytesIn,
                        "bytes_out", bytesOut);
        if (kind == Kind.HEARD) {
            entry.put("datagrams_in", requests);
            entry.put("datagrams_out", replies);
            entry.put("last", at.toString());
        } else {
            entry.put("since", at.toString());
            entry.put("age_seconds", age(now).toSeconds());
        }
        return entry;
    }
}
