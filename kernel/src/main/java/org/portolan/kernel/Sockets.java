package org.portolan.kernel;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The live table of every connection, and the count of them by peer and by network. */
public final class Sockets {
    private final Map<String, Connection> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> perPeer = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> perNetwork = new ConcurrentHashMap<>();
    private final Set<DatagramListener> datagrams = ConcurrentHashMap.newKeySet();
    private final Set<DatagramLine> lines = ConcurrentHashMap.newKeySet();
    private final Set<Watched> waits = ConcurrentHashMap.newKeySet();
    private final AtomicInteger total = new AtomicInteger();
    private volatile KernelSettings settings;

    Sockets(KernelSettings settings) {
        this.settings = settings;
    }

    void configure(KernelSettings changed) {
        settings = changed;
    }

    /** Every open connection at about this moment. */
    public Collection<Connection> open() {
        return Collections.unmodifiableCollection(open.values());
    }

    /** The connection whose id this is, while it is open. */
    public Optional<Connection> named(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /** Who sent datagrams lately, as far as there was room to remember it. */
    public List<DatagramPeer> peers() {
        return datagrams.stream().flatMap(door -> door.peers().stream()).toList();
    }

    /** How many datagrams the system dropped since the doors opened because none took them. */
    public long overflown() {
        return datagrams.stream().mapToLong(DatagramListener::overflown).sum();
    }

    /** Second sockets for datagrams that are open now. */
    public Collection<DatagramLine> lines() {
        return Collections.unmodifiableCollection(lines);
    }

    void add(DatagramListener door) {
        datagrams.add(door);
    }

    void remove(DatagramListener door) {
        datagrams.remove(door);
    }

    void add(DatagramLine line) {
        lines.add(line);
    }

    /** Takes {@code line} out; false if it was out already. */
    boolean remove(DatagramLine line) {
        return lines.remove(line);
    }

    /** How many connections each service has. */
    public Map<String, Integer> perService() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Connection connection : open.values()) {
            counts.merge(connection.service().name(), 1, Integer::sum);
        }
        return counts;
    }

    /** Counts a connection of {@code peer} in, unless that would be one too many. */
    boolean enter(Peer peer) {
        int all = total.incrementAndGet();
        int ofPeer = add(perPeer, peer.address());
        int ofNetwork = add(perNetwork, peer.network());
        boolean room =
                all <= settings.connections()
                        && ofPeer <= settings.perPeer()
                        && ofNetwork <= settings.perNetwork();
        if (!room) {
            leave(peer);
        }
        return room;
    }

    void leave(Peer peer) {
        total.decrementAndGet();
        remove(perPeer, peer.address());
        remove(perNetwork, peer.network());
    }

    private static int add(Map<InetAddress, Integer> counts, InetAddress address) {
        return counts.merge(address, 1, Integer::sum);
    }

    private static void remove(Map<InetAddress, Integer> counts, InetAddress address) {
        counts.computeIfPresent(address, (a, count) -> count > 1 ? count - 1 : null);
    }

    /** How many are counted in; the table's size, give or take those just coming or going. */
    int counted() {
        return total.get();
    }

    void add(Connection connection) {
        open.put(connection.id(), connection);
    }

    /** Takes {@code connection} out; false if it was out already. */
    boolean remove(Connection connection) {
        return open.remove(connection.id()) != null;
    }

    /** Everything that has deadlines. */
    Iterable<Watched> watched() {
        return () ->
                Stream.<Watched>concat(
                                open.values().stream().map(Connection::socket), waits.stream())
                        .iterator();
    }

    void add(Watched wait) {
        waits.add(wait);
    }

    void remove(Watched wait) {
        waits.remove(wait);
    }

    List<Connection> snapshot() {
        return List.copyOf(open.values());
    }
}
