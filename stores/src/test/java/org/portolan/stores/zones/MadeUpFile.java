package org.portolan.stores.zones;

import java.util.Locale;
import java.util.Random;

/** A master file of random entries, each written in one of the ways in which it may be. */
final class MadeUpFile {
    private final Random random;
    private final StringBuilder text = new StringBuilder();

    MadeUpFile(Random random) {
        this.random = random;
    }

    String text() {
        if (random.nextBoolean()) {
            text.append("$TTL ").append(ttl()).append(end());
        }
        text.append("@ 3600 IN SOA ns1 hostmaster ( 2026112101 ; serial")
                .append(lineEnd())
                .append(" 7200 900 2w 300 )")
                .append(end());
        int entries = random.nextInt(15);
        for (int i = 0; i < entries; i++) {
            entry();
        }
        if (random.nextInt(4) == 0) { // no line end behind the last
            int last = text.length() - 1;
            while (text.charAt(last) == '\n' || text.charAt(last) == '\r') {
                last--;
            }
            text.setLength(last + 1);
        }
        return text.toString();
    }

    private void entry() {
        switch (random.nextInt(12)) {
            case 0 -> text.append("$ORIGIN ").append(absoluteName()).append(end());
            case 1 -> text.append("$ttl ").append(ttl()).append(end());
            case 2 ->
                    text.append(oneOf("", "   ", "\t", "; a comment", " ; \"(")).append(lineEnd());
            case 3 -> generate();
            default -> record();
        }
    }

    private void record() {
        text.append(oneOf("", "", name(), name(), "@"));
        text.append(blank());
        String ttl = random.nextBoolean() ? ttl() + blank() : "";
        String inClass = random.nextBoolean() ? oneOf("IN", "in", "In") + blank() : "";
        text.append(random.nextBoolean() ? ttl + inClass : inClass + ttl);
        String[] data = data().split(" ", 2);
        text.append(random.nextInt(5) == 0 ? data[0].toLowerCase(Locale.ROOT) : data[0]);
        text.append(blank());
        text.append(random.nextInt(4) == 0 ? inParentheses(data[1]) : data[1]);
        text.append(end());
    }

    /** Words in parentheses, over several lines; what has strings with blanks stays as it is. */
    private String inParentheses(String data) {
        String between = data.contains("\"") || data.contains("\\ ") ? " " : null;
        StringBuilder lines = new StringBuilder("(");
        for (String word : between == null ? data.split(" ") : new String[] {data}) {
            lines.append(oneOf(" ", lineEnd(), " ; c\"(" + lineEnd() + "  ")).append(word);
        }
        return lines.append(oneOf(")", " )", lineEnd() + ")")).toString();
    }

    private String data() {
        return switch (random.nextInt(30)) {
            case 0, 1, 2 -> "A " + ipv4();
            case 3, 4 -> "AAAA " + ipv6();
            case 5 -> "NS " + name();
            case 6 -> "CNAME " + name();
            case 7 -> "DNAME " + name();
            case 8 -> "PTR " + name();
            case 9, 10 -> "MX " + random.nextInt(65536) + " " + name();
            case 11, 12 -> "TXT " + strings();
            case 13 -> "SPF " + strings();
            case 14 -> "SRV 0 " + random.nextInt(65536) + " 443 " + name();
            case 15 -> "CAA " + random.nextInt(256) + " issue " + string();
            case 16 -> "TYPE65534 \\# 3 " + oneOf("abcdef", "AB CD ef", "ab cdef");
            case 17 -> "TYPE" + oneOf("300 \\# 0", "1 \\# 4 c0000201", "62000 \\# 1 00");
            case 18 -> "HINFO " + string() + " " + string();
            case 19 -> "RP " + name() + " " + name();
            case 20 -> "AFSDB 1 " + name();
            case 21 -> "NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" " + name();
            case 22 -> "TLSA 3 1 1 " + hex(32);
            case 23 -> "SSHFP 1 2 " + hex(32);
            case 24 -> "DS 60485 8 2 " + hex(32);
            case 25 -> "DNSKEY 257 3 8 AwEAAaetidLzsKWUt4swWR8yu0wPHPiUi8LU";
            case 26 -> "URI 10 1 \"https://www.example.org/\"";
            case 27 -> "SVCB 1 " + name() + " alpn=h2,h3 port=8443";
            case 28 -> "HTTPS 0 " + name();
            default -> "LOC 51 30 12.748 N 0 7 39.612 W 0.00m 1m 10000m 10m";
        };
    }

    private void generate() {
        int from = random.nextInt(20);
        text.append("$GENERATE ")
                .append(from)
                .append('-')
                .append(from + random.nextInt(5))
                .append(oneOf("", "/2"))
                .append(' ')
                .append(oneOf("host$", "h-${10,4,d}", "$", "x${0,3,x}.sub"))
                .append(oneOf("", " 300"))
                .append(oneOf(" A 10.0.0.$", " IN CNAME t${1,2,o}.net.", " PTR a$.example.com."))
                .append(end());
    }

    // ---- words

    private String name() {
        return switch (random.nextInt(8)) {
            case 0 -> "@";
            case 1 -> absoluteName();
            case 2 -> "*." + label();
            case 3 -> label() + "." + label() + "." + label();
            case 4 -> "esc\\.aped." + label();
            case 5 -> "d\\046ot\\032" + label();
            default -> label();
        };
    }

    private String absoluteName() {
        return oneOf("example.org.", "sub.example.org.", "Else.Where.", label() + ".example.org.");
    }

    private String label() {
        return oneOf("a", "www", "Mail", "x-1", "_tcp", "0", "in-addr", "l" + random.nextInt(99));
    }

    private String ttl() {
        return oneOf("0", "300", "3600", "1h", "1H30M", "2d", "1w2d3h4m5s", "2147483647");
    }

    private String ipv4() {
        return random.nextInt(256) + "." + random.nextInt(256) + ".0." + random.nextInt(256);
    }

    private String ipv6() {
        return oneOf(
                "::",
                "::1",
                "2001:db8::7",
                "2001:DB8:0:0:1::",
                "1:2:3:4:5:6:7:8",
                "::ffff:192.0.2.1",
                "fe80::1:2",
                "64:ff9b::192.0.2.33");
    }

    private String strings() {
        return random.nextBoolean() ? string() : string() + " " + string();
    }

    private String string() {
        return oneOf(
                "word",
                "\"quoted string\"",
                "\"\"",
                "\"semi;colon (paren)\"",
                "\"a \\\" quote\"",
                "\"\\065\\255\\000\"",
                "esc\\;aped",
                "\"" + "x".repeat(255) + "\"",
                "v=spf1");
    }

    private String hex(int octets) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < octets; i++) {
            hex.append(String.format(Locale.ROOT, "%02x", random.nextInt(256)));
        }
        return hex.toString();
    }

    private String blank() {
        return oneOf(" ", "\t", "   ");
    }

    private String end() {
        return oneOf("", " ", "\t; comment", " ;", ";") + lineEnd();
    }

    private String lineEnd() {
        return random.nextInt(5) == 0 ? "\r\n" : "\n";
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
