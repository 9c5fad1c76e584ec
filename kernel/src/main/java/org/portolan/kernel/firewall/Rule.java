package org.portolan.kernel.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.kernel.Allowance;
import org.portolan.kernel.Port;
import org.portolan.kernel.Size;

/**
 * One sentence of the firewall.
 *
 * @param text as it was written, with single blanks
 * @param admits whether it lets in
 * @param proxy whether it lets in proxies, which say for whom they speak; that one is judged again
 * @param groups whose accounts it is about, in lower case; empty if it is about everybody
 * @param allowance how much of it
 */
public record Rule(
        String text,
        boolean admits,
        boolean proxy,
        List<Target> targets,
        List<AddressRange> ranges,
        Set<String> groups,
        Allowance allowance) {

    private static final Pattern FORM =
            Pattern.compile(
                    "(allow|deny|limit|proxy) (.+?) from (.+?)(?: for (.+?))?(?: to (.+))?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern GROUP =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,62}");
    private static final Pattern AMOUNT =
            Pattern.compile(
                    "(\\d{1,9}) (connections?|new per minute)|(\\d.*?)(?:/s| per second)",
                    Pattern.CASE_INSENSITIVE);

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static Rule of(String sentence) {
        String text = sentence.strip().replaceAll("\\s+", " ");
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a rule is written like \"allow smtp from 10.0.0.0/8\", \"deny imap from any"
                            + " for guests\", \"limit 25/tcp from any to 20 connections\" or"
                            + " \"proxy smtp from 10.0.0.5\", not \""
                            + text
                            + "\"");
        }
        String verb = form.group(1).toLowerCase(Locale.ROOT);
        boolean limits = verb.equals("limit");
        boolean proxy = verb.equals("proxy");
        if (proxy && form.group(4) != null) {
            throw new IllegalArgumentException(
                    "a proxy has no account: only allow, deny and limit have \"for\" and a group");
        }
        if (limits == (form.group(5) == null)) {
            throw new IllegalArgumentException(
                    limits
                            ? "a limit ends like \"to 20 connections, 60 new per minute, 1 MB per"
                                    + " second\""
                            : "only a limit has \"to\" and an amount");
        }
        List<Target> targets = new ArrayList<>();
        for (String word : form.group(2).split(" ?, ?| ")) {
            targets.add(Target.of(word));
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (String word : form.group(3).split(" ?, ?| ")) {
            ranges.addAll(AddressRange.named(word));
        }
        return new Rule(
                text,
                !verb.equals("deny"),
                proxy,
                List.copyOf(targets),
                List.copyOf(ranges),
                form.group(4) == null ? Set.of() : groups(form.group(4)),
                limits ? allowance(form.group(5)) : Allowance.UNLIMITED);
    }

    private static Set<String> groups(String words) {
        Set<String> groups = new TreeSet<>();
        for (String word : words.split(" ?, ?| ")) {
            if (!GROUP.matcher(word).matches()) {
                throw new IllegalArgumentException(
                        "after for stand groups of accounts, like crew, not \"" + word + "\"");
            }
            groups.add(word.toLowerCase(Locale.ROOT));
        }
        return Collections.unmodifiableSet(groups);
    }

    private static Allowance allowance(String amounts) {
        int connections = 0;
        int perMinute = 0;
        long bytes = 0;
        for (String amount : amounts.split(" ?, ?")) {
            Matcher form = AMOUNT.matcher(amount);
            if (!form.matches()) {
                throw new IllegalArgumentException(
                        "an amount is \"20 connections\", \"60 new per minute\" or \"1 MB per"
                                + " second\", not \""
                                + amount
                                + "\"");
            }
            if (form.group(3) != null) {
                bytes = atLeastOne(Size.of(form.group(3)).bytes(), amount);
            } else if (form.group(2).toLowerCase(Locale.ROOT).startsWith("new")) {
                perMinute = (int) atLeastOne(Long.parseLong(form.group(1)), amount);
            } else {
                connections = (int) atLeastOne(Long.parseLong(form.group(1)), amount);
            }
        }
        return new Allowance(connections, perMinute, bytes);
    }

    private static long atLeastOne(long count, String amount) {
        if (count == 0) {
            throw new IllegalArgumentException("a limit of nothing is a deny: \"" + amount + "\"");
        }
        return count;
    }

    /** Whether it is about {@code port} at all. Nobody logs in, or has a proxy, over UDP. */
    boolean covers(String service, Port port, String transport) {
        return (transport.equals("tcp") || (groups.isEmpty() && !proxy))
                && aims(service, port, transport);
    }

    private boolean aims(String service, Port port, String transport) {
        return targets.stream().anyMatch(target -> target.covers(service, port, transport));
    }

    boolean applies(String service, Port port, String transport, InetAddress from) {
        return covers(service, port, transport)
                && ranges.stream().anyMatch(range -> range.contains(from));
    }

    /** Whether it is about somebody who is in these groups. */
    boolean concerns(Set<String> ofAccount) {
        return groups.isEmpty() || !Collections.disjoint(groups, ofAccount);
    }

    /** The services and ports that it names, for who knows whether they exist. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        targets.stream().map(Target::name).filter(name -> !name.isEmpty()).forEach(names::add);
        return names;
    }

    /** What stands after {@code from}: networks, addresses, {@code any}. */
    public String from() {
        Matcher form = FORM.matcher(text);
        return form.matches() ? form.group(3) : "";
    }

    /** Whether it is about every address there is, of IPv4 or of IPv6. */
    public boolean isAboutEverybody() {
        return ranges.stream().anyMatch(AddressRange::isEverybody);
    }

    /** Whether it is about all services and ports. */
    public boolean isAboutEverything() {
        return targets.stream().anyMatch(Target::isEverything);
    }

    @Override
    public String toString() {
        return text;
    }
}
