package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Shown;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan status} and what else concerns the site as a whole. */
final class SiteVerbs {
    private final Site site;
    private final StatusPage status;
    private final Events events;
    private final Clock clock;
    private final FirewallVerbs firewall;
    private final AuditVerb audit;
    private final Journal journal;
    private final Operator operator;

    SiteVerbs(
            Site site,
            StatusPage status,
            Events events,
            Clock clock,
            FirewallVerbs firewall,
            AuditVerb audit,
            Journal journal,
            Operator operator) {
        this.site = site;
        this.status = status;
        this.events = events;
        this.clock = clock;
        this.firewall = firewall;
        this.audit = audit;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "status",
            header = "Tells how the server is.",
            description = {
                "Its doors and how many connections each has, accounts, mail, memory, and problems"
                        + " such as a door that did not open.",
                "",
                "With --json: an object with name, version, started, uptime_seconds, doors,"
                        + " accounts, messages, mail_bytes, heap_bytes, heap_limit_bytes,"
                        + " resident_bytes, certificate_ends, events_lost and problems."
            },
            footer = {"  portolan status", "  portolan status --json | jq .problems"})
    int status(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException {
        operator.say(json ? status.forPrograms() : status.forPeople());
        return Verbs.DONE;
    }

    @Command(
            name = "stop",
            header = "Stops the server.",
            description = {
                "The doors close, conversations may finish the command they are in, then the server"
                        + " ends. Returns when it has ended."
            },
            footer = "  portolan stop && portolan serve")
    int stop() throws IOException {
        journal.changed("asked to stop");
        operator.say("Stopping: conversations may finish what they have begun.\n");
        site.stop();
        return Verbs.DONE;
    }

    @Command(
            name = "reload",
            header = "Applies changed settings and certificates.",
            description = {
                "Reads portolan.toml and the certificates again and says what changed: settings,"
                        + " doors, rules, certificates, and what waits for a restart. If something"
                        + " is wrong with them, the server goes on as it was and the exit status is"
                        + " 1. So it does where you could not come back yourself, unless it is"
                        + " forced.",
                "",
                "With --json: an object with applied, changes and problems; each change has what"
                        + " (setting, door, rule, certificate, restart), name, before and after."
            },
            footer = {
                "  portolan check && portolan reload",
                "  portolan reload --json | jq '.changes[] | select(.what == \"restart\")'"
            })
    int reload(
            @Option(names = "--force", description = FirewallVerbs.FORCE) boolean force,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        Site.Reloaded reloaded = site.reload(force ? Optional.empty() : operator.remote());
        if (reloaded.applied()) {
            journal.changed("settings reloaded");
        }
        if (json) {
            operator.say(Json.page(entry(reloaded)));
        } else if (reloaded.applied()) {
            operator.say(text(reloaded));
        } else {
            for (String problem : reloaded.problems()) {
                operator.remark("portolan: " + Shown.of(problem) + "\n");
            }
        }
        return reloaded.applied() ? Verbs.DONE : Verbs.FAILED;
    }

    private static String text(Site.Reloaded reloaded) {
        StringBuilder text = new StringBuilder();
        for (Site.Change change : reloaded.changes()) {
            text.append(Shown.of(change.sentence())).append('\n');
        }
        for (String problem : reloaded.problems()) {
            text.append("Problem: ").append(Shown.of(problem)).append('\n');
        }
        boolean nothing = reloaded.changes().isEmpty();
        return text + (nothing ? "Nothing has changed.\n" : "Applied; open conversations go on.\n");
    }

    private static Map<String, Object> entry(Site.Reloaded reloaded) {
        return Json.entries(
                "applied",
                reloaded.applied(),
                "changes",
                reloaded.changes().stream()
                        .map(
                                change ->
                                        Json.entries(
                                                "what", change.what(),
                                                "name", change.name(),
                                                "before", change.before(),
                                                "after", change.after()))
                        .toList(),
                "problems",
                reloaded.problems());
    }

    @Command(
            name = "audit",
            header = "Tells what is exposed to whom, and what would be wiser.",
            description = {
                "Every port: who can reach it, whether others can read along, and what to use"
                        + " instead; firewall, settings, certificates, accounts and services that"
                        + " make the site weaker than it could be. Each with the command or the"
                        + " setting that mends it. Changes nothing.",
                "",
                "Severities are ok, notice, warning and danger. The exit status is 3 if there is a"
                        + " warning or a danger, or what --fail-on says.",
                "",
                "With --json: a list of objects with severity, service, port, reach, security,"
                        + " finding and remedy."
            },
            footer = {
                "  portolan audit",
                "  portolan audit --fail-on danger || mail -s audit admin < /dev/null",
                "  portolan audit --json | jq '.[] | select(.severity == \"danger\")'"
            })
    int audit(
            @Option(
                            names = "--fail-on",
                            paramLabel = "SEVERITY",
                            defaultValue = "warning",
                            showDefaultValue = Help.Visibility.NEVER,
                            description = "notice, warning (if left out) or danger.")
                    String least,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        return audit.run(least, json);
    }

    @Command(
            name = "metrics",
            header = "Prints everything that is counted.",
            description = "In the text format that Prometheus reads.",
            footer = "  portolan metrics | grep portolan_open_connections")
    int metrics() throws IOException {
        operator.say(site.metricsText());
        return Verbs.DONE;
    }

    @Command(
            name = "time",
            header = "Tells how right the clock is.",
            description = {
                "What the system says of its clock, what NTP replies say of it, and each upstream:"
                        + " whether it is followed, agrees, is rejected or unusable, the last eight"
                        + " questions as octal digits (377: all were answered), how far it is ahead"
                        + " of this clock, how long a packet takes there and back, and how much"
                        + " that scatters.",
                "",
                "With --json: an object with host, replies, steering, answered, limited, ignored"
                        + " and upstreams; times are in seconds."
            },
            footer = {"  portolan time", "  portolan time --json | jq .replies.stratum"})
    int time(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, Refusal {
        TimePage page =
                new TimePage(
                        site.time()
                                .orElseThrow(
                                        () ->
                                                Refusal.failed(
                                                        "no time is served: ntp.enabled is"
                                                                + " false")));
        operator.say(json ? page.forPrograms() : page.forPeople());
        return Verbs.DONE;
    }

    @Command(
            name = "version",
            header = "Tells which Portolan this is.",
            footer = "  portolan version")
    int version(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        operator.say(json ? Json.page(Version.entry()) : Version.sentence() + "\n");
        return Verbs.DONE;
    }

    @Command(
            name = "events",
            header = "Shows what happened.",
            description = {
                "Log-ins, those that failed, refusals, starts, stops, changes and alarms; the"
                        + " latest last. Options narrow it down; --follow goes on with what"
                        + " comes, until Ctrl-C.",
                "",
                "With --json: a list of objects with at, kind, service, conversation, peer, account"
                        + " and words; with --follow, one object on each line."
            },
            footer = {
                "  portolan events",
                "  portolan events --kind login_failed --since 2h",
                "  portolan events --account ada --follow",
                "  portolan events --id smtp-mwq5p7rs-7.1",
                "  portolan events --last 200 --json"
            })
    int events(
            @Option(
                            names = "--last",
                            paramLabel = "N",
                            description = "How many; 20, or all since a time, if left out.")
                    @Nullable Integer last,
            @Mixin EventFilter filter,
            @Option(names = "--follow", description = "Go on until Ctrl-C.") boolean follow,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Events.Wanted wanted = filter.wanted(clock.instant());
        int count = EventsPage.count(last, filter.namesATime());
        EventsPage page = new EventsPage(events, operator, json);
        return follow ? page.follow(wanted, count) : page.latest(wanted, count);
    }

    @Command(
            name = "expose",
            header = "Lets a network reach a service.",
            description = {
                "Adds a rule before all others, in force at once, and says what became reachable"
                        + " and how safe that is. SERVICE is a service, or a port by its name.",
            },
            footer = {"  portolan expose imaps --to 10.0.0.0/8", "  portolan expose smtp --to any"})
    int expose(
            @Parameters(paramLabel = "SERVICE", description = "What to show.") String service,
            @Option(
                            names = "--to",
                            required = true,
                            split = ",",
                            paramLabel = "NETWORK",
                            description = "Networks or addresses, or any.")
                    List<String> networks)
            throws IOException, StoreException, Refusal {
        return firewall.expose(service, networks);
    }

    @Command(
            name = "hide",
            header = "Keeps a service for this host alone.",
            description =
                    "Removes what `expose` added, and adds a rule that denies it to everybody else"
                            + " where another rule might let them in.",
            footer = "  portolan hide smtp")
    int hide(
            @Parameters(paramLabel = "SERVICE", description = "What to hide.") String service,
            @Option(names = "--force", description = FirewallVerbs.FORCE) boolean force)
            throws IOException, StoreException, Refusal {
        return firewall.hide(service, force);
    }
}
