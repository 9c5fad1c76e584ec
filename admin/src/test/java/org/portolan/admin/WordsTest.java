package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @Test
    void numbersAreSaidAsPeopleDo() {
        assertThat(Words.count(1, "message")).isEqualTo("1 message");
        assertThat(Words.count(0, "message")).isEqualTo("0 messages");
        assertThat(Words.bytes(999)).isEqualTo("999 B");
        assertThat(Words.bytes(1000)).isEqualTo("1.0 kB");
        assertThat(Words.bytes(999_949)).isEqualTo("999.9 kB");
        assertThat(Words.bytes(999_950)).isEqualTo("1.0 MB");
        assertThat(Words.bytes(35_000_000)).isEqualTo("35.0 MB");
        assertThat(Words.bytes(Long.MAX_VALUE)).isEqualTo("9223372.0 TB");
    }

    @Test
    void durationsHaveTheirTwoLargestUnits() {
        assertThat(Words.duration(Duration.ofSeconds(-3))).isEqualTo("0 s");
        assertThat(Words.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Words.duration(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
        assertThat(Words.duration(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
        assertThat(Words.duration(Duration.ofHours(76))).isEqualTo("3 d 4 h");
    }

    @Test
    void timesAreInUtc() {
        assertThat(Words.time(Instant.parse("2027-01-15T12:00:00.987Z")))
                .isEqualTo("2027-01-15 12:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::, ::",
        "::1, ::1",
        "2001:db8::, 2001:db8::",
        "2001:DB8:0:0:1::7, 2001:db8::1:0:0:7",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:1::, 0:0:1::"
    })
    void addressesAreShort(String literal, String shown) {
        assertThat(Words.address(InetAddress.ofLiteral(literal))).isEqualTo(shown);
    }

    @Test
    void columnsAreAlignedAndHarmless() {
        Table table = new Table("NAME", "SIZE", "WHAT");
        table.row("ada", Words.bytes(5), "").row("Wörtchen\u001b[2J", Words.bytes(1500), "x\ny");
        assertThat(table.toString())
                .isEqualTo(
                        """
                        NAME                 SIZE  WHAT
                        ada                   5 B  -
                        Wörtchen{0x1b}[2J  1.5 kB  x{0x0a}y
                        """);
    }

    @Test
    void jsonIsHarmlessToo() {
        String line = Json.line(Json.entries("a", "\u001b\u009b\u2028ö\n"));
        assertThat(line.chars()).noneMatch(c -> c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028);
        assertThat(line).contains("ö");
    }
}
