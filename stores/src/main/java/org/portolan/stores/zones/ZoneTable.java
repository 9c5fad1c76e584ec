package org.portolan.stores.zones;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The zones that are served, as they are at one moment. */
public final class ZoneTable {
    public static final ZoneTable EMPTY = of(List.of());

    private final List<Zone> zones;
    private final @Nullable Zone[] slots; // by the hash of the apex; half empty
    private final int mostLabels;
    private final LookupName[] missing; // none, as a rule

    private ZoneTable(
            List<Zone> zones, @Nullable Zone[] slots, int mostLabels, LookupName[] missing) {
        this.missing = missing;
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
        return of(zones, List.of());
    }

    /**
     * The same, where more zones belong to the site than can be answered from.
     *
     * @param missing the names of those, in wire form
     */
    public static ZoneTable of(Collection<Zone> zones, Collection<byte[]> missing) {
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
        List<LookupName> names = new ArrayList<>();
        for (byte[] apex : missing) {
            LookupName name = new LookupName();
            name.read(apex, 0);
            names.add(name);
        }
        LookupName[] lacking = names.toArray(LookupName[]::new);
        return new ZoneTable(List.copyOf(zones), slots, mostLabels, lacking);
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

    /**
     * Whether {@code name} belongs to a zone that is not read yet, or cannot be.
     *
     * @param found the zone that knows most about it among those that are read
     */
    public boolean isMissing(LookupName name, @Nullable Zone found) {
        int known = found == null ? -1 : found.apexLabels();
        for (LookupName apex : missing) {
            if (apex.labels() > known && name.isWithin(apex, 0)) {
                return true;
            }
        }
        return false;
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
