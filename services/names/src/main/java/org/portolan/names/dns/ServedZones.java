package org.portolan.names.dns;

import java.util.function.Consumer;
import org.portolan.stores.zones.ZoneTable;
import org.portolan.stores.zones.Zones;

/** The zones to answer from, and word of what changes. */
public interface ServedZones {
    /** Those of this moment. */
    ZoneTable table();

    /** Calls {@code listener} after a zone has changed, until the returned is run. */
    Runnable listen(Consumer<Zones.Change> listener);

    /** Those of the site. */
    static ServedZones of(Zones zones) {
        return new ServedZones() {
            @Override
            public ZoneTable table() {
                return zones.table();
            }

            @Override
            public Runnable listen(Consumer<Zones.Change> listener) {
                return zones.listen(listener);
            }
        };
    }
}
