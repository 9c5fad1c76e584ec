package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;

/** The firewall over real sockets: again after a log-in, and again behind a proxy. */
class AdmissionTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** Each line is the name of an account that logs in; then it tells who the peer is. */
    private static final class Doorman implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            client.writeLine("220 hello");
            while (true) {
                client.loggedIn(client.readLine());
                client.writeLine(client.account() + " at " + client.peer());
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("421 " + reason.words());
        }
    }

    /** Ada is of the crew, Bob is not. */
    private record Crew(Firewall firewall) implements Admission {
        @Override
        public Verdict judge(String service, Port port, String transport, InetAddress from) {
            return firewall.judge(service, port, transport, from);
        }

        @Override
        public Verdict judgeBehindProxy(String service, Port port, InetAddress from) {
            return firewall.judgeBehindProxy(service, port, from);
        }

        @Override
        public Verdict judgeAccount(Connection client, String account) {
            Set<String> groups = account.equals("ada") ? Set.of("crew") : Set.of();
            InetAddress from = client.peer().address();
            return firewall.decidingFor("test", client.port(), from, groups).verdict();
        }
    }

    private TestSite site = new TestSite();

    private TestSite open(Tls tls, String... rules) {
        List<Rule> read = Stream.of(rules).map(Rule::of).toList();
        site.with("test", tls, TestSite.PATIENT, new Doorman())
                .admitting(new Crew(Firewall.of(Map.of("here", read), null)))
                .open();
        return site;
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void whoIsNotOfTheGroupHearsSoAfterTheLogIn() throws Exception {
        open(Tls.NEVER, "allow test from 127.0.0.9 for crew", "deny test from any");
        try (TestPeer ada = TestPeer.from("127.0.0.9", site.door());
                TestPeer bob = TestPeer.from("127.0.0.9", site.door());
                TestPeer stranger = TestPeer.from("127.0.0.8", site.door())) {
            assertThat(stranger.restHoweverItEnds()).isEmpty();
            assertThat(ada.send("ada\r\n").line()).isEqualTo("220 hello");
            assertThat(ada.line()).startsWith("ada at 127.0.0.9:");
            assertThat(bob.send("bob\r\n").line()).isEqualTo("220 hello");
            assertThat(bob.rest())
                    .isEqualTo("421 the firewall does not admit this account from there\r\n");
            assertThat(ada.send("ada\r\n").line()).startsWith("ada at ");
            assertThat(site.hungUp(Hangup.Reason.ACCOUNT_NOT_ADMITTED)).isEqualTo(1);
        }
        site.awaitEmpty();
    }

    @Test
    void aLimitOfAGroupHoldsFromTheLogInOn() throws Exception {
        open(Tls.NEVER, "limit test from any for crew to 1 connection", "allow test from any");
        try (TestPeer first = site.connect();
                TestPeer second = site.connect();
                TestPeer bob = site.connect()) {
            assertThat(first.send("ada\r\n").line()).isEqualTo("220 hello");
            assertThat(first.line()).startsWith("ada at ");
            assertThat(second.send("ada\r\n").line()).isEqualTo("220 hello");
            assertThat(second.rest()).isEqualTo("421 too many connections\r\n");
            assertThat(bob.send("bob\r\n").line()).isEqualTo("220 hello");
            assertThat(bob.line()).startsWith("bob at ");
            assertThat(first.send("ada\r\n").line()).startsWith("ada at "); // it has its one
            first.close();
            await().until(() -> site.kernel.sockets().open().size() == 1);
            try (TestPeer third = site.connect()) {
                assertThat(third.send("ada\r\n").line()).isEqualTo("220 hello");
                assertThat(third.line()).startsWith("ada at ");
            }
        }
        site.awaitEmpty();
    }

    @Test
    void behindAProxyTheClientIsThePeer() throws Exception {
        open(Tls.NEVER, "proxy test from 127.0.0.5", "allow test from 192.0.2.0/24");
        try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
            proxy.sendByteByByte("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nada\r\n");
            assertThat(proxy.line()).isEqualTo("220 hello");
            assertThat(proxy.line()).isEqualTo("ada at 192.0.2.7:4711");
            Connection here = site.only();
            assertThat(here.proxy().orElseThrow().address().getHostAddress())
                    .isEqualTo("127.0.0.5");
            assertThat(here.confidential()).isFalse();
        }
        site.awaitEmpty();
        try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
            proxy.send(hex("2111000c c0000208 c6336401 c000 0019")).send("bob\r\n");
            assertThat(proxy.line()).isEqualTo("220 hello");
            assertThat(proxy.line()).isEqualTo("bob at 192.0.2.8:49152");
        }
        site.awaitEmpty();
        try (TestPeer direct = TestPeer.from("127.0.0.6", site.door())) {
            assertThat(direct.line()).isEqualTo("220 hello"); // nobody waits for a header
        }
        site.awaitEmpty();
    }

    private static byte[] hex(String rest) {
        return HexFormat.of().parseHex((SIGNATURE + rest).replace(" ", ""));
    }

    @Test
    void behindAProxyTlsComesAfterTheHeader() throws Exception {
        open(Tls.AT_ONCE, "proxy test from 127.0.0.5", "allow test from 192.0.2.0/24");
        try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
            proxy.send("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\n");
            proxy.secure(site.certificates.trust(), "portolan.test");
            assertThat(proxy.line()).isEqualTo("220 hello");
            assertThat(proxy.send("ada\r\n").line()).isEqualTo("ada at 192.0.2.7:4711");
        }
        site.awaitEmpty();
    }

    @Test
    void whoMayNotComeInMayNotBehindAProxyEither() throws Exception {
        open(
                Tls.NEVER,
                "proxy test from 127.0.0.5",
                "allow test from 192.0.2.0/24 for crew",
                "deny test from any");
        for (String header :
                List.of(
                        "PROXY TCP4 198.51.100.7 198.51.100.1 4711 25\r\n",
                        "PROXY TCP4 127.0.0.5 198.51.100.1 4711 25\r\n", // no second header
                        "PROXY TCP4 192.0.2.7\r\n",
                        "QUIT\r\n")) {
            try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
                proxy.send(header);
                assertThat(proxy.restHoweverItEnds()).as(header).isEmpty();
            }
        }
        assertThat(site.hungUp(Hangup.Reason.NOT_ADMITTED)).isEqualTo(2);
        assertThat(site.hungUp(Hangup.Reason.BAD_PROXY_HEADER)).isEqualTo(2);
        try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
            proxy.send("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nbob\r\n");
            assertThat(proxy.line()).isEqualTo("220 hello");
            assertThat(proxy.rest()).startsWith("421 the firewall does not admit this account");
        }
        site.awaitEmpty();
    }

    @Test
    void aProxyThatLooksWhetherAllIsWellComesInAsItself() throws Exception {
        open(Tls.NEVER, "proxy test from 127.0.0.5", "deny test from any");
        try (TestPeer proxy = TestPeer.from("127.0.0.5", site.door())) {
            proxy.send(hex("20000000"));
            assertThat(proxy.line()).isEqualTo("220 hello");
            assertThat(site.only().peer().address().getHostAddress()).isEqualTo("127.0.0.5");
        }
        site.awaitEmpty();
    }

    @Test
    void behindAProxyEachClientHasItsOwnLimits() throws Exception {
        site.atMost(100, 1, 100);
        open(Tls.NEVER, "proxy test from 127.0.0.5", "allow test from any");
        try (TestPeer one = TestPeer.from("127.0.0.5", site.door())) {
            one.send("PROXY TCP4 192.0.2.7 198.51.100.1 1 25\r\n");
            assertThat(one.line()).isEqualTo("220 hello");
            try (TestPeer other = TestPeer.from("127.0.0.5", site.door())) {
                other.send("PROXY TCP4 192.0.2.8 198.51.100.1 1 25\r\n");
                assertThat(other.line()).isEqualTo("220 hello");
            }
            try (TestPeer again = TestPeer.from("127.0.0.5", site.door())) {
                again.send("PROXY TCP4 192.0.2.7 198.51.100.1 2 25\r\n");
                assertThat(again.rest()).isEqualTo("421 too many connections\r\n");
            }
        }
        site.awaitEmpty();
    }
}
