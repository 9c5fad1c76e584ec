package org.portolan.stores.zones;

/** The data of records as master files write it: names absolute, strings in quotes. */
final class DataText {
    private DataText() {}

    static String of(int type, byte[] data) {
        return switch (type) {
            case RecordType.AAAA -> AddressText.ipv6(data);
            case RecordType.TXT, RecordType.SPF -> strings(data);
            default -> RareRecords.text(type, data);
        };
    }

    private static String strings(byte[] data) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < data.length) {
            int end = at + 1 + (data[at] & 0xff);
            text.append(text.isEmpty() ? "\"" : " \"");
            for (at++; at < end; at++) {
                int octet = data[at] & 0xff;
                if (octet < ' ' || octet >= 0x7f) {
                    text.append('\\').append(String.valueOf(1000 + octet), 1, 4);
                } else {
                    text.append(octet == '"' || octet == '\\' ? "\\" : "").append((char) octet);
                }
            }
            text.append('"');
        }
        return text.toString();
    }
}
