package org.portolan.names.dns;

import org.portolan.stores.zones.LookupName;
import org.portolan.stores.zones.RecordType;
import org.portolan.stores.zones.Zone;

/**
 * Addresses of the names that an answer tells, so that nobody has to ask again: of mail servers, of
 * services, of name servers. All from the zone itself.
 */
final class AdditionalSection {
    /** Names whose addresses are added; further ones have to be asked for. */
    private static final int MOST_NAMES = 32;

    private final Answer answer;
    private final LookupName target = new LookupName();
    private final int[] added = new int[MOST_NAMES];
    private int count;

    AdditionalSection(Answer answer) {
        this.answer = answer;
    }

    /**
     * Adds what belongs to a set of the answer section.
     *
     * @param node whose set it is
     * @param place where the node's name stands in the message
     * @param from where in the message the set begins
     */
    void of(Zone zone, long set, int type, int node, int place, int from) {
        switch (type) {
            case RecordType.NS, RecordType.MX -> known(zone, set, type, from);
            case RecordType.SRV, RecordType.SVCB, RecordType.HTTPS ->
                    named(zone, set, type, node, place, from);
            default -> {}
        }
    }

    /** Of these the zone has found the hosts already. */
    private void known(Zone zone, long set, int type, int from) {
        count = 0;
        int written = from;
        int nameAt = Zone.RECORD_HEAD + RecordType.nameAt(type);
        int records = zone.count(set);
        for (int i = 0; i < records && count < MOST_NAMES; i++) {
            addresses(zone, zone.target(set, i), written + nameAt);
            written += recordSize(written);
        }
    }

    private void named(Zone zone, long set, int type, int node, int place, int from) {
        count = 0;
        byte[] page = zone.page(set);
        int record = Zone.offset(set) + Zone.SET_HEAD;
        int written = from;
        int nameAt = Zone.RECORD_HEAD + RecordType.nameAt(type);
        for (int left = zone.count(set); left > 0 && count < MOST_NAMES; left--) {
            target.read(page, record + nameAt);
            if (target.labels() == 0) { // the owner itself, in SVCB and HTTPS (RFC 9460 §2.5)
                addresses(zone, node, place);
            } else if (zone.holds(target)) {
                addresses(zone, zone.node(target, 0), written + nameAt);
            }
            record += Zone.RECORD_HEAD + Bytes.two(page, record + 10);
            written += recordSize(written);
        }
    }

    private int recordSize(int written) {
        return Zone.RECORD_HEAD + Bytes.two(answer.room(), written + 10);
    }

    /**
     * Adds the addresses of the servers of a delegated zone. Those that lie in it cannot be found
     * elsewhere: without them the answer is truncated (RFC 9471 §3.1).
     */
    void glue(Zone zone, long servers, int from) {
        count = 0;
        boolean others = glue(zone, servers, from, true);
        if (others && !answer.isTruncated()) {
            glue(zone, servers, from, false);
        }
    }

    /** Adds those within the delegated zone, or all others; returns whether there are others. */
    private boolean glue(Zone zone, long servers, int from, boolean within) {
        int written = from;
        boolean others = false;
        int records = zone.count(servers);
        for (int i = 0; i < records && count < MOST_NAMES; i++) {
            int host = zone.target(servers, i);
            if (zone.targetIsWithin(servers, i) != within) {
                others |= host != 0;
            } else if (!addresses(zone, host, written + Zone.RECORD_HEAD) && within) {
                answer.truncated();
            }
            written += recordSize(written);
        }
        return others;
    }

    /**
     * Adds the addresses of a node whose name stands in the message at {@code place}.
     *
     * @return whether they fitted
     */
    private boolean addresses(Zone zone, int node, int place) {
        if (node == 0 || isAdded(node) || place > NameCompressor.MOST_PLACE) {
            return true;
        }
        added[count++] = node;
        boolean four = add(zone, node, zone.set(node, RecordType.A), place);
        boolean six = add(zone, node, zone.set(node, RecordType.AAAA), place);
        return four && six;
    }

    private boolean add(Zone zone, int node, long set, int place) {
        return set == 0 || answer.additional(zone, node, set, place);
    }

    private boolean isAdded(int node) {
        for (int i = 0; i < count; i++) {
            if (added[i] == node) {
                return true;
            }
        }
        return false;
    }
}
