package org.portolan.stores.zones;

import java.util.Arrays;

/**
 * A zone as it is served: nothing in it ever changes. Its names and records lie in large arrays, a
 * million records in about fifty megabytes.
 *
 * <p>A <em>node</em> is a name of the zone, also one that has no records itself but stands between
 * the apex and one that has (RFC 4592 §2.2.2). It is known by a number, and 0 is none. A
 * <em>set</em> is all records of one type at a node (RFC 2181 §5); it is known by its place, and 0
 * is none.
 *
 * <pre>
 *  node   flags (1), length of the name (1), number of sets (2),
 *         the name without the apex, lower-cased, and once more as it was written if CASED,
 *         the sets
 *  set    type (2), number of records (2), bytes that follow (4), the records;
 *         for NS and MX the node of each record's target (4): 0 if there is none here,
 *         negative if it is at or below this one
 *  record as in a message: a pointer to the question's name (2), type (2), class (2), TTL (4),
 *         length of the data (2), the data; names are compressed as behind a question for the
 *         node's own name, where the type has them compressed (see SetWriter)
 * </pre>
 */
public final class Zone {
    /** The node is delegated: it has NS records and is not the apex. */
    public static final int CUT = 1;

    /** The node has a DNAME. */
    public static final int RENAMED = 2;

    /** The node has a child {@code *}. */
    public static final int WILDCARD_BELOW = 4;

    /** The node is below one that is delegated or has a DNAME. */
    public static final int OCCLUDED = 8;

    /** The name was not written in small letters. */
    static final int CASED = 16;

    static final int NODE_HEAD = 4;

    /** Bytes of a set before its records. */
    public static final int SET_HEAD = 8;

    /** Bytes of a record before its data. */
    public static final int RECORD_HEAD = 12;

    /** The most bytes of a record of the types whose names are compressed, when they are not. */
    public static final int LONGEST_EXPANDED = RECORD_HEAD + 2 * LookupName.LONGEST + 20;

    /** What each record begins with: a pointer to where the name of the question stands. */
    static final short TO_QUESTION = (short) 0xc00c;

    static final short CLASS_IN = 1;

    private final byte[] apex;
    private final byte[] lowerApex;
    private final int apexLabels;
    private final Pages pages;
    private final int[] nodes;
    private final byte[] tags;
    private final long records;
    private final int apexNode;
    private final long soa;
    private final int negativeTtl;

    Zone(byte[] apex, Pages pages, NodeTable table, long records) {
        LookupName key = new LookupName();
        key.read(apex, 0, apex.length);
        this.apex = apex;
        this.lowerApex = Arrays.copyOf(key.bytes(), key.length());
        this.apexLabels = key.labels();
        this.pages = pages;
        this.nodes = table.nodes();
        this.tags = table.tags();
        this.records = records;
        this.apexNode = node(key, 0);
        this.soa = set(apexNode, RecordType.SOA);
        byte[] page = page(soa);
        int record = offset(soa) + SET_HEAD;
        int end = offset(soa) + SET_HEAD + Pages.integer(page, offset(soa) + 4);
        // RFC 2308 §3: what is not there may be remembered for the lesser of the two
        this.negativeTtl =
                Math.max(0, Math.min(Pages.integer(page, record + 6), minimum(page, end)));
    }

    private static int minimum(byte[] page, int end) {
        int minimum = Pages.integer(page, end - 4);
        return minimum < 0 ? Integer.MAX_VALUE : minimum;
    }

    /** The zone's own name in wire form, as it was written. */
    public byte[] apex() {
        return apex.clone();
    }

    byte[] lowerApex() {
        return lowerApex;
    }

    LookupName lookupApex() {
        LookupName name = new LookupName();
        name.read(apex, 0, apex.length);
        return name;
    }

    /** The zone's own name as people write it, with its last dot. */
    public String name() {
        return LookupName.text(lowerApex, 0);
    }

    /** How many labels the zone's own name has. */
    public int apexLabels() {
        return apexLabels;
    }

    /** The serial number of the SOA (RFC 1982), 0 to 4294967295. */
    public long serial() {
        byte[] page = page(soa);
        int end = offset(soa) + SET_HEAD + Pages.integer(page, offset(soa) + 4);
        return Pages.integer(page, end - 20) & 0xffff_ffffL;
    }

    /** How many records it has. */
    public long records() {
        return records;
    }

    /** How many bytes of memory it takes. */
    public long bytes() {
        return pages.bytes() + 5L * nodes.length;
    }

    /** Whether {@code name} is the apex or below it. */
    public boolean holds(LookupName name) {
        int label = name.labels() - apexLabels;
        return label >= 0 && name.ancestorIs(label, lowerApex);
    }

    /** Bytes behind the records of a set: four for each target, where targets are kept. */
    static int targetBytes(int type, int count) {
        return keepsTargets(type) ? 4 * count : 0;
    }

    static boolean keepsTargets(int type) {
        return type == RecordType.NS || type == RecordType.MX;
    }

    // ---- nodes

    public int apexNode() {
        return apexNode;
    }

    /** The node of the ancestor of {@code name}, a name of this zone, that begins with a label. */
    public int node(LookupName name, int label) {
        int hash = name.hash(label);
        byte tag = NodeTable.tag(hash);
        int slot = NodeTable.slot(hash, tags.length);
        for (byte there = tags[slot]; there != 0; there = tags[slot]) {
            if (there == tag && is(nodes[slot], name, label)) {
                return nodes[slot];
            }
            slot = slot + 1 == tags.length ? 0 : slot + 1;
        }
        return 0;
    }

    private boolean is(int node, LookupName name, int label) {
        byte[] page = pages.page(node);
        int at = Pages.offset(node);
        int from = name.start(label);
        int size = name.start(name.labels() - apexLabels) - from;
        int own = at + NODE_HEAD;
        return (page[at + 1] & 0xff) == size
                && Arrays.equals(page, own, own + size, name.bytes(), from, from + size);
    }

    /** The node {@code *} below the ancestor of {@code name} that begins with a label, or 0. */
    public int wildcard(LookupName name, int label) {
        int hash = name.wildcardHash(label);
        byte tag = NodeTable.tag(hash);
        int slot = NodeTable.slot(hash, tags.length);
        for (byte there = tags[slot]; there != 0; there = tags[slot]) {
            if (there == tag && isWildcard(nodes[slot], name, label)) {
                return nodes[slot];
            }
            slot = slot + 1 == tags.length ? 0 : slot + 1;
        }
        return 0;
    }

    private boolean isWildcard(int node, LookupName name, int label) {
        byte[] page = pages.page(node);
        int at = Pages.offset(node);
        int from = name.start(label);
        int size = name.start(name.labels() - apexLabels) - from;
        int own = at + NODE_HEAD;
        return (page[at + 1] & 0xff) == size + 2
                && page[own] == 1
                && page[own + 1] == '*'
                && Arrays.equals(page, own + 2, own + 2 + size, name.bytes(), from, from + size);
    }

    /** {@link #CUT}, {@link #RENAMED} and so on. */
    public int flags(int node) {
        return pages.page(node)[Pages.offset(node)];
    }

    /** The node that was made after this one; the first is the apex, and 0 follows the last. */
    public int nextNode(int node) {
        byte[] page = pages.page(node);
        int from = Pages.offset(node);
        int at = firstSet(page, from);
        for (int left = sets(node); left > 0; left--) {
            at += SET_HEAD + Pages.integer(page, at + 4);
        }
        return pages.next(node, at - from);
    }

    /** Writes the node's whole name as it was written in the zone; returns its length. */
    public int writeName(int node, byte[] into) {
        byte[] page = pages.page(node);
        int at = Pages.offset(node);
        int size = page[at + 1] & 0xff;
        int from = at + NODE_HEAD + ((page[at] & CASED) != 0 ? size : 0);
        System.arraycopy(page, from, into, 0, size);
        System.arraycopy(apex, 0, into, size, apex.length);
        return size + apex.length;
    }

    // ---- sets of records

    /** How many sets a node has. */
    public int sets(int node) {
        return Pages.unsignedShort(pages.page(node), Pages.offset(node) + 2);
    }

    /** The set of this type, or 0. */
    public long set(int node, int type) {
        byte[] page = pages.page(node);
        int from = Pages.offset(node);
        int at = firstSet(page, from);
        for (int left = Pages.unsignedShort(page, from + 2); left > 0; left--) {
            if (Pages.unsignedShort(page, at) == type) {
                return place(node, at);
            }
            at += SET_HEAD + Pages.integer(page, at + 4);
        }
        return 0;
    }

    /** The node's first set, or 0. */
    public long firstSet(int node) {
        byte[] page = pages.page(node);
        return sets(node) == 0 ? 0 : place(node, firstSet(page, Pages.offset(node)));
    }

    /** The place behind a set: that of the next one, if its node has a next one. */
    public long after(long set) {
        return set + SET_HEAD + Pages.integer(page(set), offset(set) + 4);
    }

    private static int firstSet(byte[] page, int node) {
        int size = page[node + 1] & 0xff;
        return node + NODE_HEAD + ((page[node] & CASED) != 0 ? 2 * size : size);
    }

    private static long place(int node, int at) {
        return (long) Pages.number(node) << 32 | at;
    }

    /** The array in which a set lies; to be read only. */
    public byte[] page(long set) {
        return pages.numbered((int) (set >>> 32));
    }

    /** Where the set begins in its array. */
    public static int offset(long set) {
        return (int) set;
    }

    public int type(long set) {
        return Pages.unsignedShort(page(set), offset(set));
    }

    /** How many records a set has. */
    public int count(long set) {
        return Pages.unsignedShort(page(set), offset(set) + 2);
    }

    /** How many bytes the records of a set take. */
    public int bytes(long set) {
        byte[] page = page(set);
        int at = offset(set);
        return Pages.integer(page, at + 4)
                - targetBytes(type(set), Pages.unsignedShort(page, at + 2));
    }

    /**
     * The node of the host that a record of a set of NS or MX names, or 0.
     *
     * @param index of the record, from 0
     */
    public int target(long set, int index) {
        return targetWord(set, index) & Integer.MAX_VALUE;
    }

    /** Whether that host's name is the set's own, or below it. */
    public boolean targetIsWithin(long set, int index) {
        return targetWord(set, index) < 0;
    }

    private int targetWord(long set, int index) {
        return Pages.integer(page(set), targetAt(set, index));
    }

    private int targetAt(long set, int index) {
        return offset(set) + SET_HEAD + bytes(set) + 4 * index;
    }

    /** Keeps the node of a record's host; nothing else is written into a zone that is made. */
    void putTarget(long set, int index, int node, boolean within) {
        Pages.INTS.set(page(set), targetAt(set, index), within ? node | Integer.MIN_VALUE : node);
    }

    /**
     * Writes one record as it is without compression.
     *
     * @param record where it lies in the set's page; its type is one whose names are compressed
     * @param owner the node's whole name in wire form
     * @param into has room for {@link #LONGEST_EXPANDED}
     * @return its length
     */
    public int expand(long set, int record, byte[] owner, int ownerLength, byte[] into) {
        int records = offset(set) + SET_HEAD;
        return SetReader.expand(page(set), records, record, owner, ownerLength, into);
    }

    /** The set with the SOA. */
    public long soa() {
        return soa;
    }

    /** The TTL of the SOA in answers that say that something is not there (RFC 2308 §3). */
    public int negativeTtl() {
        return negativeTtl;
    }

    /** What {@link #forEach} hands out: one record, in arrays that are another's afterwards. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Looks at one record.
         *
         * @param owner the whole name in wire form
         * @param bytes where the data lies, from {@code dataAt} on
         */
        void record(
                byte[] owner,
                int ownerLength,
                int type,
                long ttl,
                byte[] bytes,
                int dataAt,
                int dataLength);
    }

    /** Shows every record, those of the apex first and the SOA among them. */
    public void forEach(Visitor visitor) {
        byte[] owner = new byte[LookupName.LONGEST];
        byte[] expanded = new byte[LONGEST_EXPANDED];
        for (int node = apexNode; node != 0; node = nextNode(node)) {
            int length = writeName(node, owner);
            long set = firstSet(node);
            for (int left = sets(node); left > 0; left--) {
                visitSet(visitor, owner, length, set, expanded);
                set = after(set);
            }
        }
    }

    private void visitSet(
            Visitor visitor, byte[] owner, int ownerLength, long set, byte[] expanded) {
        byte[] page = page(set);
        int type = type(set);
        boolean compressed = RecordType.compressedNames(type) > 0;
        int at = offset(set) + SET_HEAD;
        for (int left = count(set); left > 0; left--) {
            int size = Pages.unsignedShort(page, at + 10);
            long ttl = Pages.integer(page, at + 6);
            if (compressed) {
                int whole = expand(set, at, owner, ownerLength, expanded);
                int data = whole - RECORD_HEAD;
                visitor.record(owner, ownerLength, type, ttl, expanded, RECORD_HEAD, data);
            } else {
                visitor.record(owner, ownerLength, type, ttl, page, at + RECORD_HEAD, size);
            }
            at += RECORD_HEAD + size;
        }
    }
}
