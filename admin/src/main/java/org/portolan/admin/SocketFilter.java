package org.portolan.admin;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Network;
import picocli.CommandLine.Option;

/** Which sockets are meant: what {@code sockets} and {@code sockets close} have in common. */
final class SocketFilter {
    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "Those of one service (smtp), or of one of its ports (submission).")
    private @Nullable String service;

    @Option(
            names = "--peer",
            paramLabel = "NETWORK",
            description = "Those of one address, or of a network: 192.0.2.0/24.")
    private @Nullable String peer;

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description = "Those that have logged in as NAME.")
    private @Nullable String account;

    /** Whether nothing is said, so that every socket is meant. */
    boolean isEmpty() {
        return service == null && peer == null && account == null;
    }

    /** Whether a service is named, and so even the administrators' own conversations are meant. */
    boolean namesService() {
        return service != null;
    }

    /**
     * The rows of {@code rows} that are meant.
     *
     * @param known the names of services and ports, for who mistypes one
     * @throws Refusal if the network is none, or nothing has the service's name
     */
    List<SocketRow> of(List<SocketRow> rows, List<String> known) throws Refusal {
        @Nullable Network network = network();
        List<SocketRow> meant = new ArrayList<>();
        for (SocketRow row : rows) {
            boolean from = network == null || row.peer().filter(e -> in(network, e)).isPresent();
            boolean of = service == null || row.isOf(service);
            boolean as = account == null || row.account().equalsIgnoreCase(account);
            if (from && of && as) {
                meant.add(row);
            }
        }
        if (meant.isEmpty() && service != null && !known.contains(service)) {
            String near = Nearest.of(service, known);
            throw Refusal.usage(
                    "no service here is called \"%s\"%s"
                            .formatted(
                                    service, near.isEmpty() ? "" : "; did you mean " + near + "?"));
        }
        return meant;
    }

    private @Nullable Network network() throws Refusal {
        try {
            return peer == null ? null : Network.of(peer);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("--peer: " + e.getMessage());
        }
    }

    private static boolean in(Network network, SocketRow.End end) {
        InetAddress address = end.address();
        return network.contains(address);
    }

    /** What is meant, for people: {@code of account ada from 192.0.2.7}. */
    String words() {
        List<String> words = new ArrayList<>();
        if (service != null) {
            words.add("of service " + service);
        }
        if (account != null) {
            words.add("of account " + account);
        }
        if (peer != null) {
            words.add("with " + peer);
        }
        return String.join(" ", words);
    }
}
