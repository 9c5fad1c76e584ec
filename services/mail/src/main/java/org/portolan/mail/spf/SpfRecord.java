package org.portolan.mail.spf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain's record, read as a whole before any of it is used (RFC 7208 §4.6).
 *
 * @param directives in their order
 * @param redirect whose record counts if none matches
 * @param explanation where the words for who fails are
 */
public record SpfRecord(
        List<Directive> directives, Optional<SpfMacros> redirect, Optional<SpfMacros> explanation) {
    /** What is wrong with a record. */
    public static final class Malformed extends Exception {
        Malformed(String words) {
            super(words);
        }
    }

    /**
     * A mechanism, and what is so if it matches.
     *
     * @param text as it is written
     */
    public record Directive(SpfResult result, Mechanism mechanism, String text) {}

    /** What a host is compared with (RFC 7208 §5). */
    public sealed interface Mechanism {
        /** Everybody. */
        record All() implements Mechanism {}

        /** Who passes there. */
        record Include(SpfMacros domain) implements Mechanism {}

        /** The addresses of a host; the domain itself if none is named. */
        record Addresses(Optional<SpfMacros> domain, int prefix4, int prefix6)
                implements Mechanism {}

        /** The addresses of those who take a domain's mail. */
        record Exchangers(Optional<SpfMacros> domain, int prefix4, int prefix6)
                implements Mechanism {}

        /** Hosts whose names, by their addresses, are in a domain. */
        record Pointers(Optional<SpfMacros> domain) implements Mechanism {}

        /** A network. */
        record Network(InetAddress base, int prefix) implements Mechanism {}

        /** Anybody, if a name has an address. */
        record Exists(SpfMacros domain) implements Mechanism {}
    }

    /** More than fits any answer that is kept; a longer one is somebody's bomb. */
    private static final int LONGEST = 16_384;

    private static final Pattern MODIFIER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.*)");
    private static final Pattern DIRECTIVE =
            Pattern.compile("([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)([:/].*)?");
    private static final String PREFIX4 = "(?:/(0|[1-9][0-9]?))?";
    private static final String PREFIX6 = "(?://(0|[1-9][0-9]{0,2}))?";
    private static final Pattern DOMAIN_AND_PREFIXES =
            Pattern.compile("(?::(.+?))?" + PREFIX4 + PREFIX6);

    /** Whether a text is a record of this kind at all (RFC 7208 §4.5). */
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, "v=spf1", 0, 6)
                && (text.length() == 6 || text.charAt(6) == ' ');
    }

    /** Reads one that {@link #isOne}. */
    public static SpfRecord parse(String text) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("the record has more than " + LONGEST + " bytes");
        }
        List<Directive> directives = new ArrayList<>();
        Optional<SpfMacros> redirect = Optional.empty();
        Optional<SpfMacros> explanation = Optional.empty();
        for (String term : text.substring(6).split(" +")) {
            Matcher modifier = MODIFIER.matcher(term);
            if (term.isEmpty()) {
                continue;
            }
            if (!modifier.matches()) {
                directives.add(directive(term));
                continue;
            }
            String name = modifier.group(1).toLowerCase(Locale.ROOT);
            String value = modifier.group(2);
            if (name.equals("redirect")) {
                once(redirect, term);
                redirect = Optional.of(SpfMacros.domain(value));
            } else if (name.equals("exp")) {
                once(explanation, term);
                explanation = Optional.of(SpfMacros.domain(value));
            } else {
                SpfMacros.checked(value); // RFC 7208 §6: unknown ones are ignored, if well-formed
            }
        }
        return new SpfRecord(List.copyOf(directives), redirect, explanation);
    }

    private static void once(Optional<SpfMacros> before, String term) throws Malformed {
        if (before.isPresent()) {
            throw new Malformed("there are two of " + shown(term)); // RFC 7208 §6
        }
    }

    private static Directive directive(String term) throws Malformed {
        Matcher parts = DIRECTIVE.matcher(term);
        if (!parts.matches()) {
            throw new Malformed("not a term: " + shown(term));
        }
        SpfResult result =
                switch (parts.group(1)) {
                    case "-" -> SpfResult.FAIL;
                    case "~" -> SpfResult.SOFTFAIL;
                    case "?" -> SpfResult.NEUTRAL;
                    default -> SpfResult.PASS;
                };
        String rest = parts.group(3) == null ? "" : parts.group(3);
        return new Directive(
                result, mechanism(parts.group(2).toLowerCase(Locale.ROOT), rest, term), term);
    }

    private static Mechanism mechanism(String name, String rest, String term) throws Malformed {
        switch (name) {
            case "all" -> {
                if (rest.isEmpty()) {
                    return new Mechanism.All();
                }
            }
            case "include" -> {
                return new Mechanism.Include(wantedDomain(rest, term));
            }
            case "exists" -> {
                return new Mechanism.Exists(wantedDomain(rest, term));
            }
            case "ptr" -> {
                return new Mechanism.Pointers(
                        rest.isEmpty() ? Optional.empty() : Optional.of(wantedDomain(rest, term)));
            }
            case "a", "mx" -> {
                Matcher parts = DOMAIN_AND_PREFIXES.matcher(rest);
                if (parts.matches()) {
                    Optional<SpfMacros> domain =
                            parts.group(1) == null
                                    ? Optional.empty()
                                    : Optional.of(SpfMacros.domain(parts.group(1)));
                    int prefix4 = prefix(parts.group(2), 32, term);
                    int prefix6 = prefix(parts.group(3), 128, term);
                    return name.equals("a")
                            ? new Mechanism.Addresses(domain, prefix4, prefix6)
                            : new Mechanism.Exchangers(domain, prefix4, prefix6);
                }
            }
            case "ip4" -> {
                return network(rest, false, term);
            }
            case "ip6" -> {
                return network(rest, true, term);
            }
            default -> throw new Malformed("unknown mechanism: " + shown(term));
        }
        throw new Malformed("malformed: " + shown(term));
    }

    private static SpfMacros wantedDomain(String rest, String term) throws Malformed {
        if (!rest.startsWith(":")) {
            throw new Malformed("a domain is missing: " + shown(term));
        }
        return SpfMacros.domain(rest.substring(1));
    }

    private static int prefix(@Nullable String digits, int most, String term) throws Malformed {
        if (digits == null) {
            return most;
        }
        int prefix = Integer.parseInt(digits);
        if (prefix > most) {
            throw new Malformed("no such prefix length: " + shown(term));
        }
        return prefix;
    }

    private static Mechanism network(String rest, boolean six, String term) throws Malformed {
        int slash = rest.indexOf('/');
        @Nullable String digits = slash < 0 ? null : rest.substring(slash + 1);
        String address = slash < 0 ? rest : rest.substring(0, slash);
        boolean looksRight =
                six
                        ? address.matches(":[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
                        : address.matches(":([0-9]{1,3}\\.){3}[0-9]{1,3}");
        if (!looksRight || (digits != null && !digits.matches("0|[1-9][0-9]{0,2}"))) {
            throw new Malformed("not a network: " + shown(term));
        }
        try {
            InetAddress base =
                    six
                            ? Inet6Address.ofLiteral(address.substring(1))
                            : Inet4Address.ofLiteral(address.substring(1));
            return new Mechanism.Network(base, prefix(digits, six ? 128 : 32, term));
        } catch (IllegalArgumentException e) {
            throw new Malformed("not an address: " + shown(term));
        }
    }

    /** What strangers wrote, for logs and header fields: short, and printable. */
    static String shown(String term) {
        String printable = term.replaceAll("[^\\x21-\\x7e]", "?");
        return printable.length() > 60 ? printable.substring(0, 60) + "..." : printable;
    }
}
