package org.portolan.admin;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.LoginGuard.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan lockout …}: who guessed too often and is refused for a while. */
final class LockoutVerbs {
    private final LoginGuard logins;
    private final Journal journal;
    private final Operator operator;

    LockoutVerbs(LoginGuard logins, Journal journal, Operator operator) {
        this.logins = logins;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "list",
            header = "Lists addresses, networks and accounts whose log-ins are refused now.",
            description = "With --json: a list of objects with who, until and failures.",
            footer = "  portolan lockout list")
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        List<Refused> all =
                logins.refused().stream().sorted(Comparator.comparing(Refused::until)).toList();
        if (json) {
            operator.say(
                    Json.page(
                            all.stream()
                                    .map(
                                            each ->
                                                    Json.entries(
                                                            "who", each.who(),
                                                            "until", each.until().toString(),
                                                            "failures", each.failures()))
                                    .toList()));
            return Verbs.DONE;
        }
        Table table = new Table("WHO", "UNTIL", "FAILURES");
        all.forEach(each -> table.row(each.who(), Words.time(each.until()), each.failures()));
        operator.say(table.toString());
        return Verbs.DONE;
    }

    @Command(
            name = "lift",
            header = "Lets somebody log in again at once.",
            description = "WHO is an address, a network or an account, as `list` shows it.",
            footer = "  portolan lockout lift 192.0.2.7")
    int lift(@Parameters(paramLabel = "WHO", description = "Who is refused.") String who)
            throws IOException, Refusal {
        if (!logins.lift(who)) {
            throw Refusal.failed(who + " is not refused; `portolan lockout list` shows who is");
        }
        journal.changed("lock-out of " + who + " lifted");
        operator.say(who + " may log in again.\n");
        return Verbs.DONE;
    }
}
