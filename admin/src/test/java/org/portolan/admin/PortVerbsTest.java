package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.Port;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import tools.jackson.jr.ob.JSON;

/** What this site serves, and what any port is for. */
class PortVerbsTest {
    @TempDir Path folder;
    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office(folder.resolve("data"));
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

    private int run(String line, Operator operator) throws Exception {
        return office.verbs.run(List.of(line.split(" ")), operator);
    }

    /** A service with one door for which nobody asks. */
    private record Silent(String name, Port port, Tls tls) implements Service {
        @Override
        public List<Door> doors() {
            Conversation nothing =
                    new Conversation() {
                        @Override
                        public void converse(Connection client) {}

                        @Override
                        public Optional<String> farewell(Hangup.Reason reason) {
                            return Optional.empty();
                        }
                    };
            return List.of(
                    new Door.StreamDoor(port, tls, nothing, "try {host} {port} {ca} {account}"));
        }

        Kernel.Opened at(String address, int number, String problem) {
            return new Kernel.Opened(
                    this,
                    (Door.StreamDoor) doors().getFirst(),
                    new InetSocketAddress(address, number),
                    problem.isEmpty() ? Optional.empty() : Optional.of(problem));
        }
    }

    private static final Silent IMAP = new Silent("imap", new Port(143, "imap"), Tls.UPGRADE);
    private static final Silent LDAPS = new Silent("ldap", new Port(636, "ldaps"), Tls.AT_ONCE);

    // ---- what is served

    @Test
    void whatIsServedIsShownWithACommandForEach() throws Exception {
        assertThat(done("ports"))
                .containsPattern("PORT +SERVICE +INSTEAD OF +SECURITY +STATE +TRY IT\n")
                .containsPattern(
                        "%1$d/tcp +echo +7 +clear +open at 127.0.0.1 +nc localhost %1$d\n"
                                .formatted(office.port()))
                .containsPattern(
                        "%1$d/udp +echo +7 +clear +open at 127.0.0.1 +nc -u localhost %1$d\n"
                                .formatted(office.udpPort()));
    }

    @Test
    void whatIsNotOpenSaysWhy() throws Exception {
        office.doors =
                List.of(
                        IMAP.at("127.0.0.1", 10143, ""),
                        IMAP.at("2001:db8::7", 10143, "this machine has no such address"),
                        LDAPS.at("192.0.2.7", 10636, "taken by slapd (17)"));
        office.switchedOff = List.of(new Silent("ftp", new Port(21, "ftp"), Tls.UPGRADE));
        office.accounts.add("ada", "a long word");
        assertThat(done("ports"))
                .containsPattern(
                        "10143/tcp +imap +143 +upgrade +open at 127.0.0.1; not open at"
                                + " 2001:db8::7: this machine has no such address +try"
                                + " localhost 10143 "
                                + Path.of("/").relativize(office.data.resolve("ca.pem"))
                                + " ada\n")
                .containsPattern(
                        "10636/tcp +ldaps +636 +encrypted +not open at 192.0.2.7: taken by slapd"
                                + " \\(17\\) +-\n")
                .containsPattern("- +ftp +21 +upgrade +disabled: ftp.enabled = false +-\n");
        List<Object> rows = JSON.std.listFrom(done("ports --json"));
        assertThat(rows).extracting("state").containsExactly("open", "not open", "disabled");
        assertThat(keys(rows.getFirst()))
                .containsExactly(
                        "service",
                        "name",
                        "transport",
                        "well_known_port",
                        "security",
                        "state",
                        "places",
                        "command");
        assertThat(((Map<?, ?>) rows.getFirst()).get("places"))
                .isEqualTo(
                        List.of(
                                Map.of("address", "127.0.0.1", "port", 10143, "open", true),
                                Map.of(
                                        "address",
                                        "2001:db8::7",
                                        "port",
                                        10143,
                                        "open",
                                        false,
                                        "problem",
                                        "this machine has no such address")));
    }

    private static List<String> keys(Object object) {
        return ((Map<?, ?>) object).keySet().stream().map(String::valueOf).toList();
    }

    // ---- what any port is for

    @Test
    void aNumberIsExplainedLaneByLane() throws Exception {
        assertThat(done("ports 143"))
                .startsWith("143/tcp  imap, also imap4\n  Mail that stays on the server")
                .contains("  In the clear until both ends agree to encrypt. Safer: imaps/993.\n")
                .contains("  Standard: RFC 9051\n  Client: curl imap://HOST -u NAME\n")
                .contains("143/udp\n  Nothing is known to be there.\n")
                .contains("143 is a well-known port (0 to 1023): given by IANA to services")
                .doesNotContain("This site");
        assertThat(done("ports 443/udp"))
                .startsWith("443/udp  https, also http3, h3, quic\n")
                .doesNotContain("443/tcp");
    }

    @Test
    void whatThisSiteHasThereIsSaid() throws Exception {
        office.doors = List.of(IMAP.at("127.0.0.1", 10110, ""));
        office.switchedOff = List.of(LDAPS);
        assertThat(done("ports 143"))
                .contains("  This site serves imap at 10110/tcp: open at 127.0.0.1.\n")
                .contains("  Try it: try localhost 10110 ");
        assertThat(done("ports 10110"))
                .contains("10110/tcp  nmea-0183, also nmea\n")
                .contains("  This site serves imap here, instead of at 143: open at 127.0.0.1.\n");
        assertThat(done("ports ldaps"))
                .contains("This site could serve ldaps: disabled: ldap.enabled = false.\n");
        assertThat(JSON.std.listFrom(done("ports 10110/tcp --json")).toString())
                .contains("name=nmea-0183")
                .contains("name=imap");
        assertThat(done("ports 143-144")).containsPattern("143/tcp +imap .* 10110/tcp +Mail");
    }

    @Test
    void aNameLeadsToItsPorts() throws Exception {
        assertThat(done("ports RDP")).contains("3389/tcp  ms-wbt-server").contains("3389/udp");
        assertThat(done("ports dns/udp")).startsWith("53/udp  domain, also dns\n");
        assertThat(done("ports vnc")).startsWith("5900-5909/tcp  rfb, also vnc\n");
        assertThat(done("ports imap 443")).contains("143/tcp  imap").contains("\n\n443/tcp  https");
    }

    @Test
    void aRangeIsATable() throws Exception {
        assertThat(done("ports 6000-6100"))
                .containsPattern("PORT +SERVICE +SECURITY +SAFER +HERE +WHAT FOR\n")
                .containsPattern("6000-6063/tcp +x11 +clear +ssh/22 +- +Windows on")
                .containsPattern("6081/udp +geneve ")
                .contains("6000-6100 are registered (1024 to 49151): ");
        assertThat(done("ports 1000-1100"))
                .contains("1000-1023 are well-known")
                .contains("1024-1100 are registered");
        assertThat(done("ports 6100-6100/udp")).startsWith("Nothing is known to be at 6100-6100.");
    }

    @Test
    void anUnknownPortIsExplainedByItsRange() throws Exception {
        assertThat(done("ports 65000"))
                .startsWith("65000/tcp\n  Nothing is known to be there.\n65000/udp\n")
                .contains("65000 is a dynamic port (49152 to 65535): given to nobody: the system");
        assertThat(done("ports 40999")).contains("40999 is a registered port");
        assertThat(done("ports 0")).contains("any free port");
        assertThat(JSON.std.listFrom(done("ports 65000/tcp --json")))
                .containsExactly(
                        Map.of(
                                "first",
                                65000,
                                "last",
                                65000,
                                "transport",
                                "tcp",
                                "range",
                                "dynamic",
                                "known",
                                false,
                                "served",
                                List.of()));
    }

    @Test
    void everythingIsListed() throws Exception {
        assertThat(done("ports --all").lines().count()).isGreaterThan(250);
        List<Object> all = JSON.std.listFrom(done("ports --all --json"));
        assertThat(all).hasSizeGreaterThan(250);
        assertThat(keys(all.getFirst()))
                .containsExactly(
                        "first",
                        "last",
                        "transport",
                        "range",
                        "known",
                        "name",
                        "also",
                        "title",
                        "security",
                        "safer",
                        "standard",
                        "client",
                        "served");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "70000 | ports go from 0 to 65535; there is no 70000",
                "99999999999 | there is no 99999999999",
                "imapz | no service is called \"imapz\"; did you mean imap",
                "postgress | did you mean postgres?",
                "53/upd | ports are tcp or udp, not \"upd\"; did you mean udp?",
                "53/ | ports are tcp or udp, not \"\"",
                "imap/udp | imap is not known over udp; did you mean imap/tcp?",
                "6100-6000 | the range 6100-6000 ends before it begins; did you mean 6000-6100?",
                "/udp | \"/udp\" is no port; write 443, 53/udp, 6000-6100 or imap",
                "a-service-that-is-like-no-other | no service is called",
                "--jsn | did you mean --json?"
            })
    void whatIsNoPortIsNamedWithItsNeighbour(String typed, String complaint) throws Exception {
        Scripted operator = Scripted.program();
        assertThat(run("ports 443 " + typed, operator)).isEqualTo(Verbs.USAGE);
        assertThat(operator.said).isEmpty();
        assertThat(operator.remarked.toString()).startsWith("portolan: ").contains(complaint);
    }
}
