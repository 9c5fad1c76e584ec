package org.portolan.stores.zones;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the records of a zone in any order and makes a {@link Zone} of them.
 *
 * <p>What cannot be served is refused with the record that is wrong, so that whoever reads a file
 * can name the line: an owner outside the zone, a CNAME beside other data (RFC 2181 §10.1), a
 * second SOA or one that is not at the apex, a second DNAME or one beside a delegation (RFC 6672
 * §2.3, §2.4), data that its type cannot have. The same record again is dropped; of different TTLs
 * in one set the lowest counts (RFC 2181 §5.2), with a warning. What lies below a delegation or a
 * DNAME is kept: addresses are glue, the rest is not seen.
 */
public final class ZoneBuilder {
    private static final int HAS_CNAME = 1;
    private static final int HAS_OTHER = 2;
    private static final int HAS_NS = 4;
    private static final int HAS_DNAME = 8;
    private static final int WILDCARD_BELOW = 16;
    private static final int OCCLUDED = 32;

    /** Warnings beyond these are only counted. */
    private static final int MOST_WARNINGS = 20;

    /** The owner that is the apex: always the first. */
    private static final int APEX = 0;

    private final byte[] apex;
    private final LookupName key = new LookupName();
    private final int apexLabels;
    private final OwnerNames owners;
    private final RawRecords records = new RawRecords();
    private final List<String> warnings = new ArrayList<>();
    private byte[] kinds = new byte[64];
    private int unsaid;
    private boolean soaSeen;

    /**
     * A builder of one zone.
     *
     * @param apex the zone's own name in uncompressed wire form, its case kept
     */
    public ZoneBuilder(byte[] apex) {
        if (!key.read(apex, 0, apex.length)) {
            throw new IllegalArgumentException("not a name: " + Arrays.toString(apex));
        }
        this.apex = Arrays.copyOf(apex, key.length());
        this.apexLabels = key.labels();
        this.owners = new OwnerNames(Arrays.copyOf(key.bytes(), key.length()), apexLabels);
        try {
            owners.add(key, 0, this.apex, 0);
        } catch (ZoneProblem impossible) {
            throw new AssertionError(impossible); // there is room for one name
        }
    }

    /**
     * Adds a record of class IN.
     *
     * @param owner in uncompressed wire form, its case kept
     * @param ttl seconds; of 32 bits, the first of which makes it 0 (RFC 2181 §8)
     * @param rdata the record's data, in which names are not compressed
     * @throws ZoneProblem if the zone cannot have this record
     */
    public void add(byte[] owner, int type, long ttl, byte[] rdata, int rdataLength)
            throws ZoneProblem {
        if (!key.read(owner, 0, owner.length)) {
            throw new ZoneProblem("an owner that is no name");
        }
        if (!owners.inZone(key)) {
            throw new ZoneProblem(
                    "%s is not in the zone %s"
                            .formatted(LookupName.text(owner, 0), LookupName.text(apex, 0)));
        }
        if (!RecordType.storable(type)) {
            throw new ZoneProblem("no zone can have a record of the type " + type);
        }
        RecordData.check(type, rdata, rdataLength);
        int id = owners.find(key, 0);
        checkCompany(id, owner, type, rdata, rdataLength);
        if (id < 0) {
            id = owners.add(key, 0, owner, 0);
        }
        remember(id, type);
        int seconds = ttl > Integer.MAX_VALUE ? 0 : (int) ttl;
        records.add(id, type, seconds, rdata, rdataLength);
    }

    /** Whether the records that are at this name already let another of {@code type} in. */
    private void checkCompany(int id, byte[] owner, int type, byte[] rdata, int rdataLength)
            throws ZoneProblem {
        int there = id < 0 ? 0 : kindOf(id);
        if (type == RecordType.SOA && id != APEX) {
            throw problem(owner, "has a SOA, but is not the zone's own name");
        }
        if (type == RecordType.CNAME) {
            boolean same = (there & HAS_CNAME) != 0 && records.has(id, type, rdata, rdataLength);
            if ((there & HAS_OTHER) != 0) {
                throw problem(owner, "has other records, and so cannot have a CNAME");
            }
            if ((there & HAS_CNAME) != 0 && !same) {
                throw problem(owner, "has two CNAMEs");
            }
            if (id == APEX) {
                throw problem(owner, "is the zone's own name, and cannot be an alias");
            }
        } else if ((there & HAS_CNAME) != 0 && !besideCname(type)) {
            throw problem(owner, "has a CNAME, and so cannot have other records");
        }
        if (type == RecordType.SOA && soaSeen && !records.has(id, type, rdata, rdataLength)) {
            throw problem(owner, "has two SOAs");
        }
        if (type == RecordType.DNAME) {
            boolean same = (there & HAS_DNAME) != 0 && records.has(id, type, rdata, rdataLength);
            if ((there & HAS_DNAME) != 0 && !same) {
                throw problem(owner, "has two DNAMEs");
            }
        }
        boolean delegated = type == RecordType.NS || (there & HAS_NS) != 0;
        boolean renamed = type == RecordType.DNAME || (there & HAS_DNAME) != 0;
        if (delegated && renamed && id != APEX) {
            throw problem(owner, "has a DNAME and is delegated");
        }
    }

    private static ZoneProblem problem(byte[] owner, String words) {
        return new ZoneProblem(LookupName.text(owner, 0) + " " + words);
    }

    /** What DNSSEC puts beside a CNAME (RFC 4035 §2.5). */
    private static boolean besideCname(int type) {
        return type == RecordType.RRSIG || type == RecordType.NSEC || type == RecordType.KEY;
    }

    private int kindOf(int id) {
        return id < kinds.length ? kinds[id] : 0;
    }

    private void mark(int id, int kind) {
        if (id >= kinds.length) {
            kinds = Arrays.copyOf(kinds, Math.max(id + 1, kinds.length + kinds.length / 2));
        }
        kinds[id] |= (byte) kind;
    }

    private void remember(int id, int type) {
        soaSeen |= type == RecordType.SOA;
        switch (type) {
            case RecordType.CNAME -> mark(id, HAS_CNAME);
            case RecordType.NS -> mark(id, HAS_NS | HAS_OTHER);
            case RecordType.DNAME -> mark(id, HAS_DNAME | HAS_OTHER);
            default -> mark(id, besideCname(type) ? 0 : HAS_OTHER);
        }
    }

    /** What is odd about the zone but does not keep it from being served. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (unsaid > 0) {
            all.add("and " + unsaid + " more");
        }
        return all;
    }

    private void warn(String sentence) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(sentence);
        } else {
            unsaid++;
        }
    }

    /**
     * Makes the zone; the builder is of no further use.
     *
     * @throws ZoneProblem if the zone has no SOA or no NS of its own, or a set of records that no
     *     message can hold
     */
    public Zone build() throws ZoneProblem {
        String name = LookupName.text(apex, 0);
        if (!soaSeen) {
            throw new ZoneProblem("the zone " + name + " has no SOA");
        }
        if ((kindOf(APEX) & HAS_NS) == 0) {
            throw new ZoneProblem("the zone " + name + " names no server of its own (NS)");
        }
        byte[] own = new byte[LookupName.LONGEST];
        for (int id = 1; id < owners.count(); id++) { // grows on the way: empty names between
            int length = owners.write(id, own);
            key.read(own, 0, length);
            ancestors(id, own);
        }
        NodeWriter writer = new NodeWriter(owners, records, this::warn);
        int[] nodes = new int[owners.count()];
        for (int id = 0; id < nodes.length; id++) {
            nodes[id] = writer.write(id, flags(id));
        }
        Zone zone = new Zone(apex, writer.pages(), NodeTable.of(owners, nodes), writer.records());
        SetReader.findTargets(zone);
        return zone;
    }

    /** Makes the names between this one and the apex, and sees what of them hides it. */
    private void ancestors(int id, byte[] own) throws ZoneProblem {
        for (int label = 1; label <= key.labels() - apexLabels; label++) {
            int above = owners.find(key, label);
            if (above < 0) {
                above = owners.add(key, label, own, key.start(label)); // RFC 4592 §2.2.2
            }
            if (label == 1 && own[0] == 1 && own[1] == '*') { // RFC 4592 §2.1.1
                mark(above, WILDCARD_BELOW);
            }
            int hiding = above == APEX ? HAS_DNAME : HAS_DNAME | HAS_NS;
            if ((kindOf(above) & hiding) != 0) {
                mark(id, OCCLUDED);
            }
        }
    }

    private int flags(int id) {
        int kind = kindOf(id);
        int flags = 0;
        flags |= (kind & HAS_NS) != 0 && id != APEX ? Zone.CUT : 0;
        flags |= (kind & HAS_DNAME) != 0 ? Zone.RENAMED : 0;
        flags |= (kind & WILDCARD_BELOW) != 0 ? Zone.WILDCARD_BELOW : 0;
        flags |= (kind & OCCLUDED) != 0 ? Zone.OCCLUDED : 0;
        return flags;
    }
}
