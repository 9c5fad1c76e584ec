package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.posix.HostClock.Leap;
import org.portolan.kernel.posix.HostClock.Update;
import org.portolan.testkit.FrozenClock;
import org.portolan.watch.ntp.Discipline.Done;

/** No test here touches the clock of the machine it runs on. */
class DisciplineTest {
    private static final Duration POLL = Duration.ofSeconds(64);
    private static final long MILLI = 1_000_000L;

    private final FakeHostClock host = FakeHostClock.alone();

    private static Following off(long offset, int leap) {
        return new Following("a", leap, 2, 0, 0, 1, offset, 0);
    }

    private Done take(Discipline discipline, long offset) {
        return discipline.take(off(offset, 0), POLL, 30 * MILLI, 2 * MILLI);
    }

    @Test
    void smallOffsetsAreTakenUpBitByBit() {
        Discipline discipline = new Discipline(host, FrozenClock.frozen(), false);

        assertThat(take(discipline, -3 * MILLI)).isEqualTo(Done.SLEWED);
        assertThat(host.slewed)
                .containsExactly(
                        new Update(
                                -3 * MILLI,
                                6,
                                Duration.ofMillis(30),
                                Duration.ofMillis(2),
                                Leap.USUAL));
        assertThat(host.stepped).isEmpty();
    }

    @Test
    void aLargeOffsetSetsTheClockAtTheStartOnly() {
        Discipline discipline = new Discipline(host, FrozenClock.frozen(), false);

        assertThat(take(discipline, 5000 * MILLI)).isEqualTo(Done.STEPPED);
        assertThat(take(discipline, MILLI)).isEqualTo(Done.SLEWED);
        assertThat(take(discipline, -501 * MILLI)).isEqualTo(Done.STEPPED);
        assertThat(take(discipline, 5000 * MILLI)).isEqualTo(Done.REFUSED);
        assertThat(take(discipline, 500 * MILLI)).isEqualTo(Done.SLEWED);
        assertThat(host.stepped).containsExactly(5000 * MILLI, -501 * MILLI);
    }

    @Test
    void whereItIsAllowedTheClockIsSetAtAnyTime() {
        Discipline discipline = new Discipline(host, FrozenClock.frozen(), true);
        for (int i = 0; i < 10; i++) {
            assertThat(take(discipline, 5000 * MILLI)).isEqualTo(Done.STEPPED);
        }
    }

    @Test
    void whoMayNotDoesNotTryAgain() {
        Discipline discipline = new Discipline(host.forbidden(), FrozenClock.frozen(), false);

        assertThat(take(discipline, MILLI)).isEqualTo(Done.FORBIDDEN);
        assertThat(take(discipline, MILLI)).isEqualTo(Done.FORBIDDEN);
        assertThat(discipline.why()).contains("CAP_SYS_TIME");
    }

    @Test
    void aLeapSecondIsArmedOnTheLastDayOfTheMonthOnly() {
        for (String day : new String[] {"2027-06-29T23:59:59Z", "2027-07-01T00:00:00Z"}) {
            Discipline early = new Discipline(host, FrozenClock.at(Instant.parse(day)), false);
            early.take(off(1, 1), POLL, 1, 1);
            assertThat(host.slewed.getLast().leap()).isEqualTo(Leap.USUAL);
        }
        Discipline discipline =
                new Discipline(host, FrozenClock.at(Instant.parse("2027-06-30T00:00:00Z")), false);
        discipline.take(off(1, 1), POLL, 1, 1);
        assertThat(host.slewed.getLast().leap()).isEqualTo(Leap.INSERT);
        discipline.take(off(1, 2), POLL, 1, 1);
        assertThat(host.slewed.getLast().leap()).isEqualTo(Leap.DELETE);
    }
}
