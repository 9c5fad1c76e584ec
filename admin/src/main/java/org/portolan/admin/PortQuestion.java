package org.portolan.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.registry.KnownPort;
import org.portolan.kernel.registry.Lane;
import org.portolan.kernel.registry.PortRegistry;

/** What somebody wants to know about ports. */
sealed interface PortQuestion {
    /** One number, in one lane or in both. */
    record OfNumber(int number, List<Lane> lanes) implements PortQuestion {}

    /** Every number from {@code first} to {@code last}. */
    record OfRange(int first, int last, List<Lane> lanes) implements PortQuestion {}

    /** What a name stands for: at least one entry. */
    record OfName(List<KnownPort> found) implements PortQuestion {}

    /** {@code 443}, {@code 6000-6100}, {@code imap}, each also with {@code /udp} behind it. */
    Pattern FORM = Pattern.compile("(?:([0-9]+)(?:-([0-9]+))?|([^/]+))(?:/(.*))?");

    /**
     * Reads what was typed.
     *
     * @throws Refusal naming what may have been meant
     */
    static PortQuestion of(String typed, PortRegistry registry) throws Refusal {
        Matcher form = FORM.matcher(typed);
        if (!form.matches()) {
            throw Refusal.usage(
                    "\"%s\" is no port; write 443, 53/udp, 6000-6100 or imap".formatted(typed));
        }
        List<Lane> lanes = form.group(4) == null ? List.of(Lane.values()) : lane(form.group(4));
        if (form.group(3) != null) {
            return new OfName(called(form.group(3), lanes, registry));
        }
        int first = number(form.group(1));
        if (form.group(2) == null) {
            return new OfNumber(first, lanes);
        }
        int last = number(form.group(2));
        if (last < first) {
            throw Refusal.usage(
                    "the range %d-%d ends before it begins; did you mean %d-%d?"
                            .formatted(first, last, last, first));
        }
        return new OfRange(first, last, lanes);
    }

    private static int number(String digits) throws Refusal {
        int number = digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (number > PortRegistry.LAST_PORT) {
            throw Refusal.usage(
                    "ports go from 0 to %d; there is no %s"
                            .formatted(PortRegistry.LAST_PORT, digits));
        }
        return number;
    }

    private static List<Lane> lane(String word) throws Refusal {
        Optional<Lane> lane =
                Arrays.stream(Lane.values())
                        .filter(one -> one.word().equals(word.toLowerCase(Locale.ROOT)))
                        .findFirst();
        if (lane.isEmpty()) {
            String near = Nearest.of(word, List.of("tcp", "udp"));
            throw Refusal.usage(
                    "ports are tcp or udp, not \"%s\"%s".formatted(word, didYouMean(near)));
        }
        return List.of(lane.get());
    }

    private static List<KnownPort> called(String name, List<Lane> lanes, PortRegistry registry)
            throws Refusal {
        List<KnownPort> called = registry.called(name);
        if (called.isEmpty()) {
            throw Refusal.usage(
                    "no service is called \"%s\"%s"
                            .formatted(name, didYouMean(registry.nearest(name))));
        }
        List<KnownPort> found = called.stream().filter(one -> lanes.contains(one.lane())).toList();
        if (found.isEmpty()) {
            KnownPort other = called.getFirst();
            throw Refusal.usage(
                    "%s is not known over %s; did you mean %s/%s?"
                            .formatted(name, lanes.getFirst().word(), name, other.lane().word()));
        }
        return found;
    }

    private static String didYouMean(String near) {
        return near.isEmpty() ? "" : "; did you mean " + near + "?";
    }
}
