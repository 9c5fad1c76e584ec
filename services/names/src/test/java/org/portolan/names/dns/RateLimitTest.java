package org.portolan.names.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.names.dns.RateLimit.Verdict;

class RateLimitTest {
    private static byte[] address(String text) {
        return InetAddress.ofLiteral(text).getAddress();
    }

    private static Map<Verdict, Integer> asked(
            RateLimit limit, String from, int kind, int second, int times) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (int i = 0; i < times; i++) {
            counts.merge(limit.of(address(from), kind, second), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void soManyAreSentAndOfTheRestEverySecondIsTruncated() {
        RateLimit limit = new RateLimit(200, 2);
        assertThat(asked(limit, "192.0.2.1", 7, 100, 1000))
                .containsEntry(Verdict.SENT, 200)
                .containsEntry(Verdict.TRUNCATED, 400)
                .containsEntry(Verdict.WITHHELD, 400);
    }

    @Test
    void theNextSecondBeginsAnew() {
        RateLimit limit = new RateLimit(5, 0);
        assertThat(asked(limit, "192.0.2.1", 7, 100, 10)).containsEntry(Verdict.WITHHELD, 5);
        assertThat(asked(limit, "192.0.2.1", 7, 101, 10)).containsEntry(Verdict.SENT, 5);
    }

    @Test
    void aNetworkCountsAsOne() {
        RateLimit limit = new RateLimit(5, 0);
        asked(limit, "192.0.2.1", 7, 100, 5);
        assertThat(limit.of(address("192.0.2.200"), 7, 100)).isEqualTo(Verdict.WITHHELD);
        assertThat(limit.of(address("192.0.3.1"), 7, 100)).isEqualTo(Verdict.SENT);
        asked(limit, "2001:db8:0:100::1", 7, 100, 5);
        assertThat(limit.of(address("2001:db8:0:1ff::2"), 7, 100)).isEqualTo(Verdict.WITHHELD);
        assertThat(limit.of(address("2001:db8:0:200::1"), 7, 100)).isEqualTo(Verdict.SENT);
    }

    @Test
    void anotherAnswerIsCountedApart() {
        RateLimit limit = new RateLimit(5, 0);
        asked(limit, "192.0.2.1", 7, 100, 5);
        assertThat(limit.of(address("192.0.2.1"), 8, 100)).isEqualTo(Verdict.SENT);
    }

    /** A crowd of others may make one forgotten, and must never have one withheld. */
    @Test
    void aCrowdIsAnswered() {
        RateLimit limit = new RateLimit(1, 0);
        int withheld = 0;
        byte[] from = new byte[4];
        for (int i = 0; i < 1 << 20; i++) {
            Bytes.putFour(from, 0, i << 8);
            withheld += limit.of(from, 7, 100) == Verdict.SENT ? 0 : 1;
        }
        assertThat(withheld).isZero();
    }
}
