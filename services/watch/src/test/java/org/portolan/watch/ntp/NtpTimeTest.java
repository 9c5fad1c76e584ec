package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtpTimeTest {
    private static final long SECOND = 1_000_000_000L;

    private static long nanos(String instant) {
        Instant at = Instant.parse(instant);
        return at.getEpochSecond() * SECOND + at.getNano();
    }

    /** RFC 5905 figure 4, and moments of our own. */
    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z,    83aa7e8000000000",
        "1970-01-01T00:00:00.5Z,  83aa7e8080000000",
        "1969-12-31T23:59:59.75Z, 83aa7e7fc0000000",
        "1972-01-01T00:00:00Z,    876ce58000000000",
        "1999-12-31T00:00:00Z,    bc16708000000000",
        "2026-11-21T12:00:00.000000001Z, eeac064000000004",
        "2036-02-07T06:28:15.999999999Z, fffffffffffffffb",
        "2036-02-07T06:28:16Z,    0000000000000000",
        "2036-02-08T00:00:00Z,    0000f68000000000"
    })
    void aMomentIsATimestampAndBack(String instant, String hex) {
        long moment = nanos(instant);
        long timestamp = NtpTime.timestamp(moment);

        assertThat(timestamp).isEqualTo(Long.parseUnsignedLong(hex, 16));
        for (long near : new long[] {moment, moment - 60 * SECOND, moment + 3600 * SECOND}) {
            assertThat(NtpTime.nanos(timestamp, near)).isBetween(moment - 1, moment + 1);
        }
    }

    @Test
    void differencesAreRightAcrossTheEndOfAnEra() {
        long before = NtpTime.timestamp(nanos("2036-02-07T06:28:15.5Z"));
        long after = NtpTime.timestamp(nanos("2036-02-07T06:28:17.25Z"));

        assertThat(NtpTime.between(before, after)).isEqualTo(1_750_000_000L);
        assertThat(NtpTime.between(after, before)).isEqualTo(-1_750_000_000L);
    }

    @Test
    void everyNanosecondSurvivesToWithinOne() {
        Random random = new Random(5905);
        for (int i = 0; i < 10_000; i++) {
            long moment =
                    random.nextLong(-60L * 365 * 86_400 * SECOND, 60L * 365 * 86_400 * SECOND);
            long near = moment + random.nextLong(-10 * SECOND, 10 * SECOND);

            assertThat(NtpTime.nanos(NtpTime.timestamp(moment), near))
                    .isBetween(moment - 1, moment + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,            00000000",
        "-5,           00000000",
        "1,            00000001",
        "15258,        00000001",
        "15259,        00000002",
        "500000000,    00008000",
        "1000000000,   00010000",
        "1500000001,   00018001",
        "999999999999999, ffffffff"
    })
    void aShortTimestampIsNeverLessThanWhatItBounds(long nanos, String hex) {
        int timestamp = NtpTime.shortTimestamp(nanos);

        assertThat(timestamp).isEqualTo(Integer.parseUnsignedInt(hex, 16));
        if (nanos < 65_535 * SECOND) {
            assertThat(NtpTime.nanosOfShort(timestamp)).isGreaterThanOrEqualTo(nanos - 1);
        }
    }

    @Test
    void powersOfTwoAreSeconds() {
        assertThat(NtpTime.nanosOfPower(0)).isEqualTo(SECOND);
        assertThat(NtpTime.nanosOfPower(6)).isEqualTo(64 * SECOND);
        assertThat(NtpTime.nanosOfPower(-20)).isEqualTo(953);
        assertThat(NtpTime.nanosOfPower(-128)).isEqualTo(NtpTime.nanosOfPower(-30));
        assertThat(NtpTime.nanosOfPower(127)).isEqualTo((SECOND << 17));
        assertThat(NtpTime.powerOf(64 * SECOND)).isEqualTo(6);
        assertThat(NtpTime.powerOf(65 * SECOND)).isEqualTo(7);
        assertThat(NtpTime.powerOf(30)).isEqualTo(-24);
    }

    @Test
    void aBoundGrowsByFifteenPartsInAMillion() {
        assertThat(NtpTime.drift(SECOND)).isEqualTo(15_000);
        assertThat(NtpTime.drift(1024 * SECOND)).isEqualTo(15_360_000);
        assertThat(NtpTime.drift(SECOND / 2)).isEqualTo(7_500);
        assertThat(NtpTime.drift(-SECOND)).isZero();
    }
}
