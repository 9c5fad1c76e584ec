package org.portolan.stores.zones;

/**
 * Where the nodes of a zone are, by the hashes of their names: open addressing in two arrays. The
 * tags, a byte of each hash, tell nearly always that a name is not there without a look at any
 * node.
 */
record NodeTable(int[] nodes, byte[] tags) {
    static NodeTable of(OwnerNames owners, int[] nodeOf) {
        int size = Math.max(8, nodeOf.length + nodeOf.length / 2);
        NodeTable table = new NodeTable(new int[size], new byte[size]);
        for (int id = 0; id < nodeOf.length; id++) {
            table.enter(owners.hash(id), nodeOf[id]);
        }
        return table;
    }

    private void enter(int hash, int node) {
        int slot = slot(hash, nodes.length);
        while (tags[slot] != 0) {
            slot = slot + 1 == nodes.length ? 0 : slot + 1;
        }
        nodes[slot] = node;
        tags[slot] = tag(hash);
    }

    /** A share of the size as large as the hash's share of 2^32; no division. */
    static int slot(int hash, int size) {
        return (int) (((hash & 0xffff_ffffL) * size) >>> 32);
    }

    /** Never 0, which marks an empty slot. The slot depends on the other end of the hash. */
    static byte tag(int hash) {
        return (byte) (hash | 1);
    }

    long bytes() {
        return 5L * nodes.length;
    }
}
