package org.portolan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

class TimePageTest {
    private static final TimeReport.Host KEPT =
            new TimeReport.Host(
                    true, true, Duration.ofNanos(-12_345), -3.5, Duration.ofMillis(23), "");

    private static final TimeReport.Replies STRATUM_3 =
            new TimeReport.Replies(
                    true, 3, "192.0.2.1", Duration.ofMillis(12), Duration.ofMillis(8), -24, "");

    static final TimeReport REPORT =
            new TimeReport(
                    KEPT,
                    STRATUM_3,
                    "",
                    List.of(
                            new TimeReport.Upstream(
                                    "192.0.2.1",
                                    "followed",
                                    2,
                                    0377,
                                    Duration.ofSeconds(64),
                                    true,
                                    Duration.ofNanos(1_500_000),
                                    Duration.ofMillis(12),
                                    Duration.ofNanos(250_000),
                                    ""),
                            new TimeReport.Upstream(
                                    "time.example.org",
                                    "unusable",
                                    16,
                                    0,
                                    Duration.ofSeconds(128),
                                    false,
                                    Duration.ZERO,
                                    Duration.ZERO,
                                    Duration.ZERO,
                                    "does not answer")),
                    1234,
                    5,
                    6);

    @Test
    void peopleReadSentencesAndATable() {
        assertThat(new TimePage(REPORT).forPeople())
                .isEqualTo(
                        """
                        Host's clock  kept by somebody, at most 23.000 ms off, -0.012 ms to be \
                        corrected, frequency -3.500 ppm
                        Replies say   stratum 3, following 192.0.2.1, delay 12.000 ms, \
                        dispersion 8.000 ms, precision 2^-24 s
                        Requests      1234 answered, 5 too many of one source, 6 ignored

                        UPSTREAM          USE       STRATUM  REACH  POLL   OFFSET     DELAY      \
                        JITTER    REMARK
                        192.0.2.1         followed        2    377  64 s   +1.500 ms  12.000 ms  \
                        0.250 ms  -
                        time.example.org  unusable        -      0  128 s  -          -          \
                        -         does not answer
                        """);
    }

    @Test
    void aClockThatNobodyKeepsIsSaidInWords() {
        TimeReport bad =
                new TimeReport(
                        new TimeReport.Host(true, false, Duration.ZERO, 0, Duration.ZERO, ""),
                        new TimeReport.Replies(
                                false, 0, "none", Duration.ZERO, Duration.ZERO, -24, ""),
                        "this process may not set the clock",
                        List.of(),
                        0,
                        0,
                        0);
        assertThat(new TimePage(bad).forPeople())
                .isEqualTo(
                        """
                        Host's clock  nobody keeps it
                        Replies say   that this clock must not be believed (leap 3, stratum 0)
                        Steering      this process may not set the clock
                        Requests      0 answered, 0 too many of one source, 0 ignored
                        """);
    }

    @Test
    void programsReadSeconds() throws Exception {
        Map<String, Object> page = JSON.std.mapFrom(new TimePage(REPORT).forPrograms());

        assertThat(page.keySet())
                .containsExactly(
                        "host",
                        "replies",
                        "steering",
                        "answered",
                        "limited",
                        "ignored",
                        "upstreams");
        assertThat(page.get("replies"))
                .isEqualTo(
                        Map.of(
                                "believable",
                                true,
                                "stratum",
                                3,
                                "follows",
                                "192.0.2.1",
                                "root_delay_seconds",
                                0.012,
                                "root_dispersion_seconds",
                                0.008,
                                "precision",
                                -24,
                                "leap",
                                ""));
        assertThat((List<?>) page.get("upstreams"))
                .last()
                .isEqualTo(
                        Map.of(
                                "name",
                                "time.example.org",
                                "use",
                                "unusable",
                                "reach",
                                0,
                                "poll_seconds",
                                128.0,
                                "remark",
                                "does not answer"));
    }
}
