package org.portolan.kernel.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Allowance;
import org.portolan.kernel.Port;
import org.portolan.kernel.Verdict;

/**
 * Rules in their order. The first that applies decides; the last two are always {@code allow all
 * from loopback} and {@code deny all from any}.
 *
 * <p>Before somebody has logged in nobody knows their groups: until then whoever a rule for groups
 * may let in is let in, and the first rule that applies to the account decides at the log-in.
 */
public final class Firewall implements Admission {
    private static final List<Rule> BEHIND_ALL =
            List.of(Rule.of("allow all from loopback"), Rule.of("deny all from any"));

    /**
     * A rule in its place.
     *
     * @param number from 1 on
     * @param origin where it was written; empty for those that stand behind all others
     * @param verdict what it says of those whom it decides about
     * @param untilLogin what it says of those who may turn out to be in its groups
     */
    public record Numbered(
            int number, Rule rule, String origin, Verdict verdict, Verdict untilLogin) {}

    private record Door(String service, Port port, String transport, boolean behindProxy) {}

    /**
     * The rules that are about one door.
     *
     * @param everybody those that need no account
     * @param admittingGroups those that may let somebody in who has logged in; null if none does
     */
    private record Tables(RangeTable everybody, @Nullable RangeTable admittingGroups) {}

    private final List<Numbered> rules;
    private final boolean namesGroups;
    private final Map<Door, Tables> tables = new ConcurrentHashMap<>();

    private Firewall(List<Numbered> rules) {
        this.rules = rules;
        this.namesGroups = rules.stream().anyMatch(each -> !each.rule().groups().isEmpty());
    }

    /**
     * Rules from one place after the other.
     *
     * @param written by where they are written, in the order in which they count
     * @param before whose counts go on where a rule is still there; null for a new beginning
     */
    public static Firewall of(Map<String, List<Rule>> written, @Nullable Firewall before) {
        Map<Rule, Verdict> kept = new HashMap<>();
        if (before != null) {
            before.rules.forEach(old -> kept.putIfAbsent(old.rule(), old.verdict()));
        }
        List<Numbered> rules = new ArrayList<>();
        written.forEach((origin, some) -> some.forEach(rule -> add(rules, rule, origin, kept)));
        BEHIND_ALL.forEach(rule -> add(rules, rule, "", kept));
        return new Firewall(List.copyOf(rules));
    }

    private static void add(
            List<Numbered> rules, Rule rule, String origin, Map<Rule, Verdict> kept) {
        Verdict before = kept.remove(rule); // a rule that stands there twice counts twice
        Verdict verdict = before == null ? verdict(rule) : before;
        Verdict untilLogin =
                rule.groups().isEmpty() ? verdict : new Verdict(rule.admits(), Allowance.UNLIMITED);
        rules.add(new Numbered(rules.size() + 1, rule, origin, verdict, untilLogin));
    }

    private static Verdict verdict(Rule rule) {
        return rule.proxy() ? Verdict.ofProxies() : new Verdict(rule.admits(), rule.allowance());
    }

    /** All of them, those behind all others too. */
    public List<Numbered> rules() {
        return rules;
    }

    /**
     * The rule that decides before anybody has logged in. Where everybody would be turned away, it
     * is the one that may let in somebody of its groups, if such a one comes first.
     */
    public Numbered deciding(String service, Port port, String transport, InetAddress from) {
        return deciding(new Door(service, port, transport, false), from);
    }

    /** The same for somebody for whom an admitted proxy speaks. */
    public Numbered decidingBehindProxy(String service, Port port, InetAddress from) {
        return deciding(new Door(service, port, "tcp", true), from);
    }

    private Numbered deciding(Door door, InetAddress from) {
        Tables found = tables.get(door);
        if (found == null) {
            found = tables.computeIfAbsent(door, this::tablesFor);
        }
        Numbered plain = rules.get(found.everybody.firstFor(from) - 1);
        if (plain.rule().admits() || found.admittingGroups == null) {
            return plain;
        }
        int forSome = found.admittingGroups.firstFor(from);
        return forSome > 0 && forSome < plain.number() ? rules.get(forSome - 1) : plain;
    }

    /** The rules by which others than the host itself come in to a door, in their order. */
    public List<Numbered> admittingOthers(String service, Port port, String transport) {
        Door door = new Door(service, port, transport, false);
        Tables found = tables.computeIfAbsent(door, this::tablesFor);
        Set<Integer> numbers = new TreeSet<>(found.everybody.decidingOutside());
        if (found.admittingGroups != null) {
            numbers.addAll(found.admittingGroups.decidingOutside());
        }
        return numbers.stream()
                .map(number -> rules.get(number - 1))
                .filter(each -> each.rule().admits())
                .toList();
    }

    /** The rule that decides about somebody who has logged in, and is in {@code groups}. */
    public Numbered decidingFor(String service, Port port, InetAddress from, Set<String> groups) {
        if (!namesGroups) {
            return decidingBehindProxy(service, port, from);
        }
        for (Numbered each : rules) { // a log-in costs far more than reading them one by one
            Rule rule = each.rule();
            if (!rule.proxy()
                    && rule.concerns(groups)
                    && rule.applies(service, port, "tcp", from)) {
                return each;
            }
        }
        throw new AssertionError("the last rule applies to everybody");
    }

    private Tables tablesFor(Door door) {
        RangeTable everybody = table(door, rule -> rule.groups().isEmpty());
        boolean some =
                rules.stream()
                        .map(Numbered::rule)
                        .anyMatch(rule -> mayAdmitSome(rule) && isAbout(rule, door));
        return new Tables(everybody, some ? table(door, Firewall::mayAdmitSome) : null);
    }

    private static boolean mayAdmitSome(Rule rule) {
        return rule.admits() && !rule.groups().isEmpty();
    }

    private static boolean isAbout(Rule rule, Door door) {
        return rule.covers(door.service, door.port, door.transport)
                && !(rule.proxy() && door.behindProxy);
    }

    private RangeTable table(Door door, Predicate<Rule> wanted) {
        List<Rule> about = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (Numbered each : rules) {
            if (wanted.test(each.rule()) && isAbout(each.rule(), door)) {
                about.add(each.rule());
                numbers.add(each.number());
            }
        }
        return new RangeTable(about, numbers);
    }

    @Override
    public Verdict judge(String service, Port port, String transport, InetAddress from) {
        return deciding(service, port, transport, from).untilLogin();
    }

    @Override
    public Verdict judgeBehindProxy(String service, Port port, InetAddress from) {
        return decidingBehindProxy(service, port, from).untilLogin();
    }
}
