package org.portolan.kernel.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.kernel.Allowance;
import org.portolan.kernel.Port;

/** The first rule that applies decides, however the question is asked. */
class FirewallTest {
    private static final Port SMTP = new Port(25, "smtp");
    private static final Port SUBMISSION = new Port(587, "submission");
    private static final Port DOMAIN = new Port(53, "domain");

    private static Firewall firewall(String... rules) {
        return Firewall.of(Map.of("here", Stream.of(rules).map(Rule::of).toList()), null);
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    /** The number of the rule that decides about SMTP on port 25. */
    private static int deciding(Firewall firewall, String from) {
        return firewall.deciding("smtp", SMTP, "tcp", address(from)).number();
    }

    @Test
    void withoutRulesTheHostItselfComesInAndNobodyElse() {
        Firewall firewall = firewall();
        assertThat(firewall.rules()).extracting(Firewall.Numbered::number).containsExactly(1, 2);
        for (String inside : List.of("127.0.0.1", "127.255.255.255", "127.0.0.0", "::1")) {
            assertThat(firewall.judge("smtp", SMTP, "tcp", address(inside)).admitted())
                    .as(inside)
                    .isTrue();
        }
        for (String outside :
                List.of(
                        "126.255.255.255",
                        "128.0.0.0",
                        "::",
                        "::2",
                        "10.0.0.1",
                        "2001:db8::1",
                        "0.0.0.0",
                        "255.255.255.255",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
            assertThat(firewall.judge("smtp", SMTP, "tcp", address(outside)).admitted())
                    .as(outside)
                    .isFalse();
        }
    }

    @Test
    void theFirstThatAppliesDecides() {
        Firewall firewall =
                firewall(
                        "deny smtp from 10.1.0.0/16",
                        "allow smtp from 10.0.0.0/8",
                        "deny smtp from 10.2.0.0/16");
        assertThat(deciding(firewall, "10.1.2.3")).isEqualTo(1);
        assertThat(deciding(firewall, "10.0.255.255")).isEqualTo(2);
        assertThat(deciding(firewall, "10.2.0.1")).isEqualTo(2);
        assertThat(deciding(firewall, "127.0.0.1")).isEqualTo(4);
        assertThat(deciding(firewall, "11.0.0.0")).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    allow smtp from any          | smtp, 25, tcp   | true
                    allow smtp from any          | smtp, 587, tcp  | true
                    allow submission from any    | smtp, 25, tcp   | false
                    allow submission from any    | smtp, 587, tcp  | true
                    allow 25 from any            | smtp, 25, tcp   | true
                    allow 25/udp from any        | smtp, 25, tcp   | false
                    allow 500-600/tcp from any   | smtp, 587, tcp  | true
                    allow 587-587 from any       | smtp, 587, tcp  | true
                    allow 588-600 from any       | smtp, 587, tcp  | false
                    allow all from any           | dns, 53, udp    | true
                    allow all/tcp from any       | dns, 53, udp    | false
                    allow domain/udp from any    | dns, 53, udp    | true
                    allow domain/udp from any    | dns, 53, tcp    | false
                    allow smtp, dns from any     | dns, 53, tcp    | true
                    ALLOW Smtp,DNS FROM Any      | dns, 53, tcp    | true
                    """)
    void aRuleIsAboutServicesPortsAndTransports(String rule, String what, boolean admitted) {
        String[] asked = what.split(", ");
        Port port =
                switch (asked[1]) {
                    case "25" -> SMTP;
                    case "587" -> SUBMISSION;
                    default -> DOMAIN;
                };
        assertThat(firewall(rule).judge(asked[0], port, asked[2], address("192.0.2.1")).admitted())
                .isEqualTo(admitted);
    }

    @Test
    void aNetworkEndsWhereItEnds() {
        Firewall firewall =
                firewall("allow smtp from 192.0.2.64/26 2001:db8:0:8000::/49, 198.51.100.7");
        for (String in :
                List.of(
                        "192.0.2.64",
                        "192.0.2.127",
                        "2001:db8:0:8000::",
                        "2001:db8:0:ffff:ffff:ffff:ffff:ffff",
                        "198.51.100.7")) {
            assertThat(deciding(firewall, in)).as(in).isEqualTo(1);
        }
        for (String out :
                List.of(
                        "192.0.2.63",
                        "192.0.2.128",
                        "2001:db8:0:7fff:ffff:ffff:ffff:ffff",
                        "2001:db8:1::",
                        "198.51.100.6",
                        "198.51.100.8")) {
            assertThat(deciding(firewall, out)).as(out).isEqualTo(3);
        }
        assertThat(deciding(firewall("deny all from outside"), "::1")).isEqualTo(2);
        assertThat(deciding(firewall("deny all from outside"), "::2")).isEqualTo(1);
        assertThat(deciding(firewall("deny all from ::/0"), "10.0.0.1")).isEqualTo(1);
        assertThat(deciding(firewall("deny all from 0.0.0.0/0"), "2001:db8::1")).isEqualTo(3);
    }

    @Test
    void aLimitLetsInAndSaysHowMuch() {
        Firewall firewall =
                firewall(
                        "limit smtp from any to 20 connections, 60 new per minute, 2 MB per second",
                        "limit dns from any to 5 kB/s");
        assertThat(firewall.judge("smtp", SMTP, "tcp", address("192.0.2.1")).admitted()).isTrue();
        assertThat(firewall.rules().get(0).rule().allowance())
                .isEqualTo(new Allowance(20, 60, 2_000_000));
        assertThat(firewall.rules().get(1).rule().allowance()).isEqualTo(new Allowance(0, 0, 5000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "allow",
                "allow smtp",
                "allow smtp from",
                "permit smtp from any",
                "allow smtp from any to 5 connections",
                "limit smtp from any",
                "limit smtp from any to 5",
                "limit smtp from any to 0 connections",
                "limit smtp from any to 5 apples",
                "limit smtp from any to 5 XB per second",
                "allow 65536 from any",
                "allow 99999999999 from any",
                "allow 30-20 from any",
                "allow 25/sctp from any",
                "allow -25 from any",
                "allow smtp from 10",
                "allow smtp from 10.0.0.0/33",
                "allow smtp from example.org",
                "allow sm_tp from any",
                "allow smtp from any for",
                "allow smtp from any for a/b",
                "allow smtp from any for crew@example.org",
                "allow smtp from any for crew to 5 connections",
                "limit smtp from any for crew",
                "proxy smtp from 10.0.0.5 for crew",
                "proxy smtp from 10.0.0.5 to 5 connections",
            })
    void whatIsNoRuleIsExplained(String sentence) {
        assertThatThrownBy(() -> Rule.of(sentence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("[a-z].{20,}");
    }

    @Test
    void aRuleThatIsStillThereAfterAReloadCountsOn() {
        Firewall before = firewall("allow smtp from 10.0.0.0/8", "deny smtp from any");
        var kept = before.rules().get(1).verdict();
        Rule again = Rule.of("deny  smtp  from any");
        Firewall after = Firewall.of(Map.of("elsewhere", List.of(again)), before);
        assertThat(after.rules().getFirst().verdict()).isSameAs(kept);
        assertThat(after.rules().getFirst().origin()).isEqualTo("elsewhere");
    }

    @Test
    void aRuleForAGroupDecidesAfterTheLogIn() {
        Firewall firewall =
                firewall(
                        "deny smtp from 10.1.0.0/16",
                        "allow smtp from 10.0.0.0/8 for Crew, staff",
                        "deny smtp from 192.0.2.0/24 for crew",
                        "allow smtp from 192.0.2.0/24");
        assertThat(deciding(firewall, "10.1.0.1")).isEqualTo(1);
        assertThat(deciding(firewall, "10.2.0.1")).isEqualTo(2); // somebody may be of the crew
        assertThat(deciding(firewall, "192.0.2.1")).isEqualTo(4); // somebody may not
        assertThat(deciding(firewall, "11.0.0.1")).isEqualTo(6);
        assertThat(decidingFor(firewall, "10.2.0.1", "crew", "boats")).isEqualTo(2);
        assertThat(decidingFor(firewall, "10.2.0.1", "staff")).isEqualTo(2);
        assertThat(decidingFor(firewall, "10.2.0.1", "boats")).isEqualTo(6);
        assertThat(decidingFor(firewall, "10.2.0.1")).isEqualTo(6);
        assertThat(decidingFor(firewall, "10.1.0.1", "crew")).isEqualTo(1);
        assertThat(decidingFor(firewall, "192.0.2.1", "crew")).isEqualTo(3);
        assertThat(decidingFor(firewall, "192.0.2.1", "staff")).isEqualTo(4);
        assertThat(decidingFor(firewall, "127.0.0.1")).isEqualTo(5);
    }

    private static int decidingFor(Firewall firewall, String from, String... groups) {
        return firewall.decidingFor("smtp", SMTP, address(from), Set.of(groups)).number();
    }

    @Test
    void nobodyLogsInAndNoProxySpeaksOverUdp() {
        Firewall firewall = firewall("allow dns from any for crew", "proxy dns from any");
        InetAddress from = address("192.0.2.1");
        assertThat(firewall.deciding("dns", DOMAIN, "udp", from).number()).isEqualTo(4);
        assertThat(firewall.deciding("dns", DOMAIN, "tcp", from).number()).isEqualTo(2);
    }

    @Test
    void untilTheLogInALimitForAGroupLimitsNobody() {
        Firewall firewall = firewall("limit smtp from 10.0.0.0/8 for crew to 1 connections");
        InetAddress from = address("10.0.0.1");
        assertThat(firewall.judge("smtp", SMTP, "tcp", from).admitted()).isTrue();
        assertThat(firewall.judge("smtp", SMTP, "tcp", from).allowance())
                .isEqualTo(Allowance.UNLIMITED);
        assertThat(firewall.decidingFor("smtp", SMTP, from, Set.of("crew")).verdict().allowance())
                .isEqualTo(new Allowance(1, 0, 0));
    }

    @Test
    void forWhomAProxySpeaksIsJudgedByTheOtherRules() {
        Firewall firewall =
                firewall("proxy smtp from 10.0.0.0/24", "allow smtp from 192.0.2.0/24, 10.0.0.9");
        assertThat(deciding(firewall, "10.0.0.5")).isEqualTo(1);
        assertThat(deciding(firewall, "192.0.2.1")).isEqualTo(2);
        assertThat(behindProxy(firewall, "192.0.2.1")).isEqualTo(2);
        assertThat(behindProxy(firewall, "10.0.0.9")).isEqualTo(2);
        assertThat(behindProxy(firewall, "10.0.0.5")).isEqualTo(4);
    }

    private static int behindProxy(Firewall firewall, String from) {
        return firewall.decidingBehindProxy("smtp", SMTP, address(from)).number();
    }

    private static final List<String> GROUPS = List.of("crew", "staff", "boats");

    /** Seeded, so that a failure can be seen again: the seed is in its description. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theVerdictIsThatOfReadingTheRulesOneByOne(long seed) throws UnknownHostException {
        Random random = new Random(seed);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            rules.add(randomRule(random));
        }
        Firewall firewall = Firewall.of(Map.of("random", rules), null);
        for (int i = 0; i < 20_000; i++) {
            InetAddress from = randomAddress(random);
            Port port = random.nextBoolean() ? SMTP : random.nextBoolean() ? SUBMISSION : DOMAIN;
            String service = port.equals(DOMAIN) ? "dns" : "smtp";
            String transport = random.nextBoolean() ? "tcp" : "udp";
            Predicate<Rule> applies = rule -> rule.applies(service, port, transport, from);
            String asked = "seed %d: %s to %s/%s".formatted(seed, from, port, transport);
            assertThat(firewall.deciding(service, port, transport, from).number())
                    .as(asked)
                    .isEqualTo(naive(firewall, applies));
            if (transport.equals("tcp")) {
                Set<String> groups = new TreeSet<>(GROUPS);
                groups.removeIf(group -> random.nextBoolean());
                Predicate<Rule> behind = applies.and(rule -> !rule.text().startsWith("proxy"));
                assertThat(firewall.decidingBehindProxy(service, port, from).number())
                        .as("%s, behind a proxy", asked)
                        .isEqualTo(naive(firewall, behind));
                assertThat(firewall.decidingFor(service, port, from, groups).number())
                        .as("%s, of %s", asked, groups)
                        .isEqualTo(naiveFor(firewall, behind, groups));
            }
        }
    }

    /** Before a log-in: who is turned away by a plain rule may be let in by an earlier group's. */
    private static int naive(Firewall firewall, Predicate<Rule> applies) {
        int forSome = 0;
        for (Firewall.Numbered each : firewall.rules()) {
            Rule rule = each.rule();
            if (!applies.test(rule)) {
                continue;
            }
            if (rule.groups().isEmpty()) {
                return rule.admits() || forSome == 0 ? each.number() : forSome;
            }
            if (rule.admits() && forSome == 0) {
                forSome = each.number();
            }
        }
        throw new AssertionError("nothing applies");
    }

    private static int naiveFor(Firewall firewall, Predicate<Rule> applies, Set<String> ofAccount) {
        return firewall.rules().stream()
                .filter(each -> applies.test(each.rule()))
                .filter(
                        each ->
                                each.rule().groups().isEmpty()
                                        || each.rule().groups().stream()
                                                .anyMatch(ofAccount::contains))
                .findFirst()
                .orElseThrow()
                .number();
    }

    private static Rule randomRule(Random random) throws UnknownHostException {
        String what =
                List.of("smtp", "dns", "submission", "25", "0-600/tcp", "53/udp", "all")
                        .get(random.nextInt(7));
        List<String> networks = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            InetAddress base = randomAddress(random);
            int bits = base.getAddress().length * 8;
            int prefix = bits - random.nextInt(1 + random.nextInt(bits));
            networks.add(
                    random.nextInt(40) == 0
                            ? List.of("any", "loopback", "outside").get(random.nextInt(3))
                            : base.getHostAddress() + "/" + prefix);
        }
        int kind = random.nextInt(10);
        String verb = kind == 0 ? "proxy " : kind < 5 ? "allow " : "deny ";
        String groups =
                kind == 0 || random.nextInt(3) > 0
                        ? ""
                        : " for " + GROUPS.get(random.nextInt(GROUPS.size()));
        return Rule.of(verb + what + " from " + String.join(", ", networks) + groups);
    }

    /** Close together, so that rules and addresses meet. */
    private static InetAddress randomAddress(Random random) throws UnknownHostException {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        if (random.nextInt(20) == 0) {
            random.nextBytes(bytes);
            return InetAddress.getByAddress(bytes);
        }
        bytes[0] = (byte) (bytes.length == 4 ? 10 : 0x20);
        bytes[1] = (byte) random.nextInt(2);
        bytes[bytes.length - 2] = (byte) random.nextInt(3);
        bytes[bytes.length - 1] = (byte) (random.nextInt(4) - 1);
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void tenThousandRulesAreReadIntoATable() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rules.add(Rule.of("deny all from 10.%d.%d.0/24".formatted(i >> 8, i & 0xff)));
        }
        Firewall firewall = Firewall.of(Map.of("many", rules), null);
        assertThat(deciding(firewall, "10.39.15.77")).isEqualTo(10_000);
        assertThat(deciding(firewall, "10.39.16.77")).isEqualTo(10_002);
    }
}
