package org.portolan.names.dns;

import java.net.InetSocketAddress;
import java.util.List;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.stores.zones.Zone;
import org.portolan.stores.zones.Zones;

/** Tells other servers that a zone has changed, and at the start that there are zones. */
final class Notifier {
    private final ServedZones zones;
    private final List<NotifiedServer> servers;
    private Runnable deaf = () -> {};

    Notifier(Service service, List<InetSocketAddress> notified, ServedZones zones, Ports ports) {
        this.zones = zones;
        this.servers =
                notified.stream()
                        .map(server -> new NotifiedServer(service, server, zones, ports))
                        .toList();
    }

    void begin() {
        if (servers.isEmpty()) {
            return;
        }
        deaf = zones.listen(this::changed);
        for (Zone zone : zones.table().zones()) {
            tell(zone.name());
        }
    }

    private void changed(Zones.Change change) {
        tell(change.zone());
    }

    private void tell(String zone) {
        servers.forEach(server -> server.tell(zone));
    }

    void end() {
        deaf.run();
        servers.forEach(NotifiedServer::forget);
    }
}
