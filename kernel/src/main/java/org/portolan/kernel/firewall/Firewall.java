package org.portolan.kernel.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Port;
import org.portolan.kernel.Verdict;

/**
 * Rules in their order. The first that applies decides; the last two are always {@code allow all
 * from loopback} and {@code deny all from any}.
 */
public final class Firewall implements Admission {
    private static final List<Rule> BEHIND_ALL =
            List.of(Rule.of("allow all from loopback"), Rule.of("deny all from any"));

    /**
     * A rule in its place.
     *
     * @param number from 1 on
     * @param origin where it was written; empty for those that stand behind all others
     */
    public record Numbered(int number, Rule rule, String origin, Verdict verdict) {}

    private record Door(String service, Port port, String transport) {}

    private final List<Numbered> rules;
    private final Map<Door, RangeTable> tables = new ConcurrentHashMap<>();

    private Firewall(List<Numbered> rules) {
        this.rules = rules;
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
        Verdict verdict = before == null ? new Verdict(rule.admits(), rule.allowance()) : before;
        rules.add(new Numbered(rules.size() + 1, rule, origin, verdict));
    }

    /** All of them, those behind all others too. */
    public List<Numbered> rules() {
        return rules;
    }

    /** The rule that decides. */
    public Numbered deciding(String service, Port port, String transport, InetAddress from) {
        RangeTable table =
                tables.computeIfAbsent(new Door(service, port, transport), this::tableFor);
        return rules.get(table.firstFor(from) - 1);
    }

    private RangeTable tableFor(Door door) {
        List<Rule> covering = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (Numbered each : rules) {
            if (each.rule().covers(door.service, door.port, door.transport)) {
                covering.add(each.rule());
                numbers.add(each.number());
            }
        }
        return new RangeTable(covering, numbers);
    }

    @Override
    public Verdict judge(String service, Port port, String transport, InetAddress from) {
        return deciding(service, port, transport, from).verdict();
    }
}
