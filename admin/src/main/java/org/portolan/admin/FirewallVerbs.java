package org.portolan.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Network;
import org.portolan.kernel.Port;
import org.portolan.kernel.Sockets;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Firewall.Numbered;
import org.portolan.kernel.firewall.Rule;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan firewall …}: who may reach what. */
final class FirewallVerbs {
    /** The sentence of the option of everything that might shut out its own asker. */
    static final String FORCE = "Even if you could not come back yourself.";

    private final Site site;
    private final Guard guard;
    private final Accounts accounts;
    private final Sockets sockets;
    private final CutOff cutOff;
    private final Journal journal;
    private final Operator operator;

    FirewallVerbs(
            Site site,
            Guard guard,
            Accounts accounts,
            Sockets sockets,
            Journal journal,
            Operator operator) {
        this.site = site;
        this.guard = guard;
        this.accounts = accounts;
        this.sockets = sockets;
        this.cutOff = new CutOff(accounts);
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "show",
            header = "Shows the rules in the order in which they count.",
            description = {
                "With how often each has decided, and how often one of those had the allowance of a"
                        + " limit already. Rules that verbs made come first, then those of"
                        + " portolan.toml; the last two are always there.",
                "",
                "With --json: a list of objects with number, rule, written, decided and over."
            },
            footer = "  portolan firewall show")
    int show(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        List<Numbered> rules = guard.firewall().rules();
        if (json) {
            operator.say(Json.page(rules.stream().map(FirewallVerbs::entry).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("NO", "RULE", "WRITTEN IN", "DECIDED", "OVER");
        for (Numbered each : rules) {
            table.row(
                    each.number(),
                    each.rule(),
                    each.origin(),
                    each.verdict().times(),
                    each.verdict().over());
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(Numbered each) {
        return Json.entries(
                "number", each.number(),
                "rule", each.rule().text(),
                "written", each.origin(),
                "decided", each.verdict().times(),
                "over", each.verdict().over());
    }

    @Command(
            name = "try",
            header = "Says what would become of somebody, and which rule decides.",
            description = {
                "ADDRESS is theirs. PORT is a port by number, as the standards number it, or by"
                        + " name, or a service for all of its ports; each with /tcp or /udp, or"
                        + " for both. Before a log-in that is; with --account, after it.",
                "",
                "With --json: a list of objects with service, port, transport, address, admitted,"
                        + " number, rule, account and groups, those after whose log-in alone one"
                        + " stays."
            },
            footer = {
                "  portolan firewall try 10.0.0.7 25/tcp",
                "  portolan firewall try 10.0.0.7 imaps --account ada",
                "  portolan firewall try 2001:db8::7 dns"
            })
    int tryOut(
            @Parameters(index = "0", paramLabel = "ADDRESS", description = "Who comes.")
                    String from,
            @Parameters(index = "1", paramLabel = "PORT", description = "To what.") String port,
            @Option(
                            names = "--account",
                            paramLabel = "NAME",
                            defaultValue = "",
                            showDefaultValue = Help.Visibility.NEVER,
                            description = "Who has logged in.")
                    String account,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        InetAddress address = address(from);
        Set<String> groups = account.isEmpty() ? Set.of() : groups(account);
        List<Tried> tried =
                asked(port)
                        .map(what -> what.from(address, account, groups, guard.firewall()))
                        .toList();
        if (json) {
            operator.say(Json.page(tried.stream().map(Tried::entry).toList()));
            return Verbs.DONE;
        }
        for (Tried each : tried) {
            operator.say(each.sentence() + "\n");
        }
        return Verbs.DONE;
    }

    private static InetAddress address(String text) throws Refusal {
        try {
            return Network.address(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(
                    "an address is wanted, like 10.0.0.7 or 2001:db8::7, not \"" + text + "\"");
        }
    }

    /** A port that somebody may come to; the service is empty where nobody serves it. */
    private record Asked(String service, Port port, String transport) {
        Tried from(InetAddress address, String account, Set<String> groups, Firewall firewall) {
            boolean loggedIn = !account.isEmpty() && transport.equals("tcp");
            return new Tried(
                    this,
                    address,
                    loggedIn ? account : "",
                    loggedIn
                            ? firewall.decidingFor(service, port, address, groups)
                            : firewall.deciding(service, port, transport, address));
        }
    }

    private record Tried(Asked asked, InetAddress from, String account, Numbered decides) {
        String sentence() {
            String what =
                    asked.service.isEmpty()
                            ? "%d/%s (nobody serves it here)"
                                    .formatted(asked.port.number(), asked.transport)
                            : "%s (%d/%s of %s)"
                                    .formatted(
                                            asked.port.name(),
                                            asked.port.number(),
                                            asked.transport,
                                            asked.service);
            return "%s%s may%s reach %s%s: rule %d, \"%s\""
                    .formatted(
                            account.isEmpty() ? "" : account + " at ",
                            from.getHostAddress(),
                            decides.rule().admits() ? "" : " not",
                            what,
                            condition(),
                            decides.number(),
                            decides.rule());
        }

        private String condition() {
            if (decides.rule().proxy()) {
                return " as a proxy, and for whom it speaks is judged by the other rules";
            }
            return mustBeMember() && !decides.rule().groups().isEmpty()
                    ? ", and stay after logging in as one of "
                            + String.join(", ", decides.rule().groups())
                    : "";
        }

        private boolean mustBeMember() {
            return account.isEmpty() && decides.rule().admits();
        }

        Map<String, Object> entry() {
            return Json.entries(
                    "service", asked.service,
                    "port", asked.port.number(),
                    "transport", asked.transport,
                    "address", from.getHostAddress(),
                    "admitted", decides.rule().admits(),
                    "number", decides.number(),
                    "rule", decides.rule().text(),
                    "account", account,
                    "groups", mustBeMember() ? List.copyOf(decides.rule().groups()) : List.of());
        }
    }

    private Set<String> groups(String name) throws StoreException, Refusal {
        Optional<Account> account = accounts.forLogin(name);
        if (account.isEmpty()) {
            throw Refusal.failed("there is no account " + name);
        }
        return accounts.groupsOf(account.get());
    }

    private Stream<Asked> asked(String word) throws Refusal {
        String lower = word.toLowerCase(Locale.ROOT);
        int slash = lower.indexOf('/');
        String name = slash < 0 ? lower : lower.substring(0, slash);
        String transport = slash < 0 ? "" : lower.substring(slash + 1);
        if (!List.of("", "tcp", "udp").contains(transport)) {
            throw Refusal.usage("after the slash stands tcp or udp, not \"" + transport + "\"");
        }
        List<Asked> served =
                site.doors().stream()
                        .filter(door -> transport.isEmpty() || over(door).equals(transport))
                        .filter(door -> names(door, name))
                        .map(
                                door ->
                                        new Asked(
                                                door.service().name(),
                                                door.door().port(),
                                                over(door)))
                        .distinct()
                        .toList();
        return served.isEmpty() ? unserved(name, transport) : served.stream();
    }

    private static String over(Opened door) {
        return door.door().transport();
    }

    private static boolean names(Opened door, String name) {
        Port port = door.door().port();
        return name.equals(door.service().name())
                || name.equals(port.name())
                || name.equals(Integer.toString(port.number()));
    }

    private Stream<Asked> unserved(String name, String transport) throws Refusal {
        if (!name.matches("\\d{1,5}") || Integer.parseInt(name) > 65_535) {
            throw Refusal.failed("nobody serves \"%s\" here%s".formatted(name, nearest(name)));
        }
        Port port = new Port(Integer.parseInt(name), "");
        return Stream.of("tcp", "udp")
                .filter(over -> transport.isEmpty() || over.equals(transport))
                .map(over -> new Asked("", port, over));
    }

    private String nearest(String name) {
        String nearest = Nearest.of(name, names().toList());
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** The services that have doors, and the names of their ports. */
    private Stream<String> names() {
        return site.doors().stream()
                .flatMap(door -> Stream.of(door.service().name(), door.door().port().name()))
                .distinct();
    }

    @Command(
            name = "add",
            header = "Adds a rule, before all others or at a number.",
            description = {
                "RULE is a sentence: \"allow smtp from 10.0.0.0/8\", \"deny all from"
                        + " 203.0.113.0/24\", \"limit dns from any to 600 new per minute\","
                        + " \"allow imaps from any for crew\", \"proxy smtp from 10.0.0.5\". It"
                        + " is kept in DATA/firewall.rules and in force at once; connections that"
                        + " are open go on. What would keep you from coming back yourself is"
                        + " refused, unless it is forced."
            },
            footer = {
                "  portolan firewall add \"allow imaps, submission from 10.0.0.0/8\"",
                "  portolan firewall add --at 2 \"limit smtp from any to 20 connections\""
            })
    int add(
            @Parameters(paramLabel = "RULE", description = "What is to count.", arity = "1..*")
                    List<String> words,
            @Option(names = "--at", paramLabel = "NUMBER", description = "1 if left out.")
                    Optional<Integer> at,
            @Option(names = "--force", description = FORCE) boolean force)
            throws IOException, StoreException, Refusal {
        Rule rule = rule(String.join(" ", words));
        List<Rule> rules = new ArrayList<>(guard.ofVerbs());
        int place = at.orElse(1);
        if (place < 1 || place > rules.size() + 1) {
            throw Refusal.failed(
                    "verbs have made %d rules; a number from 1 to %d is wanted"
                            .formatted(rules.size(), rules.size() + 1));
        }
        rules.add(place - 1, rule);
        keep(rules, force, "added \"" + rule + "\" as rule " + place);
        operator.say("Rule %d is \"%s\".\n".formatted(place, rule));
        return Verbs.DONE;
    }

    /** Puts {@code rules} in force, unless that would cut off the one who asks. */
    private void keep(List<Rule> rules, boolean force, String done)
            throws IOException, StoreException, Refusal {
        Firewall before = guard.firewall();
        Firewall after = guard.would(rules);
        if (!force && operator.remote().isPresent()) {
            Connection asker = operator.remote().get();
            Optional<Numbered> decides = cutOff.by(after, asker);
            if (decides.isPresent() && cutOff.by(before, asker).isEmpty()) {
                throw Refusal.failed(CutOff.sentence(asker, decides.get()));
            }
        }
        guard.keep(rules);
        journal.changed("firewall: " + done);
        tellOfStranded(before, after);
    }

    /** Who is in goes on, but might expect to come back. */
    private void tellOfStranded(Firewall before, Firewall after)
            throws IOException, StoreException {
        int stranded = 0;
        for (Connection client : sockets.open()) {
            boolean ofServices = !client.service().name().equals("admin");
            if (ofServices
                    && cutOff.by(before, client).isEmpty()
                    && cutOff.by(after, client).isPresent()) {
                stranded++;
            }
        }
        if (stranded > 0) {
            operator.remark(
                    "%s that could not begin again now; `portolan sockets` shows them, `portolan"
                                    .formatted(Words.count(stranded, "open conversation"))
                            + " sockets close` ends them.\n");
        }
    }

    private Rule rule(String text) throws StoreException, Refusal {
        Rule rule;
        try {
            rule = Rule.of(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(String.valueOf(e.getMessage()));
        }
        List<String> known = names().toList();
        for (String name : rule.names()) {
            if (!known.contains(name)) {
                throw Refusal.failed("nobody serves \"%s\" here%s".formatted(name, nearest(name)));
            }
        }
        List<String> groups = accounts.groups().stream().map(Accounts.Group::name).toList();
        for (String group : rule.groups()) {
            if (!groups.contains(group)) {
                String near = Nearest.of(group, groups);
                throw Refusal.failed(
                        "there is no group %s%s"
                                .formatted(
                                        group,
                                        near.isEmpty() ? "" : "; did you mean " + near + "?"));
            }
        }
        return rule;
    }

    @Command(
            name = "remove",
            header = "Removes a rule that a verb has made, by its number.",
            description = "Rules of portolan.toml are removed there.",
            footer = "  portolan firewall remove 1")
    int remove(
            @Parameters(paramLabel = "NUMBER", description = "As `firewall show` numbers it.")
                    int number,
            @Option(names = "--force", description = FORCE) boolean force)
            throws IOException, StoreException, Refusal {
        List<Rule> rules = new ArrayList<>(guard.ofVerbs());
        if (number < 1 || number > rules.size()) {
            throw Refusal.failed(
                    number <= guard.firewall().rules().size() && number > 0
                            ? "rule %d was not made by a verb: change portolan.toml, and reload"
                                    .formatted(number)
                            : "there is no rule " + number);
        }
        Rule gone = rules.remove(number - 1);
        keep(rules, force, "removed \"" + gone + "\"");
        operator.say("\"%s\" was removed.\n".formatted(gone));
        return Verbs.DONE;
    }

    /** {@code portolan expose}: the usual thing in one step. */
    int expose(String service, List<String> networks) throws IOException, StoreException, Refusal {
        Rule rule = rule("allow %s from %s".formatted(service, String.join(", ", networks)));
        List<Rule> rules = new ArrayList<>(guard.ofVerbs());
        rules.removeIf(rule::equals);
        rules.removeIf(hiding(service)::equals);
        rules.addFirst(rule);
        keep(rules, false, "exposed " + service + " to " + String.join(", ", networks));
        operator.say("Rule 1 is \"%s\".\n".formatted(rule));
        for (Opened door : site.doors()) {
            if (names(door, service.toLowerCase(Locale.ROOT))) {
                operator.say(reach(door));
            }
        }
        return Verbs.DONE;
    }

    /** What became reachable, and how safe that is. */
    private static String reach(Opened opened) {
        PortDoor door = opened.door();
        String name =
                "%s (%d/%s)".formatted(door.port().name(), opened.at().getPort(), door.transport());
        if (opened.problem().isPresent()) {
            return "%s is not open: %s.\n".formatted(name, opened.problem().get());
        }
        InetAddress at = opened.at().getAddress();
        if (at.isLoopbackAddress()) {
            return "%s listens at %s alone: name an address of the network, or 0.0.0.0 and ::, as"
                            .formatted(name, at.getHostAddress())
                    + " `addresses` in portolan.toml, and reload.\n";
        }
        return switch (door.tls()) {
            case AT_ONCE, OWN -> name + " is reachable; all is encrypted.\n";
            case UPGRADE ->
                    name + " is reachable; encrypted for clients that ask, log-ins only then.\n";
            case NEVER -> name + " is reachable, in the clear: who listens on the way reads it.\n";
        };
    }

    /** {@code portolan hide}: nobody but the host itself reaches it any longer. */
    int hide(String service, boolean force) throws IOException, StoreException, Refusal {
        Rule deny = hiding(service);
        List<Rule> rules = new ArrayList<>(guard.ofVerbs());
        rules.removeIf(rule -> rule.admits() && rule.text().matches(exposing(service)));
        boolean elsewhere =
                guard.would(rules).rules().stream()
                        .anyMatch(each -> each.rule().admits() && !each.origin().isEmpty());
        if (elsewhere) { // another rule may let somebody in
            rules.removeIf(deny::equals);
            rules.addFirst(deny);
        }
        keep(rules, force, "hid " + service);
        if (elsewhere) {
            operator.say("Rule 1 is \"%s\".\n".formatted(deny));
        }
        operator.say(service + " is for this host alone now; connections that are open go on.\n");
        return Verbs.DONE;
    }

    private Rule hiding(String service) throws StoreException, Refusal {
        return rule("deny %s from outside".formatted(service));
    }

    private static String exposing(String service) {
        return "(?i)(allow|limit) " + Pattern.quote(service) + " from .*";
    }
}
