package org.portolan.shell.ssh;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.kernel.Network;

/**
 * One sentence about who may have ports forwarded: {@code crew may reach db.example:5432} (RFC 4254
 * §7.2), {@code ada may listen at 8000-8099} (§7.1).
 *
 * @param text as it was written, with single blanks
 * @param who accounts and groups, in lower case; {@code all} is everybody
 * @param listens whether it is about ports that are opened here; else about what is reached
 */
public record ForwardRule(String text, Set<String> who, boolean listens, List<Place> places) {
    private static final int MOST = 65_535;
    private static final String LOOPBACK = "loopback";
    private static final Pattern FORM =
            Pattern.compile("(.+?) may (reach|listen at) (.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern PLACE =
            Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+))(?::([0-9-]+))?");
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,252}");

    /**
     * A host, or hosts, and ports there.
     *
     * @param host a name, a network, {@code any}, {@code loopback} or {@code outside}
     */
    public record Place(String host, int first, int last) {
        boolean hasPort(int port) {
            return first <= port && port <= last;
        }

        /** Whether {@code name}, which is at {@code address}, is among them. */
        boolean has(String name, InetAddress address) {
            return switch (host) {
                case "any" -> true;
                case LOOPBACK -> address.isLoopbackAddress();
                case "outside" -> !address.isLoopbackAddress() && !address.isAnyLocalAddress();
                default -> host.equalsIgnoreCase(name) || isIn(address);
            };
        }

        private boolean isIn(InetAddress address) {
            try {
                return Network.of(host).contains(address);
            } catch (IllegalArgumentException e) { // it is a name
                return false;
            }
        }

        private static Place of(String word, boolean listens) {
            if (listens && PORTS.matcher(word).matches()) {
                return at(LOOPBACK, word);
            }
            if (word.chars().filter(c -> c == ':').count() > 1 && !word.startsWith("[")) {
                return at(word, ""); // an address of IPv6, and all its ports
            }
            Matcher form = PLACE.matcher(word);
            if (!form.matches()) {
                throw new IllegalArgumentException(wanted(word));
            }
            String host = form.group(1) == null ? form.group(2) : form.group(1);
            return at(host, form.group(3) == null ? "" : form.group(3));
        }

        private static Place at(String host, String ports) {
            String lower = host.toLowerCase(Locale.ROOT);
            if (host.indexOf('/') >= 0 || host.indexOf(':') >= 0) {
                var _ = Network.of(host); // or it says what is wrong
            } else if (!HOST.matcher(lower).matches()) {
                throw new IllegalArgumentException(wanted(host));
            }
            if (ports.isEmpty()) {
                return new Place(lower, 0, MOST);
            }
            Matcher range = PORTS.matcher(ports);
            if (!range.matches()) {
                throw new IllegalArgumentException(wanted(ports));
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last > MOST || first > last || first == 0) {
                throw new IllegalArgumentException(
                        "ports go from 1 to 65535, the smaller first, not \"" + ports + "\"");
            }
            return new Place(lower, first, last);
        }

        private static String wanted(String word) {
            return "a host and ports are wanted, like db.example:5432, 10.0.0.0/8:80-443,"
                    + " [2001:db8::1]:22, any, loopback or outside, not \""
                    + word
                    + "\"";
        }
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static ForwardRule of(String sentence) {
        String text = sentence.strip().replaceAll("\\s+", " ");
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a rule is written like \"crew may reach db.example:5432\" or \"ada may listen"
                            + " at 8000-8099\", not \""
                            + text
                            + "\"");
        }
        Set<String> who = new TreeSet<>();
        for (String name : form.group(1).split(" ?, ?| ")) {
            who.add(name.toLowerCase(Locale.ROOT));
        }
        boolean listens = form.group(2).toLowerCase(Locale.ROOT).startsWith("listen");
        List<Place> places = new ArrayList<>();
        for (String word : form.group(3).split(" ?, ?| ")) {
            places.add(Place.of(word, listens));
        }
        return new ForwardRule(
                text, Collections.unmodifiableSet(who), listens, List.copyOf(places));
    }

    /** Whether it is about one who has one of these names: of the account, and its groups. */
    boolean concerns(Set<String> names) {
        return who.contains("all") || !Collections.disjoint(who, names);
    }

    @Override
    public String toString() {
        return text;
    }
}
