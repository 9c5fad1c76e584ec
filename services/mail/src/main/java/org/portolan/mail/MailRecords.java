package org.portolan.mail;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the world has to know of a domain whose mail we send and take, and whether it does.
 *
 * @param domain whose mail it is
 * @param host our name
 * @param addresses ours that others can reach
 * @param keys the TXT record of each DKIM key, by selector
 */
public record MailRecords(
        String domain, String host, List<InetAddress> addresses, Map<String, String> keys) {
    /** How it stands with a record. */
    public enum State {
        /** Nobody was asked. */
        UNKNOWN,
        OK,
        /** There is another, which may be meant so. */
        DIFFERS,
        MISSING,
        /** Nobody could say. */
        UNANSWERED
    }

    /**
     * A record to publish.
     *
     * @param name where
     * @param value as a master file writes it; a text without its quotes
     * @param needed whether mail suffers without it
     * @param seen what there is instead, or why nobody could say
     */
    public record Wanted(
            String name, String type, String value, boolean needed, State state, String seen) {
        Wanted(String name, String type, String value, boolean needed) {
            this(name, type, value, needed, State.UNKNOWN, "");
        }

        private Wanted found(State now, String instead) {
            return new Wanted(name, type, value, needed, now, instead);
        }
    }

    /** The records, and nobody asked. */
    public List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        for (InetAddress address : addresses) {
            String type = address instanceof Inet4Address ? "A" : "AAAA";
            wanted.add(new Wanted(host, type, address.getHostAddress(), true));
        }
        wanted.add(new Wanted(domain, "MX", "10 " + host + ".", true));
        wanted.add(new Wanted(domain, "TXT", "v=spf1 mx -all", true));
        if (!host.equalsIgnoreCase(domain)) { // whose bounces these are (RFC 7208 §2.4)
            wanted.add(new Wanted(host, "TXT", "v=spf1 a -all", false));
        }
        keys.forEach(
                (selector, text) ->
                        wanted.add(
                                new Wanted(selector + "._domainkey." + domain, "TXT", text, true)));
        wanted.add(new Wanted("_dmarc." + domain, "TXT", "v=DMARC1; p=none", false));
        for (InetAddress address : addresses) {
            if (!address.isLoopbackAddress()) {
                wanted.add(new Wanted(address.getHostAddress(), "PTR", host + ".", false));
            }
        }
        return wanted;
    }

    /** The records, and what {@code names} says of each. */
    public List<Wanted> checked(Names names) {
        return wanted().stream().map(record -> checked(record, names)).toList();
    }

    private Wanted checked(Wanted wanted, Names names) {
        return switch (wanted.type) {
            case "A" -> address(wanted, names.ipv4(wanted.name));
            case "AAAA" -> address(wanted, names.ipv6(wanted.name));
            case "MX" ->
                    compared(
                            wanted,
                            names.exchangers(wanted.name),
                            mx -> mx.host().equalsIgnoreCase(host));
            case "PTR" ->
                    compared(
                            wanted,
                            names.pointers(InetAddress.ofLiteral(wanted.name)),
                            name -> name.equalsIgnoreCase(host));
            default -> text(wanted, names.texts(wanted.name));
        };
    }

    private static Wanted address(Wanted wanted, Names.Answer<InetAddress> answer) {
        return compared(
                wanted, answer, address -> address.equals(InetAddress.ofLiteral(wanted.value)));
    }

    /** Among other texts only those of the same kind count: {@code v=spf1}, {@code v=DKIM1}. */
    private static Wanted text(Wanted wanted, Names.Answer<String> answer) {
        String kind = wanted.value.split("[ ;]")[0];
        List<String> alike = answer.records().stream().filter(t -> t.startsWith(kind)).toList();
        if (alike.isEmpty() && !answer.records().isEmpty()) {
            return wanted.found(State.MISSING, "");
        }
        if (alike.size() > 1) {
            return wanted.found(State.DIFFERS, "more than one: " + String.join(" | ", alike));
        }
        String plain = wanted.value.replace(" ", "");
        if (!alike.isEmpty() && alike.getFirst().replace(" ", "").equals(plain)) {
            return wanted.found(State.OK, "");
        }
        return compared(wanted, answer, text -> text.replace(" ", "").equals(plain));
    }

    private static <T> Wanted compared(Wanted wanted, Names.Answer<T> answer, Predicate<T> right) {
        if (answer instanceof Names.Answer.TryAgain<T>(String why)) {
            return wanted.found(State.UNANSWERED, why);
        }
        List<T> records = answer.records();
        if (records.stream().anyMatch(right)) {
            return wanted.found(State.OK, "");
        }
        if (records.isEmpty()) {
            return wanted.found(State.MISSING, "");
        }
        return wanted.found(
                State.DIFFERS,
                String.join(", ", records.stream().map(MailRecords::shown).toList()));
    }

    private static String shown(Object record) {
        return switch (record) {
            case InetAddress address -> address.getHostAddress();
            case Names.Exchanger mx -> mx.preference() + " " + mx.host() + ".";
            default -> String.valueOf(record);
        };
    }
}
