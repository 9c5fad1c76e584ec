package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.watch.ntp.ClockFilter.Estimate;
import org.portolan.watch.ntp.ClockFilter.Sample;

class ClockFilterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;

    private final ClockFilter filter = new ClockFilter();

    private void add(long offset, long delay, long at) {
        filter.add(new Sample(offset, delay, 1000, at));
    }

    @Test
    void theSampleOfLeastDelayIsTheBest() {
        add(500_000, 9_000_000, NOW - 3 * SECOND);
        add(20_000, 1_000_000, NOW - 2 * SECOND);
        add(700_000, 9_500_000, NOW - SECOND);

        Estimate estimate = filter.estimate(NOW, 100);
        assertThat(estimate.offset()).isEqualTo(20_000);
        assertThat(estimate.delay()).isEqualTo(1_000_000);
        assertThat(estimate.at()).isEqualTo(NOW - 2 * SECOND);
        // RFC 5905 §10: the root of the mean of (480 µs)², (680 µs)²
        assertThat(estimate.jitter()).isBetween(588_500L, 588_600L);
    }

    @Test
    void theMoreSamplesTheLessDispersion() {
        long before = filter.estimate(NOW, 100).dispersion();
        assertThat(before).isEqualTo(ClockFilter.MOST_DISPERSION);
        for (int i = 1; i <= 8; i++) {
            add(0, 1_000_000, NOW);
            long after = filter.estimate(NOW, 100).dispersion();
            assertThat(after).isLessThan(before / 2 + 1000);
            before = after;
        }
    }

    @Test
    void theNinthSampleDrivesOutTheFirst() {
        add(1, 10, NOW);
        for (int i = 0; i < 8; i++) {
            add(2, 1000, NOW);
        }
        assertThat(filter.size()).isEqualTo(8);
        assertThat(filter.estimate(NOW, 100).offset()).isEqualTo(2);
    }

    @Test
    void aBestSampleIsUsedOnceAndAnOlderOneNever() {
        assertThat(filter.useBest(NOW)).isFalse();
        add(1, 1000, NOW);
        assertThat(filter.useBest(NOW)).isTrue();
        assertThat(filter.useBest(NOW)).isFalse();
        add(2, 5000, NOW + SECOND); // worse: the old one stays the best
        assertThat(filter.useBest(NOW)).isFalse();
        add(3, 500, NOW + 2 * SECOND);
        assertThat(filter.useBest(NOW)).isTrue();
    }

    @Test
    void samplesFadeWithTime() {
        add(1, 1000, NOW);
        long after = filter.estimate(NOW + 1000 * SECOND, 100).dispersion();
        assertThat(after - filter.estimate(NOW, 100).dispersion()).isEqualTo(7_500_000);
    }
}
