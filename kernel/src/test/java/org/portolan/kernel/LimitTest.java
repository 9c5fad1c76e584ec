package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.kernel.TestSite.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many may come, and what those hear who are one too many. */
class LimitTest {
    private static final String REFUSAL = "421 too many connections";

    private static final class Greeter implements Conversation {
        @Override
        public void converse(Connection client) throws IOException {
            client.writeLine("220 hello");
            while (true) {
                client.writeLine("=" + client.readLine());
            }
        }

        @Override
        public Optional<String> farewell(Hangup.Reason reason) {
            return Optional.of("421 " + reason.words());
        }
    }

    private final List<TestPeer> peers = new ArrayList<>();

    private TestPeer add(TestPeer peer) {
        peers.add(peer);
        return peer;
    }

    private void letGo() throws IOException {
        for (TestPeer peer : peers) {
            peer.close();
        }
        peers.clear();
    }

    @AfterEach
    void closeAll() throws IOException {
        letGo();
    }

    private static TestSite site(int inAll, int ofPeer, int ofNetwork) {
        return new TestSite()
                .with("test", Tls.NEVER, TestSite.PATIENT, new Greeter())
                .atMost(inAll, ofPeer, ofNetwork)
                .open();
    }

    @Test
    void onePeerHasItsShareAndNoMore() throws Exception {
        try (TestSite site = site(100, 3, 100)) {
            for (int i = 0; i < 3; i++) {
                assertThat(add(site.connect()).line()).isEqualTo("220 hello");
            }
            assertThat(add(site.connect()).rest()).isEqualTo(REFUSAL + "\r\n");
            TestPeer neighbour = add(TestPeer.from("127.0.0.2", site.door()));
            assertThat(neighbour.line()).isEqualTo("220 hello");
            assertThat(site.counted("portolan_turned_away", "limit")).isEqualTo(1);

            peers.getFirst().close(); // one goes, one may come
            await().until(() -> site.kernel.sockets().counted() == 3);
            assertThat(add(site.connect()).line()).isEqualTo("220 hello");
            letGo();
            site.awaitEmpty();
        }
    }

    @Test
    void oneNetworkHasItsShareAndNoMore() throws Exception {
        try (TestSite site = site(100, 100, 3)) {
            for (int i = 1; i <= 3; i++) {
                add(TestPeer.from("127.0.0." + i, site.door())).line();
            }
            TestPeer fourth = add(TestPeer.from("127.0.0.4", site.door()));
            assertThat(fourth.rest()).isEqualTo(REFUSAL + "\r\n");
            TestPeer elsewhere = add(TestPeer.from("127.0.1.4", site.door()));
            assertThat(elsewhere.line()).isEqualTo("220 hello");
        }
    }

    @Test
    void theWholeSiteHasItsShareAndNoMore() throws Exception {
        try (TestSite site = site(3, 100, 100)) {
            for (int i = 1; i <= 3; i++) {
                add(TestPeer.from("127.0." + i + ".1", site.door())).line();
            }
            TestPeer fourth = add(TestPeer.from("127.0.4.1", site.door()));
            assertThat(fourth.rest()).isEqualTo(REFUSAL + "\r\n");
        }
    }

    @Test
    void aThousandConnectionsOfOnePeerHurtNobodyElse() throws Exception {
        try (TestSite site = site(20_000, 250, 1000);
                ExecutorService crowd = Executors.newFixedThreadPool(16)) {
            TestPeer bystander = add(TestPeer.from("127.0.9.9", site.door()));
            assertThat(bystander.line()).isEqualTo("220 hello");

            List<Future<TestPeer>> coming = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                coming.add(crowd.submit(() -> site.connect()));
            }
            int welcomed = 0;
            int refused = 0;
            for (Future<TestPeer> one : coming) {
                TestPeer peer = add(one.get());
                String heard = peer.line();
                if (heard.equals(REFUSAL)) {
                    assertThat(peer.rest()).isEmpty();
                    refused++;
                } else {
                    assertThat(heard).isEqualTo("220 hello");
                    welcomed++;
                }
            }
            assertThat(welcomed).isEqualTo(250);
            assertThat(refused).isEqualTo(750);
            assertThat(site.counted("portolan_turned_away", "limit")).isEqualTo(750);

            bystander.send("still there?\r\n");
            assertThat(bystander.line()).isEqualTo("=still there?");
            TestPeer another = add(TestPeer.from("127.0.8.8", site.door()));
            assertThat(another.line()).isEqualTo("220 hello");

            letGo();
            site.awaitEmpty();
        }
    }

    @Test
    void aDoorThatSpeaksTlsSaysNoRefusalInTheClear() throws Exception {
        TestSite at =
                new TestSite()
                        .with("test", Tls.AT_ONCE, TestSite.PATIENT, new Greeter())
                        .atMost(0, 1, 1)
                        .open();
        try (TestSite site = at) {
            assertThat(add(site.connect()).rest()).isEmpty();
        }
    }

    @Test
    void whoIsNotAdmittedIsClosedBeforeAByte() throws Exception {
        Admission others =
                (service, port, transport, from) ->
                        from.getHostAddress().equals("127.0.0.1")
                                ? Verdict.REFUSED
                                : Verdict.ADMITTED;
        TestSite at =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, new Greeter())
                        .admitting(others)
                        .open();
        try (TestSite site = at) {
            assertThat(add(site.connect()).rest()).isEmpty();
            assertThat(add(TestPeer.from("127.0.0.2", site.door())).line()).isEqualTo("220 hello");
            assertThat(site.counted("portolan_turned_away", "firewall")).isEqualTo(1);
        }
    }

    @Test
    void whoHasTheAllowanceOfARuleIsToldSoUntilSomeOfItIsFreeAgain() throws Exception {
        Verdict limited = new Verdict(true, new Allowance(2, 4, 0));
        TestSite at =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, new Greeter())
                        .admitting((service, port, transport, from) -> limited)
                        .open();
        try (TestSite site = at) {
            TestPeer first = add(site.connect());
            assertThat(first.line()).isEqualTo("220 hello");
            assertThat(add(site.connect()).line()).isEqualTo("220 hello");
            assertThat(add(site.connect()).line()).isEqualTo("421 too many connections");
            assertThat(add(TestPeer.from("127.0.0.2", site.door())).line()).isEqualTo("220 hello");
            first.close();
            TestSite.await().until(() -> site.kernel.sockets().open().size() == 2);
            assertThat(add(site.connect()).line()).isEqualTo("220 hello");
            letGo();
            site.awaitEmpty();
            TestPeer fourth = add(site.connect());
            assertThat(fourth.line()).isEqualTo("220 hello");
            letGo();
            site.awaitEmpty();
            assertThat(add(site.connect()).line()).startsWith("421"); // the fifth in a minute
            site.clock.advance(Duration.ofMinutes(1));
            assertThat(add(site.connect()).line()).isEqualTo("220 hello");
            assertThat(limited.times()).isEqualTo(8);
            assertThat(limited.over()).isEqualTo(2);
        }
    }

    @Test
    void whoHasOneAddressOfIpv6HasAllOfItsNetwork() {
        Verdict one = new Verdict(true, new Allowance(1, 0, 0));
        Verdict.Visit first = one.enter(InetAddress.ofLiteral("2001:db8::1"), 0);
        assertThat(first).isNotNull();
        assertThat(one.enter(InetAddress.ofLiteral("2001:db8::2"), 0)).isNull();
        assertThat(one.enter(InetAddress.ofLiteral("2001:db8:0:1::1"), 0)).isNotNull();
        assertThat(one.enter(InetAddress.ofLiteral("192.0.2.1"), 0)).isNotNull();
        assertThat(one.enter(InetAddress.ofLiteral("192.0.2.2"), 0)).isNotNull();
        first.end().run();
        assertThat(one.enter(InetAddress.ofLiteral("2001:db8::2"), 0)).isNotNull();
    }

    @Test
    void aFloodOfAddressesIsForgottenAfterItsMinute() {
        Verdict limited = new Verdict(true, new Allowance(0, 5, 0));
        for (int i = 0; i < 30_000; i++) {
            InetAddress from = InetAddress.ofLiteral("10.0.%d.%d".formatted(i >> 8, i & 255));
            limited.enter(from, 0).end().run();
        }
        limited.enter(InetAddress.ofLiteral("192.0.2.1"), 61_000_000_000L);
        assertThat(limited.remembered()).isOne();
    }

    @Test
    void aPaceIsKeptByAllOfAnAddressTogether() {
        Pace pace = new Pace(1000);
        assertThat(pace.use(500, 0)).isEqualTo(500_000_000);
        assertThat(pace.use(500, 100_000_000)).isEqualTo(900_000_000);
        assertThat(pace.use(1, 5_000_000_000L)).isEqualTo(1_000_000);
        assertThat(pace.step(65_536)).isEqualTo(1000);
        assertThat(Pace.UNLIMITED.step(65_536)).isEqualTo(65_536);
    }

    @Test
    void aBrokenAdmissionLetsNobodyInAndKeepsTheDoorOpen() throws Exception {
        Admission broken =
                (service, port, transport, from) -> {
                    if (from.getHostAddress().equals("127.0.0.1")) {
                        throw new IllegalStateException("a bug");
                    }
                    return Verdict.ADMITTED;
                };
        TestSite at =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, new Greeter())
                        .admitting(broken)
                        .open();
        try (TestSite site = at) {
            assertThat(add(site.connect()).rest()).isEmpty();
            assertThat(add(TestPeer.from("127.0.0.2", site.door())).line()).isEqualTo("220 hello");
            letGo();
            site.awaitEmpty();
        }
    }
}
