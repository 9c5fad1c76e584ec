package org.portolan.stores.zones;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.UNKRecord;

/**
 * The types that few zones have, read and written by dnsjava. A site without them never loads it.
 */
final class RareRecords {
    /** Owner (the root), type, class, TTL and length stand before the data. */
    private static final int HEAD = 11;

    private static final long ANY_TTL = 0;

    private byte @Nullable [] originOctets;
    private @Nullable Name origin;

    /** The wire form of the data that the rest of {@code entry} tells. */
    byte[] read(int type, Entries entry, byte[] origin) throws ZoneProblem {
        String name = TypeNames.of(type);
        String text = text(entry);
        try {
            return data(Record.fromString(Name.root, type, DClass.IN, ANY_TTL, text, name(origin)));
        } catch (IOException | RuntimeException e) {
            if (record(type, new byte[1]) instanceof UNKRecord) { // RFC 3597 §5
                throw new ZoneProblem(
                        "data of type %s is written as \\#, its length, and hexadecimal digits"
                                .formatted(name));
            }
            throw new ZoneProblem("no data of type " + name + ": " + reason(e));
        }
    }

    private static @Nullable Record record(int type, byte[] data) {
        try {
            return Record.newRecord(Name.root, type, DClass.IN, ANY_TTL, data.length, data);
        } catch (RuntimeException unsound) {
            return null; // the caller says what of
        }
    }

    private Name name(byte[] wire) throws IOException {
        Name name = origin;
        if (name == null || !Arrays.equals(wire, originOctets)) {
            name = new Name(wire);
            origin = name;
            originOctets = wire.clone();
        }
        return name;
    }

    private static byte[] data(Record record) {
        byte[] whole = record.toWire(Section.ANSWER);
        return Arrays.copyOfRange(whole, HEAD, whole.length);
    }

    /** dnsjava puts a place before its reason; ours is the right one. */
    private static String reason(Exception e) {
        String words = e instanceof TextParseException ? e.getMessage() : null;
        return words == null
                ? "it is not written as it should be"
                : words.replaceFirst("^<?[^ ]*?>?:[0-9]+: ", "");
    }

    /** The words in one line, octets beyond ASCII as numbers. */
    private static String text(Entries entry) throws ZoneProblem {
        StringBuilder text = new StringBuilder();
        while (entry.more()) {
            int word = entry.take("");
            String quote = entry.quoted(word) ? "\"" : "";
            text.append(quote);
            for (int i = entry.from(word); i < entry.to(word); i++) {
                int octet = entry.bytes()[i] & 0xff;
                if (octet >= 0x7f || octet < ' ') {
                    text.append('\\').append(String.valueOf(1000 + octet), 1, 4);
                } else {
                    text.append((char) octet);
                }
            }
            text.append(quote).append(' ');
        }
        return text.toString();
    }

    /** Whether {@code data} is what a record of the type has, to the octet. */
    boolean isSound(int type, byte[] data) {
        Record record = record(type, data);
        return record != null && Arrays.equals(data(record), data);
    }

    /** How master files write the data; in its generic form if it has no other (RFC 3597 §5). */
    static String text(int type, byte[] data) {
        Record record = record(type, data);
        return record == null || record instanceof UNKRecord
                ? generic(data)
                : record.rdataToString();
    }

    private static String generic(byte[] data) {
        String digits = HexFormat.of().formatHex(data);
        return "\\# " + data.length + (data.length == 0 ? "" : " " + digits);
    }
}
