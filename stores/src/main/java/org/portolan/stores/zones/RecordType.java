package org.portolan.stores.zones;

/** The numbers of the types of records that are more than bytes to us (RFC 1035 §3.2.2 and on). */
public final class RecordType {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int MD = 3;
    public static final int MF = 4;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int MB = 7;
    public static final int MG = 8;
    public static final int MR = 9;
    public static final int PTR = 12;
    public static final int HINFO = 13;
    public static final int MINFO = 14;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int KEY = 25;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int NAPTR = 35;
    public static final int DNAME = 39;
    public static final int OPT = 41;
    public static final int DS = 43;
    public static final int RRSIG = 46;
    public static final int NSEC = 47;
    public static final int NSEC3 = 50;
    public static final int SVCB = 64;
    public static final int HTTPS = 65;
    public static final int SPF = 99;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int MAILB = 253;
    public static final int MAILA = 254;
    public static final int ANY = 255;
    public static final int CAA = 257;

    private RecordType() {}

    /** Whether such a record can stand in a zone: not a question only, nor a part of EDNS. */
    static boolean storable(int type) {
        boolean question = type >= 128 && type <= 255; // RFC 6895 §3.1
        return type > 0 && type < 0xffff && type != OPT && !question;
    }

    /**
     * How many names the record data holds that may be compressed: only those of RFC 1035's own
     * types may (RFC 3597 §4).
     */
    public static int compressedNames(int type) {
        return switch (type) {
            case NS, MD, MF, CNAME, MB, MG, MR, PTR, MX -> 1;
            case SOA, MINFO -> 2;
            default -> 0;
        };
    }

    /** Where the first name of the record data begins; -1 where it has none that we follow. */
    public static int nameAt(int type) {
        return switch (type) {
            case NS, MD, MF, CNAME, MB, MG, MR, PTR, SOA, MINFO, DNAME -> 0;
            case MX, SVCB, HTTPS -> 2;
            case SRV -> 6;
            default -> -1;
        };
    }

    /** The type's name, for sentences; {@code TYPE65280} for one that has none here. */
    static String text(int type) {
        return switch (type) {
            case A -> "A";
            case NS -> "NS";
            case CNAME -> "CNAME";
            case SOA -> "SOA";
            case PTR -> "PTR";
            case MX -> "MX";
            case TXT -> "TXT";
            case AAAA -> "AAAA";
            case SRV -> "SRV";
            case NAPTR -> "NAPTR";
            case DNAME -> "DNAME";
            case DS -> "DS";
            case SVCB -> "SVCB";
            case HTTPS -> "HTTPS";
            default -> "TYPE" + type; // RFC 3597 §5
        };
    }
}
