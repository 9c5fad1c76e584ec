package org.portolan.stores.zones;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The types of records as master files name them (RFC 1035 §3.2.2, RFC 3597 §5). */
final class TypeNames {
    private static final String KNOWN =
            "A 1 NS 2 MD 3 MF 4 CNAME 5 SOA 6 MB 7 MG 8 MR 9 PTR 12 HINFO 13 MINFO 14 MX 15 TXT 16"
                    + " RP 17 AFSDB 18 X25 19 ISDN 20 RT 21 NSAP 22 SIG 24 KEY 25 PX 26 GPOS 27"
                    + " AAAA 28 LOC 29 SRV 33 NAPTR 35 KX 36 CERT 37 DNAME 39 APL 42 DS 43 SSHFP 44"
                    + " IPSECKEY 45 RRSIG 46 NSEC 47 DNSKEY 48 DHCID 49 NSEC3 50 NSEC3PARAM 51"
                    + " TLSA 52 SMIMEA 53 HIP 55 CDS 59 CDNSKEY 60 OPENPGPKEY 61 CSYNC 62"
                    + " ZONEMD 63 SVCB 64 HTTPS 65 SPF 99 NID 104 L32 105 L64 106 LP 107 EUI48 108"
                    + " EUI64 109 URI 256 CAA 257 AVC 258 DLV 32769";

    /** A power of two, several times the number of names. */
    private static final int SLOTS = 512;

    private static final long[] KEYS = new long[SLOTS];
    private static final int[] CODES = new int[SLOTS];
    private static final Map<Integer, String> NAMES = new HashMap<>();

    static {
        String[] known = KNOWN.split(" ");
        for (int i = 0; i < known.length; i += 2) {
            byte[] name = known[i].getBytes(US_ASCII);
            int code = Integer.parseInt(known[i + 1]);
            long key = key(name, 0, name.length);
            int slot = slot(key);
            while (KEYS[slot] != 0) {
                slot = (slot + 1) % SLOTS;
            }
            KEYS[slot] = key;
            CODES[slot] = code;
            NAMES.put(code, known[i]);
        }
    }

    private TypeNames() {}

    /** The number of the type that a word names, or -1. */
    static int read(byte[] text, int from, int to) {
        long key = key(text, from, to);
        if (key == 0) {
            return -1;
        }
        for (int slot = slot(key); KEYS[slot] != 0; slot = (slot + 1) % SLOTS) {
            if (KEYS[slot] == key) {
                return CODES[slot];
            }
        }
        return numbered(text, from, to);
    }

    /** TYPE65534 (RFC 3597 §5). */
    private static int numbered(byte[] text, int from, int to) {
        String word = new String(text, from, to - from, ISO_8859_1);
        if (!word.regionMatches(true, 0, "TYPE", 0, 4) || !word.matches("....[0-9]{1,5}")) {
            return -1;
        }
        int number = Integer.parseInt(word.substring(4));
        return number <= 0xffff ? number : -1;
    }

    /** The type that {@code name} names: {@code MX}, {@code TYPE65534}. */
    static Optional<Integer> named(String name) {
        byte[] text = name.getBytes(ISO_8859_1);
        int code = read(text, 0, text.length);
        return code < 0 ? Optional.empty() : Optional.of(code);
    }

    /** How master files write the type. */
    static String of(int code) {
        return NAMES.getOrDefault(code, "TYPE" + code);
    }

    /** Up to ten letters, digits and hyphens, in six bits each; 0 for everything else. */
    private static long key(byte[] text, int from, int to) {
        if (to - from > 10 || to == from) {
            return 0;
        }
        long key = 0;
        for (int i = from; i < to; i++) {
            int octet = text[i];
            int six;
            if (octet >= 'a' && octet <= 'z') {
                six = octet - 'a' + 1;
            } else if (octet >= 'A' && octet <= 'Z') {
                six = octet - 'A' + 1;
            } else if (octet >= '0' && octet <= '9') {
                six = octet - '0' + 27;
            } else {
                return 0;
            }
            key = key << 6 | six;
        }
        return key;
    }

    private static int slot(long key) {
        return (int) ((key * 0x9e3779b97f4a7c15L) >>> 55);
    }
}
