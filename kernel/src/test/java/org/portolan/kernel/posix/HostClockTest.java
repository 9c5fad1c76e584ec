package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.Clock;
import org.portolan.kernel.posix.HostClock.Leap;
import org.portolan.kernel.posix.HostClock.State;
import org.portolan.kernel.posix.HostClock.Update;

/** Asks the real system, and changes nothing there: what would change it is only looked at. */
class HostClockTest {
    @Test
    void thisSystemsClockCanBeRead() {
        State state = HostClock.system().read();

        assertThat(state.readable()).isEqualTo(Posix.supported());
        assertThat(state.maxError()).isBetween(0L, 100_000_000_000L); // the system stops at 16 s
        assertThat(state.frequency()).isBetween(-501.0, 501.0); // and at 500 ppm
    }

    private static State state(int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(208, 8);
            timex.set(JAVA_LONG, 8, -1500); // offset
            timex.set(JAVA_LONG, 16, -98304); // freq: 1.5 ppm
            timex.set(JAVA_LONG, 24, 25_000); // maxerror
            timex.set(JAVA_LONG, 32, 120); // esterror
            timex.set(JAVA_INT, 40, status);
            timex.set(JAVA_INT, 160, 37); // tai
            return AdjtimexClock.state(timex);
        }
    }

    @Test
    void whatTheSystemSaysIsInNanosecondsAndPartsPerMillion() {
        assertThat(state(0x2001))
                .isEqualTo(new State(true, true, -1500, -1.5, 25_000_000, 120_000, Leap.USUAL, 37));
        assertThat(state(0x0001).offset()).isEqualTo(-1_500_000);
    }

    @Test
    void theFlagsTellTheLeapSecondAndWhetherSomebodyKeepsTheClock() {
        assertThat(state(0x40).synchronised()).isFalse();
        assertThat(state(0x11).leap()).isEqualTo(Leap.INSERT);
        assertThat(state(0x21).leap()).isEqualTo(Leap.DELETE);
    }

    @Test
    void anUpdateIsWhatTheSystemsOwnLoopTakes() {
        Update update =
                new Update(-250_000, 6, Duration.ofMillis(31), Duration.ofMillis(2), Leap.INSERT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = AdjtimexClock.fill(arena.allocate(208, 8), update);

            // offset, maxerror, esterror, status, time constant, in nanoseconds
            assertThat(timex.get(JAVA_INT, 0))
                    .isEqualTo(0x0001 | 0x0004 | 0x0008 | 0x10 | 0x20 | 0x2000);
            assertThat(timex.get(JAVA_LONG, 8)).isEqualTo(-250_000);
            assertThat(timex.get(JAVA_LONG, 24)).isEqualTo(31_000);
            assertThat(timex.get(JAVA_LONG, 32)).isEqualTo(2_000);
            assertThat(timex.get(JAVA_INT, 40)).isEqualTo(0x0001 | 0x0010);
            assertThat(timex.get(JAVA_LONG, 48)).isEqualTo(6);
        }
    }

    @Test
    void aSystemWithoutTheCallIsNotSynchronised() {
        HostClock unknown = new UnknownClock();

        assertThat(unknown.read()).isEqualTo(State.UNKNOWN);
        assertThat(unknown.read().synchronised()).isFalse();
        assertThatThrownBy(() -> unknown.step(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(
                        () ->
                                unknown.slew(
                                        new Update(1, 6, Duration.ZERO, Duration.ZERO, Leap.USUAL)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void wallTimeIsToldInNanosecondsSince1970() {
        long before = Clock.SYSTEM.millis() * 1_000_000;
        long now = Clock.SYSTEM.wallNanos();

        assertThat(now).isBetween(before, before + 60_000_000_000L);
    }
}
