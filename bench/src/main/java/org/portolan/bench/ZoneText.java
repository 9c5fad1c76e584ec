package org.portolan.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A zone as a hosting company has it, and questions about it, both the same on every run.
 *
 * <p>Customers stand in a row, each with the names and types below; every fifth has its own name
 * servers, to which the zone delegates with glue.
 *
 * @param apex without the dot at its end
 * @param records in the file, including SOA, NS and glue
 */
record ZoneText(String apex, int records) {
    private static final int DELEGATED_EVERY = 5;
    private static final int SERVED_RECORDS = 8;
    private static final int DELEGATED_RECORDS = 4;
    private static final int HEAD_RECORDS = 5;
    private static final long SEED = 1035;

    private static final List<String> FIRST =
            List.of(
                    "amber",
                    "bright",
                    "calm",
                    "deep",
                    "eastern",
                    "fair",
                    "golden",
                    "high",
                    "inner",
                    "jolly",
                    "keen",
                    "lower",
                    "modern",
                    "northern",
                    "open",
                    "plain",
                    "quiet",
                    "royal",
                    "silver",
                    "tall",
                    "upper",
                    "vivid",
                    "western",
                    "young");
    private static final List<String> SECOND =
            List.of(
                    "anchor",
                    "beacon",
                    "chart",
                    "dock",
                    "estuary",
                    "ferry",
                    "galley",
                    "harbour",
                    "island",
                    "jetty",
                    "keel",
                    "lantern",
                    "mast",
                    "navigator",
                    "oar",
                    "pilot",
                    "quay",
                    "rudder",
                    "sail",
                    "tide",
                    "voyage",
                    "wharf",
                    "yard");

    /** Writes the master file (RFC 1035 §5). */
    void write(Path file, long serial) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("$ORIGIN " + apex + ".\n$TTL 3600\n");
            out.write("@ IN SOA ns1 hostmaster " + serial + " 7200 900 1209600 300\n");
            out.write("@ IN NS ns1\n@ IN NS ns2\nns1 IN A 192.0.2.1\nns2 IN A 192.0.2.2\n");
            int left = records - HEAD_RECORDS;
            for (int customer = 0; left > 0; customer++) {
                for (String line : lines(customer)) {
                    if (left-- > 0) {
                        out.write(line);
                        out.write('\n');
                    }
                }
            }
        }
    }

    /**
     * Writes questions in the form that dnsperf reads, in random order.
     *
     * @param missing how many of a hundred ask for names that are not there
     */
    void writeQuestions(Path file, int count, int missing) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int customers = customers();
        try (Writer out = Files.newBufferedWriter(file)) {
            for (int question = 0; question < count; question++) {
                boolean absent = random.nextInt(100) < missing;
                int customer = random.nextInt(customers);
                String name = name(customer);
                int kind = random.nextInt(100);
                out.write(absent ? missing(name, customer, kind) : present(name, customer, kind));
                out.write('\n');
            }
        }
    }

    /** Those of whom no record is cut off at the end of the file. */
    int customers() {
        int group = (DELEGATED_EVERY - 1) * SERVED_RECORDS + DELEGATED_RECORDS;
        return (records - HEAD_RECORDS) / group * DELEGATED_EVERY;
    }

    private static boolean isDelegated(int customer) {
        return customer % DELEGATED_EVERY == 0;
    }

    /** No two alike, and neighbours in the file are not neighbours in the alphabet. */
    private static String name(int customer) {
        String first = FIRST.get(customer % FIRST.size());
        String second = SECOND.get(customer % SECOND.size());
        return first + '-' + second + customer / (FIRST.size() * SECOND.size());
    }

    private static List<String> lines(int customer) {
        String name = name(customer);
        String v4 = "10.%d.%d.%d".formatted(customer >> 16, customer >> 8 & 255, customer & 255);
        String v6 = "2001:db8:%x:%x::".formatted(customer >> 16, customer & 0xffff);
        if (isDelegated(customer)) {
            return List.of(
                    name + " IN NS ns1." + name,
                    name + " IN NS ns2." + name,
                    "ns1." + name + " IN A " + v4,
                    "ns2." + name + " IN AAAA " + v6 + "53");
        }
        return List.of(
                name + " IN A " + v4,
                name + " IN AAAA " + v6 + "1",
                name + " IN MX 10 mail." + name,
                name + " IN TXT \"v=spf1 mx ip4:" + v4 + " -all\"",
                "www." + name + " IN CNAME " + name,
                "mail." + name + " IN A " + v4,
                "mail." + name + " IN AAAA " + v6 + "25",
                "shop." + name + " 300 IN A " + v4);
    }

    private String present(String name, int customer, int kind) {
        String full = name + '.' + apex;
        if (isDelegated(customer)) {
            return "www." + full + " A";
        }
        if (kind < 35) {
            return full + " A";
        } else if (kind < 50) {
            return full + " AAAA";
        } else if (kind < 65) {
            return "www." + full + " A";
        } else if (kind < 75) {
            return full + " MX";
        } else if (kind < 85) {
            return "mail." + full + " A";
        } else if (kind < 95) {
            return full + " TXT";
        }
        return "shop." + full + " A";
    }

    /** Beside a customer's name, or below the name of one that is served here. */
    private String missing(String name, int customer, int kind) {
        String word = SECOND.get(kind % SECOND.size()) + kind;
        boolean beside = kind < 50 || isDelegated(customer);
        return word + (beside ? '-' : '.') + name + '.' + apex + " A";
    }
}
