package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Seeds;

/** Whatever an upstream says, what is made of it is bounded and can be selected from. */
class UpstreamFuzzTest {
    private static final long NOW = FrozenClock.frozen().wallNanos();
    private static final long NONCE = 0x0123_4567_89ab_cdefL;

    static Stream<byte[]> seeds() {
        return Seeds.lines(NtpMessage.class, "");
    }

    /** The fuzzer need not guess the nonce, which is what keeps real forgers out. */
    @MethodSource("seeds")
    @FuzzTest
    void anUpstreamMaySayAnything(byte @NotNull [] packet) {
        Upstream upstream =
                new Upstream(
                        UpstreamName.of("192.0.2.1"),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(64),
                        100);
        InetAddress any = InetAddress.getLoopbackAddress();
        byte[] answer = packet.clone();
        if (answer.length >= 48) {
            NtpMessage.putLong(answer, NtpMessage.ORIGIN, NONCE);
        }
        for (int i = 0; i < 8; i++) {
            upstream.ask(NONCE, NOW);
            upstream.hear(answer, answer.length, NOW + 1000, any, any);
        }
        ClockFilter.Estimate estimate = upstream.estimate(NOW + 2000);
        assertThat(estimate.delay()).isNotNegative();
        assertThat(estimate.dispersion()).isBetween(0L, ClockFilter.MOST_DISPERSION);
        upstream.candidate(NOW + 2000)
                .ifPresent(
                        candidate -> {
                            assertThat(candidate.distance()).isPositive();
                            assertThat(candidate.stratum()).isBetween(1, 15);
                            assertThat(Selection.of(List.of(candidate))).isPresent();
                            // half an era: more a timestamp cannot say
                            assertThat(Math.abs(candidate.offset())).isLessThanOrEqualTo(1L << 61);
                        });
    }
}
