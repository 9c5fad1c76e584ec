package org.portolan.stores.zones;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The data of one record after the other: from the words of an entry to its wire form, names
 * uncompressed and their case kept.
 *
 * <p>The types of which zones are full are read here, the rarer ones by {@link RareRecords}.
 */
final class DataReader {
    /** The most octets of a record's data: its length has 16 bits. */
    static final int LONGEST = 65_535;

    private static final int LONGEST_STRING = 255;
    private static final int MOST_SHOWN = 60;

    private final RareRecords rare = new RareRecords();
    private byte[] wire = new byte[1024];
    private int length;

    /** What was read last; the first {@link #length()} octets. */
    byte[] wire() {
        return wire;
    }

    int length() {
        return length;
    }

    /** Its last 32 bits: for a SOA the TTL of what is not there. */
    long last32() {
        long value = 0;
        for (int i = length - 4; i < length; i++) {
            value = value << 8 | (wire[i] & 0xff);
        }
        return value;
    }

    /**
     * Reads the rest of an entry as the data of a record.
     *
     * @param origin completes names that do not end in a dot; wire form
     */
    void read(int type, Entries entry, byte[] origin) throws ZoneProblem {
        length = 0;
        if (isGeneric(entry)) {
            entry.take("\\#");
            generic(entry);
            WireForm.check(type, wire, length, rare);
            return;
        }
        switch (type) {
            case RecordType.A -> ipv4(entry);
            case RecordType.AAAA -> ipv6(entry);
            case RecordType.NS, RecordType.CNAME, RecordType.DNAME, RecordType.PTR ->
                    name(entry, origin);
            case RecordType.MX -> {
                number16(entry, "a preference, such as 10,");
                name(entry, origin);
            }
            case RecordType.SRV -> {
                number16(entry, "a priority");
                number16(entry, "a weight");
                number16(entry, "a port");
                name(entry, origin);
            }
            case RecordType.TXT, RecordType.SPF -> strings(entry);
            case RecordType.SOA -> soa(entry, origin);
            case RecordType.CAA -> caa(entry);
            default -> rare(type, entry, origin);
        }
        if (length > LONGEST) {
            throw new ZoneProblem("more than the " + LONGEST + " octets that a record may have");
        }
        if (entry.more()) {
            entry.wantEnd("a record of type " + TypeNames.of(type));
        }
    }

    private static boolean isGeneric(Entries entry) throws ZoneProblem {
        if (!entry.more()) {
            return false;
        }
        int word = entry.take("");
        entry.untake();
        return !entry.quoted(word) && entry.is(word, "\\#");
    }

    private void rare(int type, Entries entry, byte[] origin) throws ZoneProblem {
        byte[] read = rare.read(type, entry, origin);
        room(read.length);
        System.arraycopy(read, 0, wire, 0, read.length);
        length = read.length;
    }

    /** Makes room for so many more; an entry has an end, and so has this. */
    private void room(int octets) {
        if (length + octets > wire.length) {
            wire = Arrays.copyOf(wire, Math.max(wire.length * 2, length + octets));
        }
    }

    private void add(int octet) {
        wire[length] = (byte) octet;
        length++;
    }

    private void name(Entries entry, byte[] origin) throws ZoneProblem {
        int word = entry.take("a name");
        room(NameText.LONGEST);
        length =
                NameText.read(
                        entry.bytes(), entry.from(word), entry.to(word), origin, wire, length);
    }

    // ---- numbers

    private void number16(Entries entry, String wanted) throws ZoneProblem {
        room(2);
        int value = (int) number(entry, wanted, 0xffff);
        add(value >> 8);
        add(value);
    }

    private void number32(long value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            add((int) (value >> shift));
        }
    }

    private static long number(Entries entry, String wanted, long most) throws ZoneProblem {
        int word = entry.take(wanted);
        byte[] text = entry.bytes();
        long value = 0;
        for (int i = entry.from(word); i < entry.to(word); i++) {
            value = NameText.digit(text[i]) ? value * 10 + text[i] - '0' : most + 1;
            if (value > most) {
                break;
            }
        }
        if (value > most || entry.length(word) == 0) {
            throw new ZoneProblem(
                    "%s is wanted, from 0 to %d, not %s"
                            .formatted(
                                    wanted.replaceFirst(",$", ""), most, shown(entry.text(word))));
        }
        return value;
    }

    // ---- RFC 1035 §3.3.13

    private void soa(Entries entry, byte[] origin) throws ZoneProblem {
        name(entry, origin);
        name(entry, origin);
        number32(number(entry, "a serial number", 0xffff_ffffL));
        number32(TimeToLive.take(entry, "the seconds between refreshes"));
        number32(TimeToLive.take(entry, "the seconds between retries"));
        number32(TimeToLive.take(entry, "the seconds until the zone expires"));
        number32(TimeToLive.take(entry, "the seconds that a \"no such name\" is good for"));
    }

    // ---- addresses

    private void ipv4(Entries entry) throws ZoneProblem {
        int word = entry.take("an IPv4 address");
        room(4);
        if (!AddressText.ipv4(entry.bytes(), entry.from(word), entry.to(word), wire, length)) {
            throw new ZoneProblem(
                    "an IPv4 address is wanted, like 192.0.2.7, not " + shown(entry.text(word)));
        }
        length += 4;
    }

    private void ipv6(Entries entry) throws ZoneProblem {
        int word = entry.take("an IPv6 address");
        room(16);
        if (!AddressText.ipv6(entry.bytes(), entry.from(word), entry.to(word), wire, length)) {
            throw new ZoneProblem(
                    "an IPv6 address is wanted, like 2001:db8::7, not " + shown(entry.text(word)));
        }
        length += 16;
    }

    // ---- strings

    private void strings(Entries entry) throws ZoneProblem {
        do {
            int word = entry.take("a text");
            wantNoQuotesInside(entry, word);
            room(1 + LONGEST_STRING);
            int at = length;
            length++;
            int octets = text(entry, word, LONGEST_STRING);
            wire[at] = (byte) octets;
        } while (entry.more());
    }

    /** Adds the octets that a word stands for. */
    private int text(Entries entry, int word, int most) throws ZoneProblem {
        byte[] text = entry.bytes();
        int begin = length;
        int to = entry.to(word);
        for (int i = entry.from(word); i < to; i++) {
            int octet = text[i];
            if (octet == '\\') {
                octet = NameText.escaped(text, i + 1, to);
                i += NameText.digit(text[i + 1]) ? 3 : 1;
            }
            if (length - begin == most) {
                throw new ZoneProblem(
                        "a string of more than %d octets: write it as several, \"…\" \"…\""
                                .formatted(most));
            }
            add(octet);
        }
        return length - begin;
    }

    private static void wantNoQuotesInside(Entries entry, int word) throws ZoneProblem {
        for (int i = entry.from(word); !entry.quoted(word) && i < entry.to(word); i++) {
            if (entry.bytes()[i] == '\\') {
                i++;
            } else if (entry.bytes()[i] == '"') {
                throw new ZoneProblem("a quote inside a word: put the whole string in quotes");
            }
        }
    }

    /** RFC 8659 §4.1. */
    private void caa(Entries entry) throws ZoneProblem {
        room(1);
        add((int) number(entry, "flags", 255));
        int tag = entry.take("a property, such as issue,");
        int letters = entry.length(tag);
        if (letters == 0 || letters > LONGEST_STRING || !isAlphanumeric(entry, tag)) {
            throw new ZoneProblem(
                    "a property is wanted, such as issue, not " + shown(entry.text(tag)));
        }
        room(1 + letters);
        add(letters);
        text(entry, tag, letters);
        int value = entry.take("a value, such as \"ca.example.net\",");
        wantNoQuotesInside(entry, value);
        room(entry.length(value));
        text(entry, value, LONGEST);
    }

    private static boolean isAlphanumeric(Entries entry, int word) {
        for (int i = entry.from(word); i < entry.to(word); i++) {
            int octet = entry.bytes()[i] | 0x20;
            if (!(octet >= 'a' && octet <= 'z') && !NameText.digit(entry.bytes()[i])) {
                return false;
            }
        }
        return true;
    }

    // ---- RFC 3597 §5

    private void generic(Entries entry) throws ZoneProblem {
        int octets = (int) number(entry, "the number of octets", LONGEST);
        room(octets);
        int high = -1;
        while (entry.more()) {
            int word = entry.take("");
            for (int i = entry.from(word); i < entry.to(word); i++) {
                int octet = entry.bytes()[i];
                if (!HexFormat.isHexDigit(octet)) {
                    throw new ZoneProblem(
                            "hexadecimal digits are wanted, not " + shown(entry.text(word)));
                }
                int digit = HexFormat.fromHexDigit(octet);
                if (high < 0) {
                    high = digit;
                } else if (length == octets) {
                    throw new ZoneProblem("more than the " + octets + " octets that \\# promises");
                } else {
                    add(high << 4 | digit);
                    high = -1;
                }
            }
        }
        if (length < octets || high >= 0) {
            throw new ZoneProblem("\\# promises %d octets, not %d".formatted(octets, length));
        }
    }

    /** What an administrator wrote, for a sentence about it. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            if (i == MOST_SHOWN) {
                shown.append('…');
                break;
            }
            char letter = text.charAt(i);
            shown.append(Character.isISOControl(letter) ? '?' : letter);
        }
        return shown.append('"').toString();
    }
}
