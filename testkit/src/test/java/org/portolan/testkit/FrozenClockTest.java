package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FrozenClockTest {
    @Test
    void standsUntilItIsTold() {
        FrozenClock clock = FrozenClock.at(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);

        long before = clock.nanos();

        clock.advance(Duration.ofMinutes(5));
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(300));
        assertThat(clock.millis()).isEqualTo(300_000);
        assertThat(clock.nanos() - before).isEqualTo(300_000_000_000L);

        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(FrozenClock.frozen().instant()).isEqualTo(FrozenClock.USUAL);
    }
}
