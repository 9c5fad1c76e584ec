package org.portolan.stores.zones;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The zones that are served, as they are at one moment. */
public final class ZoneTable {
    public static final ZoneTable EMPTY = of(List.of());

    private final List<Zone> zones;
    private final @Nullable Zone[] slots; // by the hash of the apex; half empty
    private final int mostLabels;

    private ZoneTable(List<Zone> zones, @Nullable Zone[] slots, int mostLabels) {
        this.zones = zones;
        this.slots = slots;
        this.mostLabels = mostLabels;
    }

    /**
     * A table of these zones.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public static ZoneTable of(Collection<Zone> zones) {
        @Nullable Zone[] slots = new Zone[4 * Integer.highestOneBit(Math.max(1, zones.size()))];
        int mostLabels = -1;
        for (Zone zone : zones) {
            LookupName apex = zone.lookupApex();
            int slot = apex.hash(0) & (slots.length - 1);
            for (Zone there = slots[slot]; there != null; there = slots[slot]) {
                if (apex.ancestorIs(0, there.lowerApex())) {
                    throw new IllegalArgumentException("the zone " + apex + " is there twice");
                }
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = zone;
            mostLabels = Math.max(mostLabels, apex.labels());
        }
        return new ZoneTable(List.copyOf(zones), slots, mostLabels);
    }

    public List<Zone> zones() {
        return zones;
    }

    /** The zone that knows most about {@code name}, if any does (RFC 1034 §4.3.2, step 2). */
    public @Nullable Zone find(LookupName name) {
        return find(name, 0);
    }

    /** The same for the ancestor of {@code name} that begins with {@code from}. */
    public @Nullable Zone find(LookupName name, int from) {
        for (int label = Math.max(from, name.labels() - mostLabels);
                label <= name.labels();
                label++) {
            Zone found = exactly(name, label);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The zone whose apex is the ancestor of {@code name} that begins with {@code label}. */
    public @Nullable Zone exactly(LookupName name, int label) {
        int slot = name.hash(label) & (slots.length - 1);
        for (Zone there = slots[slot]; there != null; there = slots[slot]) {
            if (name.ancestorIs(label, there.lowerApex())) {
                return there;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }
}
