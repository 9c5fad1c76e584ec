package org.portolan.stores.zones;

import java.util.Arrays;

/** Whether octets that were given as such are what a record of their type has. */
final class WireForm {
    private WireForm() {}

    /**
     * Checks the first {@code length} octets of {@code data}.
     *
     * @throws ZoneProblem if they are not what records of {@code type} have
     */
    static void check(int type, byte[] data, int length, RareRecords rare) throws ZoneProblem {
        RecordData.check(type, data, length);
        boolean sound =
                switch (type) {
                    case RecordType.TXT, RecordType.SPF -> strings(data, length);
                    case RecordType.CAA ->
                            length > 2 && data[1] != 0 && 2 + (data[1] & 0xff) <= length;
                    default ->
                            RecordType.nameAt(type) >= 0
                                    || isAddress(type)
                                    || rare.isSound(type, Arrays.copyOf(data, length));
                };
        if (!sound) {
            throw new ZoneProblem("these octets are no data of type " + TypeNames.of(type));
        }
    }

    private static boolean isAddress(int type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    private static boolean strings(byte[] data, int length) {
        int at = 0;
        while (at < length) {
            at += 1 + (data[at] & 0xff);
        }
        return length > 0 && at == length;
    }
}
