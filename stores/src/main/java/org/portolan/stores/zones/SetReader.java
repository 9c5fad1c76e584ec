package org.portolan.stores.zones;

/** Reads what {@link SetWriter} wrote: records whose names lead into their set and its owner. */
final class SetReader {
    private SetReader() {}

    /**
     * Writes one record as it is without compression.
     *
     * @param page where the set's records begin at {@code records}, and this one at {@code record}
     * @param owner the set's owner in wire form
     * @return its length
     */
    static int expand(
            byte[] page, int records, int record, byte[] owner, int ownerLength, byte[] into) {
        int type = Pages.unsignedShort(page, record + 2);
        int head = Zone.RECORD_HEAD + RecordType.nameAt(type);
        System.arraycopy(page, record, into, 0, head);
        int from = record + head;
        int to = head;
        for (int left = RecordType.compressedNames(type); left > 0; left--) {
            to = expandName(page, records, from, owner, ownerLength, into, to);
            from = end(page, from);
        }
        int end = record + Zone.RECORD_HEAD + Pages.unsignedShort(page, record + 10);
        System.arraycopy(page, from, into, to, end - from);
        to += end - from;
        Pages.SHORTS.set(into, 10, (short) (to - Zone.RECORD_HEAD));
        return to;
    }

    /** Where a name ends as it is stored, with its pointer or without. */
    private static int end(byte[] page, int from) {
        int at = from;
        while (page[at] > 0) {
            at += 1 + page[at];
        }
        return page[at] == 0 ? at + 1 : at + 2;
    }

    private static int expandName(
            byte[] page,
            int records,
            int from,
            byte[] owner,
            int ownerLength,
            byte[] into,
            int to) {
        int recordsPlace = SetWriter.QUESTION + ownerLength + SetWriter.QUESTION_TAIL;
        byte[] bytes = page;
        int at = from;
        int end = to;
        while (bytes[at] != 0) {
            if (bytes[at] < 0) { // a pointer
                int place = Pages.unsignedShort(bytes, at) & SetWriter.PLACE;
                boolean inSet = place >= recordsPlace;
                bytes = inSet ? page : owner;
                at = inSet ? records + place - recordsPlace : place - SetWriter.QUESTION;
            } else {
                int size = 1 + bytes[at];
                System.arraycopy(bytes, at, into, end, size);
                at += size;
                end += size;
            }
        }
        into[end] = 0;
        return end + 1;
    }

    /** Finds the hosts that NS and MX name: the last step of making a zone. */
    static void findTargets(Zone zone) {
        byte[] owner = new byte[LookupName.LONGEST];
        byte[] record = new byte[Zone.LONGEST_EXPANDED];
        LookupName ownerName = new LookupName();
        LookupName host = new LookupName();
        for (int node = zone.apexNode(); node != 0; node = zone.nextNode(node)) {
            long set = zone.firstSet(node);
            for (int left = zone.sets(node); left > 0; left--) {
                if (Zone.keepsTargets(zone.type(set))) {
                    ownerName.read(owner, 0, zone.writeName(node, owner));
                    findTargets(zone, set, owner, ownerName, record, host);
                }
                set = zone.after(set);
            }
        }
    }

    private static void findTargets(
            Zone zone,
            long set,
            byte[] owner,
            LookupName ownerName,
            byte[] record,
            LookupName host) {
        byte[] page = zone.page(set);
        int nameAt = Zone.RECORD_HEAD + RecordType.nameAt(zone.type(set));
        int at = Zone.offset(set) + Zone.SET_HEAD;
        int count = zone.count(set);
        for (int i = 0; i < count; i++) {
            zone.expand(set, at, owner, ownerName.length(), record);
            host.read(record, nameAt);
            int node = zone.holds(host) ? zone.node(host, 0) : 0;
            zone.putTarget(set, i, node, node != 0 && host.isWithin(ownerName, 0));
            at += Zone.RECORD_HEAD + Pages.unsignedShort(page, at + 10);
        }
    }
}
