package org.portolan.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.admin.Finding.Severity;

/**
 * What an audit says of the rules by which SSH forwards ports: which lead further than somebody who
 * is no administrator should get.
 */
final class ForwardAudit {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern FORM =
            Pattern.compile("(.+?) may (reach|listen at) (.+)", Pattern.CASE_INSENSITIVE);

    /** {@code any}, {@code loopback:80}, {@code [::/0]:22-25}, {@code 0.0.0.0/0}. */
    private static final Pattern PLACE =
            Pattern.compile("\\[?(any|loopback|outside|[0-9a-f.:]+/0+)]?(?::([0-9-]+))?");

    private static final String ALL = "all";

    private ForwardAudit() {}

    /**
     * One place of a rule that is too wide.
     *
     * @param instead what to write in its place
     */
    private record Wide(Severity severity, String words, String instead) {}

    /**
     * The findings about {@code rules}.
     *
     * @param rules the setting {@code ssh.forward} as it is written
     */
    static List<Finding> findings(String rules) {
        List<Finding> all = new ArrayList<>();
        Matcher each = QUOTED.matcher(rules);
        while (each.find()) {
            Matcher form = FORM.matcher(each.group(1));
            if (form.matches()) {
                ofRule(form).ifPresent(all::add);
            }
        }
        return all;
    }

    /** A rule is one finding, with all that is too wide in it mended at once. */
    private static Optional<Finding> ofRule(Matcher form) {
        String verb = form.group(2).toLowerCase(Locale.ROOT);
        boolean listens = verb.startsWith("listen");
        List<Wide> found = new ArrayList<>();
        List<String> better = new ArrayList<>();
        for (String place : form.group(3).split(" ?, ?| ")) {
            Optional<Wide> wide = listens ? listening(place) : reaching(place);
            wide.ifPresent(found::add);
            better.add(wide.map(Wide::instead).orElse(place));
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Wide worst = found.getFirst();
        for (Wide wide : found) {
            worst = wide.severity().compareTo(worst.severity()) > 0 ? wide : worst;
        }
        List<String> who = List.of(form.group(1).toLowerCase(Locale.ROOT).split(" ?, ?| "));
        String remedy =
                "\"%s may %s %s\" instead of \"%s\" in forward in [ssh] of portolan.toml"
                        .formatted(
                                form.group(1),
                                verb,
                                String.join(", ", better.stream().distinct().toList()),
                                form.group());
        String words = "\"%s\": %s".formatted(form.group(), worst.words());
        return Optional.of(Finding.of(judged(worst.severity(), who), "ssh", words, remedy));
    }

    /** Everybody is worse than somebody, and administrators may do all of it anyway. */
    private static Severity judged(Severity severity, List<String> who) {
        if (who.equals(List.of(Rights.ADMINISTRATORS))) {
            return Severity.NOTICE;
        }
        return severity == Severity.WARNING && who.contains(ALL) ? Severity.DANGER : severity;
    }

    private static Optional<Wide> reaching(String place) {
        Matcher form = PLACE.matcher(place.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        String ports = form.group(2) == null ? "" : ":" + form.group(2);
        return switch (form.group(1)) {
            case "outside" -> Optional.empty();
            case "loopback" ->
                    ports.isEmpty()
                            ? Optional.of(
                                    new Wide(
                                            Severity.WARNING,
                                            "it leads to all that listens on this host for itself"
                                                    + " alone, as if from the host",
                                            "loopback:5432"))
                            : Optional.empty();
            default ->
                    Optional.of(
                            new Wide(
                                    Severity.WARNING,
                                    "any is this host's loopback, too, and the firewall takes who"
                                            + " comes from there for the host itself",
                                    "outside" + ports));
        };
    }

    private static Optional<Wide> listening(String place) {
        Matcher form = PLACE.matcher(place.toLowerCase(Locale.ROOT));
        if (!form.matches() || List.of("loopback", "outside").contains(form.group(1))) {
            return Optional.empty();
        }
        String ports = form.group(2);
        return ports == null
                ? Optional.of(
                        new Wide(
                                Severity.WARNING,
                                "any port that is free may be opened, at every address",
                                "8000-8099"))
                : Optional.of(
                        new Wide(
                                Severity.NOTICE,
                                "ports are opened at every address, to whom the firewall lets in",
                                ports));
    }
}
