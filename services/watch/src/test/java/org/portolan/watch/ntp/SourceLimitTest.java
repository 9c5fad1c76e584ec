package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.watch.ntp.SourceLimit.Verdict;

class SourceLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;

    private static byte[] address(String text) throws Exception {
        return InetAddress.getByName(text).getAddress();
    }

    private static List<Verdict> ask(SourceLimit limit, byte[] from, int times, long at) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            verdicts.add(limit.judge(from, at));
        }
        return verdicts;
    }

    @Test
    void aBurstIsAnsweredThenTheSourceIsToldOnceThenNothing() throws Exception {
        SourceLimit limit = new SourceLimit(4, 8);
        byte[] source = address("192.0.2.1");

        assertThat(ask(limit, source, 8, NOW)).containsOnly(Verdict.ANSWER);
        assertThat(ask(limit, source, 1, NOW)).containsExactly(Verdict.KISS);
        assertThat(ask(limit, source, 100, NOW)).containsOnly(Verdict.DROP);
    }

    @Test
    void whoGoesOnGetsTheMeanRateAndHearsAgainAfterAMinute() throws Exception {
        SourceLimit limit = new SourceLimit(4, 8);
        byte[] source = address("192.0.2.1");
        List<Verdict> verdicts = new ArrayList<>();
        for (int millis = 0; millis < 200_000; millis += 10) {
            verdicts.add(limit.judge(source, NOW + millis * 1_000_000L));
        }

        assertThat(Collections.frequency(verdicts, Verdict.ANSWER)).isBetween(807, 809);
        assertThat(Collections.frequency(verdicts, Verdict.KISS)).isBetween(3, 4);
    }

    @Test
    void whoRestsMayBeginAgain() throws Exception {
        SourceLimit limit = new SourceLimit(4, 8);
        byte[] source = address("2001:db8::1");
        ask(limit, source, 20, NOW);

        assertThat(ask(limit, source, 2, NOW + SECOND / 2)).containsOnly(Verdict.ANSWER);
        assertThat(ask(limit, source, 1, NOW + SECOND / 2)).containsExactly(Verdict.DROP);
        assertThat(ask(limit, source, 8, NOW + 10 * SECOND)).containsOnly(Verdict.ANSWER);
        assertThat(ask(limit, source, 1, NOW + 10 * SECOND)).containsExactly(Verdict.KISS);
    }

    @Test
    void aSourceIsAnAddressOrAnIpv6Site() throws Exception {
        SourceLimit limit = new SourceLimit(1, 1);

        assertThat(limit.judge(address("192.0.2.1"), NOW)).isEqualTo(Verdict.ANSWER);
        assertThat(limit.judge(address("192.0.2.2"), NOW)).isEqualTo(Verdict.ANSWER);
        assertThat(limit.judge(address("2001:db8::1"), NOW)).isEqualTo(Verdict.ANSWER);
        assertThat(limit.judge(address("2001:db8::2"), NOW)).isEqualTo(Verdict.KISS);
        assertThat(limit.judge(address("2001:db8:0:1::1"), NOW)).isEqualTo(Verdict.ANSWER);
    }

    @Test
    void thisMachineHasNoLimitAndZeroIsNone() throws Exception {
        SourceLimit limit = new SourceLimit(1, 1);
        for (String here : List.of("127.0.0.1", "127.1.2.3", "::1")) {
            assertThat(ask(limit, address(here), 1000, NOW)).containsOnly(Verdict.ANSWER);
        }
        assertThat(ask(new SourceLimit(0, 1), address("192.0.2.1"), 1000, NOW))
                .containsOnly(Verdict.ANSWER);
    }

    @Test
    void aClockThatIsSetLocksNobodyOut() throws Exception {
        SourceLimit limit = new SourceLimit(1, 4);
        byte[] source = address("192.0.2.1");
        ask(limit, source, 10, NOW);

        assertThat(limit.judge(source, NOW - 86_400 * SECOND)).isEqualTo(Verdict.ANSWER);
        assertThat(limit.judge(source, NOW + 86_400 * SECOND)).isEqualTo(Verdict.ANSWER);
    }

    @Test
    void aFloodOfInventedSourcesKeepsNobodyElseFromBeingAnswered() throws Exception {
        SourceLimit limit = new SourceLimit(16, 64);
        byte[] invented = address("198.51.100.1");
        byte[] honest = address("192.0.2.1");
        for (int i = 0; i < 500_000; i++) {
            NtpMessage.putInt(invented, 0, 0x0a000000 + i);
            limit.judge(invented, NOW + i * 1000L);
            if (i % 100_000 == 0) {
                assertThat(limit.judge(honest, NOW + i * 1000L)).isEqualTo(Verdict.ANSWER);
            }
        }
    }

    @Test
    void aFloodOfOneSourceIsRememberedAmongAllOthers() throws Exception {
        SourceLimit limit = new SourceLimit(1, 4);
        byte[] flood = address("203.0.113.9");
        byte[] other = address("198.51.100.1");
        int answered = 0;
        for (int i = 0; i < 200_000; i++) {
            NtpMessage.putInt(other, 0, 0x0a000000 + i);
            limit.judge(other, NOW + i * 1000L);
            answered += limit.judge(flood, NOW + i * 1000L) == Verdict.ANSWER ? 1 : 0;
        }
        assertThat(answered).isBetween(4, 8); // in 0.2 s; a few, where the table forgot
    }
}
