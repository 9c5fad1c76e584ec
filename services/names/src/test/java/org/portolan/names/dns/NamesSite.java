package org.portolan.names.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Section;
import org.portolan.stores.zones.ZoneTable;
import org.portolan.stores.zones.Zones;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Player;

/**
 * The site at which the dialogues are played: the zones {@code portolan.example} and {@code
 * second.example} of this folder, on free ports of the loopback address, at a moment that does not
 * pass. Whoever is on the same machine may have whole zones.
 */
final class NamesSite implements AutoCloseable, ServedZones {
    /** That of RFC 9018, appendix A.1. */
    static final byte[] SECRET = HexFormat.of().parseHex("e5e973e5a6b2a43f48e7dc849e37bfcf");

    private final FrozenClock clock = FrozenClock.frozen();
    private final Kernel kernel;
    private final InetSocketAddress udp;
    private final InetSocketAddress tcp;
    private final List<Consumer<Zones.Change>> listeners = new CopyOnWriteArrayList<>();
    private volatile ZoneTable table = ZoneFiles.all();

    /** A site with these settings of {@code [dns]} besides those above. */
    NamesSite(Map<String, Object> more) throws IOException {
        KernelSettings limits =
                new KernelSettings(
                        List.of(InetAddress.getByName("127.0.0.1")),
                        KernelSettings.ANY_FREE_PORT,
                        10_000,
                        10_000,
                        10_000,
                        10_000,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        Set.of());
        kernel =
                new Kernel(
                        limits,
                        clock,
                        Admission.EVERYBODY,
                        host -> {
                            throw new AssertionError("nobody asks for TLS");
                        });
        List<Kernel.Opened> opened =
                kernel.open(List.of(new DnsService(settings(more), this, kernel.ports(), clock)));
        udp = opened.get(0).at();
        tcp = opened.get(1).at();
    }

    /** What the dialogues are played with. */
    static DnsSettings settings(Map<String, Object> more) {
        Map<String, Object> given = new HashMap<>(more);
        given.putIfAbsent("transfer_to", List.of("127.0.0.0/8"));
        given.putIfAbsent("cookie_secret", HexFormat.of().formatHex(SECRET));
        given.putIfAbsent("version", "Portolan");
        Section section = new Section("dns", given, key -> "");
        DnsSettings settings = DnsSettings.read(section);
        if (!section.problems().isEmpty()) {
            throw new AssertionError(section.problems());
        }
        return settings;
    }

    Player player() {
        return Player.againstDatagrams(udp).datagramDoor("udp", udp).door("tcp", tcp);
    }

    InetSocketAddress udp() {
        return udp;
    }

    InetSocketAddress tcp() {
        return tcp;
    }

    FrozenClock clock() {
        return clock;
    }

    @Override
    public ZoneTable table() {
        return table;
    }

    @Override
    public Runnable listen(Consumer<Zones.Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Serves other zones from now on. */
    void serve(ZoneTable other) {
        table = other;
    }

    void changed(String zone) {
        listeners.forEach(listener -> listener.accept(new Zones.Change(zone, 0, 1)));
    }

    @Override
    public void close() throws IOException {
        kernel.close();
    }
}
