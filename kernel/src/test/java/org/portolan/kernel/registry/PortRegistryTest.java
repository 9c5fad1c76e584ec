package org.portolan.kernel.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of {@code ports.tsv}, and how they are found. */
class PortRegistryTest {
    private static final PortRegistry REGISTRY = PortRegistry.read();

    static List<KnownPort> all() {
        return REGISTRY.all();
    }

    private static List<String> rows() throws Exception {
        try (InputStream in = PortRegistry.class.getResourceAsStream("ports.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void thereAreEnough() throws Exception {
        assertThat(rows()).hasSizeGreaterThanOrEqualTo(250);
        assertThat(all()).hasSizeGreaterThan(rows().size());
    }

    @Test
    void everyRowIsWellFormed() throws Exception {
        assertThat(rows())
                .allMatch(
                        row ->
                                row.matches(
                                        "[0-9]+(-[0-9]+)?\t(tcp|udp|tcp\\+udp)\t[a-z0-9_-]+"
                                                + "\t(-|[a-z0-9-]+(,[a-z0-9-]+)*)"
                                                + "\t(clear|upgrade|encrypted)"
                                                + "\t(-|[a-z0-9-]+/[0-9]+)"
                                                + "(\t[!-~]+( [!-~]+)*){3}"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPortIsDescribed(KnownPort port) {
        assertThat(port.first()).isBetween(1, port.last());
        assertThat(port.last()).isLessThanOrEqualTo(PortRegistry.LAST_PORT);
        assertThat(port.title()).matches("[A-Za-z].{2,80}").doesNotEndWith(".");
        assertThat(port.client()).hasSizeLessThanOrEqualTo(60);
        assertThat(port.also()).doesNotContain(port.name()).doesNotHaveDuplicates();
        port.also().forEach(word -> assertThat(REGISTRY.called(word)).contains(port));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSaferIsThereAndEncrypts(KnownPort port) {
        Optional<KnownPort.Safer> safer = port.safer();
        if (safer.isPresent()) {
            assertThat(REGISTRY.called(safer.get().name()))
                    .as("%s", safer.get())
                    .anyMatch(
                            other ->
                                    other.contains(safer.get().port())
                                            && other.security() != Security.CLEAR
                                            && !other.equals(port));
        }
    }

    @Test
    void rowsAreInOrderAndNoPortIsThereTwice() throws Exception {
        int before = 0;
        for (String row : rows()) {
            int first = Integer.parseInt(row.split("[-\t]")[0]);
            assertThat(first).as(row).isGreaterThanOrEqualTo(before);
            before = first;
        }
        Set<String> seen = new HashSet<>();
        for (KnownPort port : all()) {
            for (int number = port.first(); number <= port.last(); number++) {
                assertThat(seen.add(number + port.lane().word())).as("%s", port).isTrue();
            }
        }
    }

    /** What a site serves, now or one day. */
    @ParameterizedTest
    @CsvSource({
        "21, tcp, ftp",
        "990, tcp, ftps",
        "22, tcp, ssh",
        "23, tcp, telnet",
        "25, tcp, smtp",
        "53, tcp, dns",
        "53, udp, dns",
        "67, udp, dhcp",
        "68, udp, dhcp-client",
        "69, udp, tftp",
        "80, tcp, http",
        "88, tcp, kerberos",
        "88, udp, kerberos",
        "110, tcp, pop3",
        "119, tcp, nntp",
        "123, udp, ntp",
        "135, tcp, ms-rpc",
        "137, udp, netbios-ns",
        "138, udp, netbios-dgm",
        "139, tcp, netbios-ssn",
        "143, tcp, imap",
        "161, udp, snmp",
        "162, udp, snmp-trap",
        "389, tcp, ldap",
        "443, tcp, https",
        "445, tcp, smb",
        "464, tcp, kpasswd",
        "465, tcp, submissions",
        "514, udp, syslog",
        "514, tcp, syslog",
        "563, tcp, nntps",
        "587, tcp, submission",
        "636, tcp, ldaps",
        "853, tcp, dot",
        "993, tcp, imaps",
        "995, tcp, pop3s",
        "1433, tcp, ms-sql",
        "1434, udp, ssrp",
        "1719, udp, ras",
        "1720, tcp, h323",
        "3306, tcp, mysql",
        "3389, tcp, rdp",
        "5004, udp, rtp",
        "5060, udp, sip",
        "5060, tcp, sip",
        "5061, tcp, sips",
        "6514, tcp, syslog-tls"
    })
    void whatASiteServesIsThere(int number, String lane, String word) {
        Lane wanted = Lane.valueOf(lane.toUpperCase(Locale.ROOT));
        assertThat(REGISTRY.at(number, wanted)).isPresent();
        assertThat(REGISTRY.called(word)).contains(REGISTRY.at(number, wanted).get());
    }

    @Test
    void lanesAreApart() {
        assertThat(REGISTRY.at(443, Lane.TCP).orElseThrow().standard()).contains("RFC 9110");
        assertThat(REGISTRY.at(443, Lane.UDP).orElseThrow().standard()).isEqualTo("RFC 9114");
        assertThat(REGISTRY.at(22, Lane.UDP)).isEmpty();
    }

    @Test
    void rangesAreFoundByEachOfTheirNumbers() {
        KnownPort x = REGISTRY.at(6010, Lane.TCP).orElseThrow();
        assertThat(x.name()).isEqualTo("x11");
        assertThat(x.numbers()).isEqualTo("6000-6063");
        assertThat(REGISTRY.within(6063, 6080)).startsWith(x).hasSize(2);
        assertThat(REGISTRY.within(6064, 6079)).isEmpty();
        assertThat(REGISTRY.at(443, Lane.TCP).orElseThrow().numbers()).isEqualTo("443");
    }

    @Test
    void namesAreFoundAsPeopleWriteThem() {
        assertThat(REGISTRY.called("RDP")).hasSize(2).allMatch(port -> port.first() == 3389);
        assertThat(REGISTRY.called("imapz")).isEmpty();
        assertThat(REGISTRY.nearest("imapz")).startsWith("imap");
        assertThat(REGISTRY.nearest("Smpt")).isEqualTo("smtp");
        assertThat(REGISTRY.nearest("POSTGRE")).isEqualTo("postgres");
        assertThat(REGISTRY.nearest("a-service-that-is-like-no-other")).isEmpty();
    }

    @Test
    void everyNumberHasItsClass() {
        assertThat(List.of(0, 1023, 1024, 49151, 49152, 65535))
                .extracting(number -> PortClass.of(number).word())
                .containsExactly(
                        "well-known",
                        "well-known",
                        "registered",
                        "registered",
                        "dynamic",
                        "dynamic");
        assertThatThrownBy(() -> PortClass.of(65536)).hasMessage("no such port: 65536");
        assertThat(PortClass.DYNAMIC.first()).isEqualTo(PortClass.REGISTERED.last() + 1);
    }

    @Test
    void aRowThatIsWrongIsNamed() {
        String good = "# head\n7\tudp\techo\t-\tclear\t-\tRFC 862\t-\tSends it back\n";
        assertThat(PortRegistry.of(good).all()).hasSize(1);
        for (String bad :
                List.of(
                        "8\tudp",
                        "0\tudp\techo\t-\tclear\t-\t-\t-\tX",
                        "70000\tudp\techo\t-\tclear\t-\t-\t-\tX",
                        "x\tudp\techo\t-\tclear\t-\t-\t-\tX",
                        "7\tsctp\techo\t-\tclear\t-\t-\t-\tX",
                        "7\tudp\techo\t-\tsecret\t-\t-\t-\tX")) {
            assertThatThrownBy(() -> PortRegistry.of(good + bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("line 3: ");
        }
    }
}
