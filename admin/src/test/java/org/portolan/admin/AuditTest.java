package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.kernel.firewall.Rule;
import org.portolan.stores.Events;
import org.portolan.testkit.FrozenClock;
import tools.jackson.jr.ob.JSON;

/** What an audit finds, and with what it is mended. */
class AuditTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
        office.doors = new ArrayList<>();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private record Served(String name) implements Service {
        @Override
        public List<Door> doors() {
            return List.of();
        }
    }

    private static StreamDoor tcp(int number, String name, Tls tls) {
        return new StreamDoor(new Port(number, name), tls, client -> {}, "");
    }

    private static DatagramDoor udp(int number, String name) {
        return new DatagramDoor(
                new Port(number, name), Reception.upTo(512), (request, replies) -> {}, "");
    }

    private void serve(String service, PortDoor door) {
        serve(service, door, "0.0.0.0", Optional.empty());
    }

    private void serve(String service, PortDoor door, String at, Optional<String> problem) {
        office.doors.add(
                new Opened(
                        new Served(service),
                        door,
                        new InetSocketAddress(InetAddress.ofLiteral(at), door.port().number()),
                        problem));
    }

    private void rules(String... rules) {
        office.settled = Stream.of(rules).map(Rule::of).toList();
    }

    private String audit(int status, String... options) throws Exception {
        Scripted operator = Scripted.program();
        List<String> words = new ArrayList<>(List.of("audit"));
        words.addAll(List.of(options));
        assertThat(office.verbs.run(words, operator))
                .as(operator.remarked.toString() + operator.said)
                .isEqualTo(status);
        return operator.said.toString();
    }

    /** The finding about a port or, where it is about none, about a thing. */
    private Map<?, ?> finding(int status, String about) throws Exception {
        return JSON.std.listFrom(audit(status, "--json")).stream()
                .map(Map.class::cast)
                .filter(each -> about.equals(each.get("port")) || about.equals(each.get("service")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing about " + about));
    }

    private static void assertSays(Map<?, ?> finding, String severity, String... words) {
        assertThat(finding.get("severity")).as(finding.toString()).isEqualTo(severity);
        assertThat(finding.toString()).contains(words);
    }

    @Test
    void whatIsForThisHostAloneIsAsItShouldBe() throws Exception {
        serve("telnet", tcp(23, "telnet", Tls.NEVER));
        assertSays(finding(0, "23/tcp"), "ok", "reach=this host", "security=clear");
        rules("allow telnet from 10.0.0.0/8");
        office.doors.clear();
        serve("telnet", tcp(23, "telnet", Tls.NEVER), "127.0.0.1", Optional.empty());
        assertSays(finding(0, "23/tcp"), "ok", "rule 1 would let others in", "loopback alone");
        assertThat(audit(0)).contains("SEVERITY").contains("23/tcp");
    }

    @Test
    void clearTextBeyondThisHostIsFoundWithWhatIsSafer() throws Exception {
        serve("telnet", tcp(23, "telnet", Tls.NEVER));
        serve("ssh", tcp(22, "ssh", Tls.NEVER));
        serve("ftp", tcp(21, "ftp", Tls.UPGRADE));
        serve("ftp", tcp(990, "ftps", Tls.AT_ONCE));
        serve("tftp", udp(69, "tftp"));
        serve("imap", tcp(143, "imap", Tls.UPGRADE));
        serve("imap", tcp(993, "imaps", Tls.AT_ONCE));
        serve("dns", udp(53, "domain"));
        rules("allow telnet, ssh, ftp, imap, dns from any", "allow tftp from 10.0.0.0/8");
        assertSays(
                finding(3, "23/tcp"),
                "danger",
                "reach=everybody",
                "portolan hide 23/tcp, and let clients use ssh/22");
        assertSays(finding(3, "22/tcp"), "ok", "security=encrypted");
        assertSays(finding(3, "21/tcp"), "notice", "security=upgrade", "hide 21/tcp", "ssh/22");
        assertSays(finding(3, "990/tcp"), "ok", "security=encrypted");
        assertSays(finding(3, "69/udp"), "warning", "reach=10.0.0.0/8", "elsewhere one would use");
        assertSays(finding(3, "143/tcp"), "notice", "and let clients use imaps/993");
        assertSays(finding(3, "53/udp"), "notice", "public answers", "domain-s/853");
        assertThat(audit(3).lines().skip(1).findFirst().orElseThrow()).startsWith("danger");
        audit(3, "--fail-on", "danger");
        rules("allow tftp from 10.0.0.0/8");
        audit(3);
        audit(0, "--fail-on", "danger");
        audit(2, "--fail-on", "often");
    }

    @Test
    void rulesAreLookedThrough() throws Exception {
        serve("imap", tcp(993, "imaps", Tls.AT_ONCE));
        office.accounts.addGroup("crew");
        rules("allow imap from 10.0.0.0/8 for crew", "proxy imap from 10.9.0.1");
        assertSays(finding(0, "993/tcp"), "ok", "10.0.0.0/8 for crew; proxies 10.9.0.1");
        rules("allow imap from 10.0.0.0/8 for crow");
        assertSays(finding(3, "firewall"), "warning", "portolan account group add crow");
        office.rules = List.of(Rule.of("allow all from any"));
        rules();
        assertSays(finding(3, "firewall"), "warning", "portolan firewall remove 1");
        office.rules = List.of();
        rules("proxy all from any");
        assertSays(finding(3, "firewall"), "danger", "take \"proxy all from any\" out of");
    }

    @Test
    void settingsThatOpenSomethingAreFound() throws Exception {
        serve("ftp", tcp(990, "ftps", Tls.AT_ONCE));
        rules("allow ftp from any");
        office.settings =
                Map.of(
                        "name", "\"portolan.localhost\"",
                        "ftp.enabled", "true",
                        "ftp.clear_text", "true",
                        "pop3.enabled", "false",
                        "pop3.trace", "true");
        assertSays(finding(3, "ftp"), "danger", "clear_text = false in [ftp] of portolan.toml");
        assertSays(finding(3, "site"), "notice", "mail.example.org");
        assertThat(audit(3)).doesNotContain("trace");
        office.settings = Map.of("smtp.trace", "true");
        assertSays(finding(3, "smtp"), "warning", "trace = false in [smtp]");
        office.settings = Map.of("lockout.per_address", "1000");
        assertSays(finding(3, "lockout"), "warning", "per_address = 10 in [lockout]");
        office.settings = Map.of("lockout.trusted", "[\"0.0.0.0/0\"]");
        assertSays(finding(3, "lockout"), "danger", "everybody is trusted");
    }

    private void forwards(String... rules) {
        office.settings = Map.of("ssh.forward", "[\"" + String.join("\", \"", rules) + "\"]");
    }

    @Test
    void rulesThatForwardTooMuchAreFound() throws Exception {
        forwards(
                "crew may reach db.example:5432, 10.0.0.0/8:80-443, loopback:5432, outside",
                "ada may listen at 8000-8099, loopback");
        assertThat(audit(0)).doesNotContain("ssh");
        forwards("crew may reach db.example:5432, any:80");
        assertSays(
                finding(3, "ssh"),
                "warning",
                "takes who comes from there for the host itself",
                "\"crew may reach db.example:5432, outside:80\" instead of \"crew may reach"
                        + " db.example:5432, any:80\" in forward in [ssh] of portolan.toml");
        forwards("All May Reach ANY");
        assertSays(finding(3, "ssh"), "danger", "\"All may reach outside\" instead of");
        forwards("administrators may reach any");
        assertSays(finding(0, "ssh"), "notice", "administrators may reach outside");
        for (String everything : List.of("0.0.0.0/0", "::/0", "[::/0]")) {
            forwards("ada may reach " + everything);
            assertSays(finding(3, "ssh"), "warning", "\"ada may reach outside\" instead of");
        }
        forwards("ada may reach [::/0]:22-25");
        assertSays(finding(3, "ssh"), "warning", "\"ada may reach outside:22-25\" instead of");
        forwards("ada may reach loopback");
        assertSays(finding(3, "ssh"), "warning", "\"ada may reach loopback:5432\" instead of");
        forwards("ada may listen at any");
        assertSays(finding(3, "ssh"), "warning", "\"ada may listen at 8000-8099\" instead of");
        forwards("ada may listen at any:8443, 8000-8099");
        assertSays(finding(0, "ssh"), "notice", "\"ada may listen at 8443, 8000-8099\" instead");
        office.settings = Map.of("ssh.enabled", "false", "ssh.forward", "[\"all may reach any\"]");
        assertThat(audit(0)).doesNotContain("may reach");
    }

    @Test
    void aPasswordInAFileIsFound() throws Exception {
        Files.writeString(office.data.resolve("admin-password"), "secret");
        assertSays(finding(3, "account"), "warning", "portolan account passwd admin");
    }

    @Test
    void aDoorThatIsShutIsFound() throws Exception {
        serve("smtp", tcp(25, "smtp", Tls.UPGRADE), "0.0.0.0", Optional.of("taken by master"));
        assertSays(finding(3, "25/tcp"), "warning", "taken by master");
    }

    @Test
    void whatNobodyUsesIsFoundAfterADay() throws Exception {
        serve("pop3", tcp(995, "pop3s", Tls.AT_ONCE));
        office.visits = 0;
        assertThat(audit(0)).doesNotContain("nobody has come");
        office.started = Instant.now().minus(Duration.ofDays(3));
        assertSays(finding(0, "pop3"), "notice", "enabled = false in [pop3]", "3 d 0 h");
        office.events.note(Events.Kind.LOGGED_IN, "pop3", "p-1", "192.0.2.1:9", "ada", "");
        await().until(() -> office.events.latest(1).size() == 1);
        assertThat(audit(0)).doesNotContain("nobody has come");
    }

    @Test
    void aCertificateThatEndsSoonIsFound() throws Exception {
        Audit later =
                new Audit(
                        office,
                        office.firewall(),
                        office.accounts,
                        office.events,
                        office.certificates,
                        FrozenClock.at(Instant.now().plus(Duration.ofDays(390))));
        assertThat(later.findings())
                .anySatisfy(
                        each -> {
                            assertThat(each.service()).isEqualTo("certificate");
                            assertThat(each.severity()).isEqualTo(Finding.Severity.WARNING);
                            assertThat(each.remedy()).isEqualTo("portolan certificate renew");
                        });
    }
}
