package org.portolan.stores.zones;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.stores.SteppedClock;

/** What the site's own zone says, and when its file is written. */
class SiteZoneTest {
    @TempDir Path folder;
    private final SteppedClock clock = new SteppedClock();

    private static List<InetAddress> addresses(String... texts) throws Exception {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.ofLiteral(text));
        }
        return addresses;
    }

    private List<String> lines(SiteZone own) throws Exception {
        Path file = ZoneFile.in(folder, own.domain()).path();
        ZoneReading read =
                ZoneReading.of(folder, ZoneFile.in(folder, own.domain()), MasterFile.Limits.USUAL);
        assertThat(read.problems()).isEmpty();
        assertThat(file).content().startsWith(SiteZone.MARK + "\n");
        List<String> lines = new ArrayList<>();
        ZoneText.show(
                read.zone(),
                new byte[0],
                OptionalInt.empty(),
                line -> lines.add(line.owner() + " " + line.type() + " " + line.data()));
        return lines;
    }

    @Test
    void theDomainIsTheFirstThatTheNameLiesIn() {
        assertThat(SiteZone.of("mail.example.org", List.of("a.b", "example.org"), List.of()))
                .isEqualTo(SiteZone.of("mail.example.org", List.of("example.org"), List.of()));
        assertThat(SiteZone.of("example.org", List.of("EXAMPLE.org", "org"), List.of()).domain())
                .isEqualTo("EXAMPLE.org");
        assertThat(SiteZone.of("badexample.org", List.of("example.org"), List.of()).domain())
                .isEqualTo("badexample.org");
    }

    @Test
    void itSaysWhatTheSettingsSay() throws Exception {
        SiteZone own =
                SiteZone.of(
                        "mail.example.org",
                        List.of("example.org"),
                        addresses("192.0.2.1", "2001:db8:0:0:1::1"));
        assertThat(own.write(folder, clock))
                .containsExactly("wrote the site's own zone, example.org.zone, serial 2027011501");
        assertThat(lines(own))
                .containsExactlyInAnyOrder(
                        "example.org. SOA mail.example.org. hostmaster.example.org. 2027011501"
                                + " 7200 900 1209600 300",
                        "example.org. NS mail.example.org.",
                        "example.org. MX 10 mail.example.org.",
                        "example.org. A 192.0.2.1",
                        "example.org. AAAA 2001:db8::1:0:0:1",
                        "mail.example.org. A 192.0.2.1",
                        "mail.example.org. AAAA 2001:db8::1:0:0:1");
    }

    @Test
    void itIsRewrittenWhenAFactChangedAndNotOtherwise() throws Exception {
        SiteZone own = SiteZone.of("example.org", List.of(), addresses("192.0.2.1"));
        own.write(folder, clock);
        assertThat(own.write(folder, clock)).isEmpty();
        clock.advance(Duration.ofDays(30));
        assertThat(own.write(folder, clock)).isEmpty();
        SiteZone moved = SiteZone.of("example.org", List.of(), addresses("192.0.2.2"));
        assertThat(moved.write(folder, clock))
                .containsExactly("wrote the site's own zone, example.org.zone, serial 2027021401");
        assertThat(own.write(folder, clock))
                .containsExactly("wrote the site's own zone, example.org.zone, serial 2027021402");
    }

    @Test
    void aSiteThatIsRenamedForgetsItsOldZone() throws Exception {
        SiteZone.of("old.example", List.of(), List.of()).write(folder, clock);
        Files.writeString(folder.resolve("other.example.zone"), "; mine\n");
        assertThat(SiteZone.of("new.example", List.of(), List.of()).write(folder, clock))
                .containsExactly(
                        "wrote the site's own zone, new.example.zone, serial 2027011501",
                        "removed old.example.zone, the zone of an earlier name");
        assertThat(folder.resolve("other.example.zone")).exists();
    }

    @Test
    void aFileThatWasTakenOverStays() throws Exception {
        SiteZone own = SiteZone.of("example.org", List.of(), List.of());
        own.write(folder, clock);
        Path file = folder.resolve("example.org.zone");
        String mine = Files.readString(file).substring(SiteZone.MARK.length() + 1);
        Files.writeString(file, mine);
        assertThat(SiteZone.of("example.org", List.of(), addresses("::1")).write(folder, clock))
                .isEmpty();
        assertThat(file).hasContent(mine);
    }
}
