package org.portolan.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.admin.MailReport.Row;
import org.portolan.kernel.Nearest;
import org.portolan.stores.Accounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan mail …}: what the world has to know of the site's mail. */
final class MailVerbs {
    private static final int CHUNK = 255; // RFC 1035 §3.3.14: a text is in strings of so many

    private final Site site;
    private final Accounts accounts;
    private final Operator operator;

    MailVerbs(Site site, Accounts accounts, Operator operator) {
        this.site = site;
        this.accounts = accounts;
        this.operator = operator;
    }

    static MailReport report(Site site) throws Refusal {
        return site.mail().orElseThrow(() -> Refusal.failed("this site sends no mail"));
    }

    @Command(
            name = "dns",
            header = "The records that a domain's mail needs.",
            description = {
                "Who takes its mail (MX), which hosts send it (SPF), the keys it is signed with"
                        + " (DKIM), what receivers shall do with mail that is neither (DMARC, which"
                        + " begins with nothing, p=none), and the names that your provider has to"
                        + " give to the addresses (PTR). In the form of a master file, to be copied"
                        + " into the domain's zone. The site's own zone has them already.",
                "",
                "With --check the resolvers are asked whether the world sees them. The exit status"
                        + " is 1 if one that is needed is not there, or another.",
                "",
                "With --json: a list of objects with name, type, value, needed, and with --check"
                        + " state (ok, differs, missing, unanswered) and seen."
            },
            footer = {
                "  portolan mail dns",
                "  portolan mail dns example.org >> example.org.zone",
                "  portolan mail dns example.org --check"
            })
    int dns(
            @Parameters(
                            paramLabel = "DOMAIN",
                            arity = "0..1",
                            description = "One of the site's; all but localhost if left out.")
                    @Nullable String domain,
            @Option(names = "--check", description = "Ask whether the world sees them.")
                    boolean check,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, Refusal {
        MailReport report = report(site);
        List<Row> rows = new ArrayList<>();
        for (String each : domains(domain)) {
            rows.addAll(report.records(each, check));
        }
        if (json) {
            operator.say(Json.page(rows.stream().map(row -> entry(row, check)).toList()));
        } else if (check) {
            operator.say(table(rows));
        } else {
            for (Row row : rows) {
                operator.say(line(row) + "\n");
            }
        }
        boolean good = rows.stream().allMatch(row -> !row.needed() || row.state().equals("ok"));
        return check && !good ? Verbs.FAILED : Verbs.DONE;
    }

    private List<String> domains(@Nullable String wanted) throws Refusal {
        List<String> known = accounts.domains();
        if (wanted == null) {
            return known.stream().filter(name -> !name.equals("localhost")).toList();
        }
        if (!known.contains(wanted)) {
            String near = Nearest.of(wanted, known);
            throw Refusal.failed(
                    "%s is no domain of the site%s"
                            .formatted(
                                    wanted, near.isEmpty() ? "" : "; did you mean " + near + "?"));
        }
        return List.of(wanted);
    }

    private static Map<String, Object> entry(Row row, boolean check) {
        return check
                ? Json.entries(
                        "name", row.name(),
                        "type", row.type(),
                        "value", row.value(),
                        "needed", row.needed(),
                        "state", row.state(),
                        "seen", row.seen())
                : Json.entries(
                        "name", row.name(),
                        "type", row.type(),
                        "value", row.value(),
                        "needed", row.needed());
    }

    private static String line(Row row) {
        return switch (row.type()) {
            case "TXT" -> "%s. IN TXT %s".formatted(row.name(), quoted(row.value()));
            case "PTR" -> // in the provider's zone
                    "; ask your provider that %s is called %s".formatted(row.name(), row.value());
            default -> "%s. IN %s %s".formatted(row.name(), row.type(), row.value());
        };
    }

    private static String quoted(String text) {
        List<String> chunks = new ArrayList<>();
        for (int at = 0; at < text.length(); at += CHUNK) {
            chunks.add('"' + text.substring(at, Math.min(text.length(), at + CHUNK)) + '"');
        }
        return String.join(" ", chunks);
    }

    private static String table(List<Row> rows) {
        Table table = new Table("STATE", "NAME", "TYPE", "WANTED", "SEEN");
        for (Row row : rows) {
            String state = row.needed() || row.state().equals("ok") ? row.state() : "advice";
            String seen = row.state().equals("missing") ? "nothing" : shortened(row.seen());
            table.row(state, row.name(), row.type(), shortened(row.value()), seen);
        }
        return table.toString();
    }

    private static String shortened(String text) {
        return text.length() > 48 ? text.substring(0, 45) + "..." : text;
    }
}
