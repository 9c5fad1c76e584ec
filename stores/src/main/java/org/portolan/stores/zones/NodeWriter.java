package org.portolan.stores.zones;

import java.util.Arrays;
import java.util.function.Consumer;

/** Writes the names of a zone and their records into the form from which answers are made. */
final class NodeWriter {
    /** The most bytes of one set of records: beside them a message has a head and a question. */
    private static final int LONGEST_SET = 0xffff - 12 - LookupName.LONGEST - 4;

    private final OwnerNames owners;
    private final RawRecords raw;
    private final Consumer<String> warnings;
    private final Pages pages = new Pages();
    private final SetWriter writer = new SetWriter();
    private byte[] out = new byte[4096]; // one node, as far as size
    private int size;
    private int[] chain = new int[16];
    private int[] set = new int[16];
    private int[] seen = new int[64]; // a table by hash, of which the first seats are used
    private int seats;
    private long records;

    NodeWriter(OwnerNames owners, RawRecords raw, Consumer<String> warnings) {
        this.owners = owners;
        this.raw = raw;
        this.warnings = warnings;
    }

    Pages pages() {
        pages.trim();
        return pages;
    }

    /** How many records there are, the same ones counted once. */
    long records() {
        return records;
    }

    /** Writes one name with all it has, and returns its piece. */
    int write(int owner, int flags) throws ZoneProblem {
        int count = gather(owner);
        byte[] name = owners.page(owner);
        int nameAt = owners.offset(owner);
        int length = name[nameAt + 4] & 0xff;
        boolean cased = name[nameAt + 5] != 0;
        int nameBytes = cased ? 2 * length : length;
        out[0] = (byte) (flags | (cased ? Zone.CASED : 0));
        out[1] = (byte) length;
        System.arraycopy(name, nameAt + OwnerNames.HEAD, out, Zone.NODE_HEAD, nameBytes);
        size = Zone.NODE_HEAD + nameBytes;
        int ownerLength = owners.write(owner, writer.message(), SetWriter.QUESTION);
        int sets = 0;
        for (int i = 0; i < count; i++) {
            if (isFirstOfItsType(i)) {
                writeSet(members(i, count), owner, ownerLength);
                sets++;
            }
        }
        Pages.SHORTS.set(out, 2, (short) sets);
        int node = pages.reserve(size);
        System.arraycopy(out, 0, pages.page(node), Pages.offset(node), size);
        return node;
    }

    /** Finds the owner's records in the order in which they came; returns how many. */
    private int gather(int owner) {
        int count = 0;
        for (int piece = raw.last(owner); piece != 0; piece = raw.before(piece)) {
            if (count == chain.length) {
                chain = Arrays.copyOf(chain, 2 * count);
            }
            chain[count++] = piece;
        }
        for (int i = 0; i < count / 2; i++) {
            int other = chain[i];
            chain[i] = chain[count - 1 - i];
            chain[count - 1 - i] = other;
        }
        return count;
    }

    private boolean isFirstOfItsType(int index) {
        int type = raw.type(chain[index]);
        for (int i = 0; i < index; i++) {
            if (raw.type(chain[i]) == type) {
                return false;
            }
        }
        return true;
    }

    /** Collects the different records of one type in {@link #set}; returns how many. */
    private int members(int first, int count) {
        if (set.length < count) {
            set = new int[chain.length];
            seen = new int[4 * Integer.highestOneBit(chain.length)];
        }
        seats = 4 * Integer.highestOneBit(count);
        Arrays.fill(seen, 0, seats, 0);
        int type = raw.type(chain[first]);
        int members = 0;
        for (int i = first; i < count; i++) {
            if (raw.type(chain[i]) == type && isNew(chain[i])) {
                set[members++] = chain[i];
            }
        }
        return members;
    }

    private boolean isNew(int piece) {
        byte[] page = raw.page(piece);
        int from = raw.dataAt(piece);
        int length = raw.length(piece);
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + page[i];
        }
        int slot = (hash ^ hash >>> 15) & (seats - 1);
        while (seen[slot] != 0) {
            if (sameData(seen[slot], page, from, length)) {
                return false;
            }
            slot = (slot + 1) & (seats - 1);
        }
        seen[slot] = piece;
        return true;
    }

    private boolean sameData(int piece, byte[] page, int from, int length) {
        int at = raw.dataAt(piece);
        return Arrays.equals(
                raw.page(piece), at, at + raw.length(piece), page, from, from + length);
    }

    private long bytes(int members) {
        long bytes = 0;
        for (int i = 0; i < members; i++) {
            bytes += Zone.RECORD_HEAD + raw.length(set[i]);
        }
        return bytes;
    }

    private void writeSet(int members, int owner, int ownerLength) throws ZoneProblem {
        int type = raw.type(set[0]);
        if (bytes(members) > LONGEST_SET) {
            throw new ZoneProblem(
                    "the %s records of %s are more than a message can hold"
                            .formatted(RecordType.text(type), text(owner)));
        }
        int ttl = ttl(members, owner);
        writer.begin(ownerLength);
        for (int i = 0; i < members; i++) {
            writer.add(type, ttl, raw.page(set[i]), raw.dataAt(set[i]), raw.length(set[i]));
        }
        int following = writer.size() + Zone.targetBytes(type, members);
        if (size + Zone.SET_HEAD + following > out.length) {
            out = Arrays.copyOf(out, 2 * out.length + Zone.SET_HEAD + following);
        }
        Pages.SHORTS.set(out, size, (short) type);
        Pages.SHORTS.set(out, size + 2, (short) members);
        Pages.INTS.set(out, size + 4, following);
        int at = size + Zone.SET_HEAD;
        System.arraycopy(writer.message(), writer.beginning(), out, at, writer.size());
        size = at + following;
        Arrays.fill(out, at + writer.size(), size, (byte) 0); // filled in when all names are there
        records += members;
    }

    private int ttl(int members, int owner) {
        int lowest = raw.ttl(set[0]);
        boolean differ = false;
        for (int i = 1; i < members; i++) {
            int ttl = raw.ttl(set[i]);
            differ |= ttl != lowest;
            lowest = Math.min(lowest, ttl);
        }
        if (differ) {
            warnings.accept(
                    "the %s records of %s have different TTLs; the lowest, %d s, is served"
                            .formatted(RecordType.text(raw.type(set[0])), text(owner), lowest));
        }
        return lowest;
    }

    private String text(int owner) {
        byte[] name = new byte[LookupName.LONGEST];
        owners.write(owner, name);
        return LookupName.text(name, 0);
    }
}
