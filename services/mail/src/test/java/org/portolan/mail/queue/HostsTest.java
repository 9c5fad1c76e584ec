package org.portolan.mail.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.mail.StatedNames;

/** Which servers are tried, and in which order. */
class HostsTest {
    private final StatedNames names = new StatedNames();
    private final InetAddress here = InetAddress.ofLiteral("192.0.2.1");
    private final Hosts hosts =
            new Hosts(
                    "here.example",
                    List.of(
                            Route.of("routed.example mx.elsewhere.example:2525"),
                            Route.of(".routed.example [2001:db8::7]")),
                    names,
                    here::equals);

    private List<String> of(String domain) throws Unreachable {
        return hosts.of(domain).stream()
                .flatMap(
                        host ->
                                host.addresses().stream()
                                        .map(a -> host.name() + "=" + Reaching.shown(a)))
                .toList();
    }

    private String refused(String domain) {
        Outcome outcome = catchThrowableOfType(Unreachable.class, () -> of(domain)).outcome();
        return outcome.getClass().getSimpleName() + " " + outcome.status();
    }

    @Test
    void theLowestPreferenceComesFirstAndFamiliesTakeTurns() throws Exception {
        names.add("there.example MX 20 b.there.example");
        names.add("there.example MX 10 a.there.example");
        names.add("a.there.example A 192.0.2.7");
        names.add("a.there.example A 192.0.2.8");
        names.add("a.there.example AAAA 2001:db8::7");
        names.add("b.there.example A 192.0.2.9");
        assertThat(of("there.example"))
                .containsExactly(
                        "a.there.example=[2001:db8:0:0:0:0:0:7]:25",
                        "a.there.example=192.0.2.7:25",
                        "a.there.example=192.0.2.8:25",
                        "b.there.example=192.0.2.9:25");
    }

    @Test
    void aDomainWithoutMxIsItsOwn() throws Exception {
        names.add("plain.example A 192.0.2.7");
        assertThat(of("plain.example")).containsExactly("plain.example=192.0.2.7:25");
    }

    @Test
    void aNullMxTakesNoMail() {
        names.add("never.example MX 0 .");
        names.add("never.example A 192.0.2.7");
        assertThat(refused("never.example")).isEqualTo("Failed 5.1.10");
    }

    @Test
    void whatDoesNotExistIsRefusedAndWhatNobodyKnowsWaits() {
        names.add("silent.example MX TRYAGAIN");
        names.add("half.example MX 10 mx.half.example");
        names.add("mx.half.example A TRYAGAIN");
        names.add("empty.example TXT nothing");
        names.add("dangling.example MX 10 mx.nowhere.example");
        assertThat(refused("nowhere.example")).isEqualTo("Failed 5.1.2");
        assertThat(refused("empty.example")).isEqualTo("Failed 5.1.2");
        assertThat(refused("dangling.example")).isEqualTo("Failed 5.1.2");
        assertThat(refused("silent.example")).isEqualTo("Deferred 4.4.3");
        assertThat(refused("half.example")).isEqualTo("Deferred 4.4.3");
    }

    @Test
    void whoIsNoBetterThanWeAreIsLeftOut() throws Exception {
        names.add("backup.example MX 10 a.backup.example");
        names.add("backup.example MX 20 here.example");
        names.add("backup.example MX 30 c.backup.example");
        names.add("a.backup.example A 192.0.2.7");
        names.add("here.example A 192.0.2.1");
        names.add("c.backup.example A 192.0.2.9");
        assertThat(of("backup.example")).containsExactly("a.backup.example=192.0.2.7:25");
        names.add("ours.example MX 10 mx.ours.example");
        names.add("mx.ours.example A 192.0.2.1");
        assertThat(refused("ours.example")).isEqualTo("Failed 5.4.6");
        names.add("self.example A 192.0.2.1");
        assertThat(refused("self.example")).isEqualTo("Failed 5.4.6");
        assertThat(refused("[192.0.2.1]")).isEqualTo("Failed 5.4.6");
    }

    @Test
    void routesAndLiteralsNeedNoMx() throws Exception {
        names.add("mx.elsewhere.example A 192.0.2.7");
        assertThat(of("routed.example")).containsExactly("mx.elsewhere.example=192.0.2.7:2525");
        assertThat(of("a.routed.example")).containsExactly("2001:db8::7=[2001:db8:0:0:0:0:0:7]:25");
        assertThat(of("[192.0.2.7]")).containsExactly("192.0.2.7=192.0.2.7:25");
        assertThat(of("[ipv6:2001:db8::7]")).hasSize(1);
        assertThat(refused("[2001:db8::7]")).isEqualTo("Failed 5.1.2");
        assertThat(refused("[example]")).isEqualTo("Failed 5.1.2");
    }
}
