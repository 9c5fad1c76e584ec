package org.portolan.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Connection;
import org.portolan.kernel.firewall.Rule;
import org.portolan.stores.Events;
import tools.jackson.jr.ob.JSON;

/** The firewall by the command line. The office serves {@code logins}: echo, 7/tcp and 7/udp. */
class FirewallVerbsTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        office.settled = List.of(Rule.of("deny echo from 10.9.0.0/16"));
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private String done(String line) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run(line, operator)).as(operator.remarked.toString()).isZero();
        return operator.said.toString();
    }

    private String wrong(int status, String line) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run(line, operator)).as(operator.said.toString()).isEqualTo(status);
        assertThat(operator.said).isEmpty();
        return operator.remarked.toString();
    }

    private int run(String line, Operator operator) throws Exception {
        return office.verbs.run(List.of(line.split(" ")), operator);
    }

    @Test
    void theRulesAreShownInTheirOrder() throws Exception {
        done("firewall add allow logins from 10.0.0.0/8");
        assertThat(done("firewall show").lines())
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("NO"),
                        first ->
                                assertThat(first).matches(" *1 +allow logins .* firewall.rules .*"),
                        second -> assertThat(second).matches(" *2 +deny echo .* portolan.toml .*"),
                        third -> assertThat(third).matches(" *3 +allow all from loopback .*"),
                        last -> assertThat(last).matches(" *4 +deny all from any .*"));
        assertThat(JSON.std.listFrom(done("firewall show --json")).getFirst())
                .isEqualTo(
                        Map.of(
                                "number", 1,
                                "rule", "allow logins from 10.0.0.0/8",
                                "written", "firewall.rules",
                                "decided", 0,
                                "over", 0));
    }

    @Test
    void aTrialNamesTheRuleThatDecides() throws Exception {
        done("firewall add allow logins from 10.0.0.0/8");
        assertThat(done("firewall try 10.0.0.7 7/tcp"))
                .isEqualTo(
                        "10.0.0.7 may reach echo (7/tcp of logins): rule 1, \"allow logins from"
                                + " 10.0.0.0/8\"\n");
        assertThat(done("firewall try 192.0.2.1 logins"))
                .isEqualTo(
                        "192.0.2.1 may not reach echo (7/tcp of logins): rule 4, \"deny all from"
                                + " any\"\n"
                                + "192.0.2.1 may not reach echo (7/udp of logins): rule 4, \"deny"
                                + " all from any\"\n");
        assertThat(done("firewall try ::1 4711/udp"))
                .isEqualTo(
                        "0:0:0:0:0:0:0:1 may reach 4711/udp (nobody serves it here): rule 3,"
                                + " \"allow all from loopback\"\n");
        assertThat(JSON.std.listFrom(done("firewall try 127.0.0.1 echo/udp --json")))
                .singleElement()
                .asString()
                .contains("admitted=true", "number=3", "transport=udp");
    }

    @Test
    void whatIsNoneOfItIsExplained() throws Exception {
        assertThat(wrong(2, "firewall try ten 7")).contains("an address is wanted");
        assertThat(wrong(2, "firewall try 10.0.0.1 7/sctp")).contains("tcp or udp");
        assertThat(wrong(1, "firewall try 10.0.0.1 ecko")).contains("did you mean echo?");
        assertThat(wrong(1, "firewall try 10.0.0.1 99999")).contains("nobody serves");
        assertThat(wrong(2, "firewall add permit all")).contains("a rule is written like");
        assertThat(wrong(1, "firewall add allow loggins from any")).contains("mean logins?");
        assertThat(wrong(1, "firewall add --at 3 allow all from any")).contains("from 1 to 1");
        assertThat(wrong(1, "firewall remove 1")).contains("change portolan.toml");
        assertThat(wrong(1, "firewall remove 9")).contains("there is no rule 9");
        assertThat(wrong(2, "expose echo --to nowhere")).contains("networks like");
        assertThat(wrong(2, "expose echo")).contains("--to");
        assertThat(office.rules).isEmpty();
    }

    @Test
    void rulesAreAddedAtTheirPlaceAndRemoved() throws Exception {
        done("firewall add allow echo/tcp from any");
        done("firewall add --at 2 deny echo from any");
        assertThat(done("firewall add limit echo/udp from any to 5 new per minute"))
                .isEqualTo("Rule 1 is \"limit echo/udp from any to 5 new per minute\".\n");
        assertThat(office.rules)
                .extracting(Rule::text)
                .containsExactly(
                        "limit echo/udp from any to 5 new per minute",
                        "allow echo/tcp from any",
                        "deny echo from any");
        assertThat(done("firewall remove 2")).contains("\"allow echo/tcp from any\" was removed");
        assertThat(office.rules).hasSize(2);
        await().untilAsserted(
                        () ->
                                assertThat(office.events.latest(9))
                                        .extracting(Events.Event::words)
                                        .contains("firewall: removed \"allow echo/tcp from any\""));
    }

    @Test
    void whatIsExposedIsSaidAndHiddenAgain() throws Exception {
        String said = done("expose logins --to 10.0.0.0/8,2001:db8::/32");
        assertThat(said)
                .contains("Rule 1 is \"allow logins from 10.0.0.0/8, 2001:db8::/32\"")
                .contains("echo (" + office.port() + "/tcp) listens at 127.0.0.1 alone")
                .contains("echo (" + office.udpPort() + "/udp) listens at 127.0.0.1 alone");
        done("expose logins --to 10.0.0.0/8,2001:db8::/32");
        assertThat(office.rules).hasSize(1);
        assertThat(done("hide logins"))
                .isEqualTo("logins is for this host alone now; connections that are open go on.\n");
        assertThat(office.rules).isEmpty();

        office.settled = List.of(Rule.of("allow all from any"));
        assertThat(done("hide logins")).contains("Rule 1 is \"deny logins from outside\"");
        assertThat(done("firewall try 192.0.2.1 7/tcp")).contains("may not reach");
        assertThat(done("firewall try 127.0.0.1 7/tcp")).contains("may reach");
        done("expose logins --to any");
        assertThat(office.rules).extracting(Rule::text).containsExactly("allow logins from any");
    }

    @Test
    void rulesForGroupsAreTriedWithAnAccount() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.add("bob", "a long word");
        office.accounts.addGroup("crew");
        office.accounts.join("crew", List.of("ada"));
        assertThat(wrong(1, "firewall add allow logins from any for crow"))
                .contains("there is no group crow; did you mean crew?");
        done("firewall add allow logins from 10.0.0.0/8 for crew");
        assertThat(done("firewall try 10.0.0.7 7/tcp"))
                .contains("10.0.0.7 may reach echo (7/tcp of logins), and stay after logging in as")
                .contains("one of crew: rule 1");
        assertThat(done("firewall try 10.0.0.7 7/udp")).contains("may not reach", "rule 4");
        assertThat(done("firewall try 10.0.0.7 7/tcp --account ada"))
                .contains("ada at 10.0.0.7 may reach echo (7/tcp of logins): rule 1");
        assertThat(done("firewall try 10.0.0.7 7/tcp --account bob"))
                .contains("bob at 10.0.0.7 may not reach echo (7/tcp of logins): rule 4");
        assertThat(done("firewall try 10.0.0.7 7/tcp --json")).contains("\"crew\"");
        assertThat(wrong(1, "firewall try 10.0.0.7 7 --account alan")).contains("no account alan");
        done("firewall add proxy echo from 10.0.0.5");
        assertThat(done("firewall try 10.0.0.5 7/tcp")).contains("as a proxy", "rule 1");
    }

    /** Runs a verb as an administrator would whose conversation is {@code from}. */
    private Scripted asked(int status, String line, Connection from) throws Exception {
        Scripted operator = Scripted.program();
        operator.remote = Optional.of(from);
        assertThat(run(line, operator)).as(operator.remarked.toString()).isEqualTo(status);
        return operator;
    }

    @Test
    void whatWouldCutOffTheOneWhoAsksIsRefusedUnlessForced() throws Exception {
        office.accounts.add("ada", "a long word");
        office.accounts.addGroup("crew");
        try (Socket console = new Socket()) {
            console.bind(new InetSocketAddress("127.0.0.9", 0));
            console.connect(new InetSocketAddress("127.0.0.1", office.port()));
            console.getOutputStream().write("ada\r\n".getBytes(UTF_8));
            await().until(() -> office.kernel.sockets().open().size() == 1);
            Connection ada = office.kernel.sockets().open().iterator().next();
            await().until(() -> ada.account().equals("ada"));

            for (String rule :
                    List.of(
                            "deny echo from 127.0.0.0/24",
                            "deny all from any for crew",
                            "proxy logins from 127.0.0.9")) {
                office.accounts.join("crew", List.of("ada"));
                Scripted refused = asked(1, "firewall add " + rule, ada);
                assertThat(refused.remarked.toString())
                        .contains("this would cut you off", "127.0.0.9 to echo", rule, "--force");
                assertThat(office.rules).isEmpty();
            }
            office.accounts.leave("crew", List.of("ada"));
            asked(0, "firewall add deny all from any for crew", ada);
            asked(0, "firewall add deny echo from 127.0.0.10", ada);
            assertThat(asked(0, "firewall add --force deny echo from 127.0.0.9", ada).remarked)
                    .contains("1 open conversation that could not begin again now");
            asked(0, "firewall add deny echo from 127.0.0.11", ada); // who is cut off can go on
            asked(0, "firewall remove 2", ada);
            asked(0, "firewall add --at 2 allow echo from 127.0.0.9", ada);
            asked(0, "firewall remove 1", ada);
            asked(0, "firewall add deny echo from 127.0.0.11", ada);
            // nobody at this machine is cut off: the admin socket is always there
            done("firewall add deny all from any");
        }
    }
}
