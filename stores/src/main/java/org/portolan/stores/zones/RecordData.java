package org.portolan.stores.zones;

/** What an answer relies on in the data of a record: that the names in it are names. */
final class RecordData {
    private RecordData() {}

    /**
     * Checks the data of one record.
     *
     * @throws ZoneProblem if its type cannot have it
     */
    static void check(int type, byte[] data, int length) throws ZoneProblem {
        if (length < 0 || length > 0xffff || length > data.length) {
            throw new ZoneProblem("record data of " + length + " bytes");
        }
        boolean right =
                switch (type) {
                    case RecordType.A -> length == 4;
                    case RecordType.AAAA -> length == 16;
                    case RecordType.SOA, RecordType.MINFO -> twoNames(type, data, length);
                    case RecordType.SVCB, RecordType.HTTPS -> nameEnd(data, 2, length) > 0;
                    default -> {
                        int at = RecordType.nameAt(type);
                        yield at < 0 || nameEnd(data, at, length) == length;
                    }
                };
        if (!right) {
            throw new ZoneProblem(
                    "data of a %s record that is none".formatted(RecordType.text(type)));
        }
    }

    private static boolean twoNames(int type, byte[] data, int length) {
        int second = nameEnd(data, 0, length);
        int end = second < 0 ? -1 : nameEnd(data, second, length);
        int numbers = type == RecordType.SOA ? 20 : 0;
        return end >= 0 && end + numbers == length;
    }

    /** Where the uncompressed name that begins at {@code from} ends; -1 if there is none. */
    static int nameEnd(byte[] data, int from, int length) {
        int at = from;
        while (at < length) {
            int size = data[at] & 0xff;
            at += 1 + size;
            if (size == 0) {
                return at - from <= LookupName.LONGEST ? at : -1;
            }
            if (size > 63) {
                return -1;
            }
        }
        return -1;
    }
}
