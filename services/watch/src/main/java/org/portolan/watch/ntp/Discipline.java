package org.portolan.watch.ntp;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.portolan.kernel.Clock;
import org.portolan.kernel.posix.HostClock;
import org.portolan.kernel.posix.HostClock.Leap;
import org.portolan.kernel.posix.HostClock.Update;

/**
 * Corrects the host's clock by the system's own phase-locked loop, as ntpd does (RFC 5905 §12 and
 * its appendix A.5.5.6): the loop takes up half a second at the most, and learns the oscillator's
 * frequency; a clock that is further off is set, in the first updates or where that is allowed.
 */
final class Discipline {
    /** What became of an offset. */
    enum Done {
        SLEWED,
        /** All that was measured before is of another clock now. */
        STEPPED,
        /** It is too large, and the clock may not be set. */
        REFUSED,
        /** The system does not let this process. */
        FORBIDDEN
    }

    /** The most that Linux takes up bit by bit. */
    static final long MOST_SLEW = 500_000_000L;

    /** So many updates at the start may set the clock. */
    private static final int FIRST = 3;

    private final HostClock host;
    private final Clock clock;
    private final boolean stepsAnyTime;
    private int updates;
    private boolean forbidden;
    private String why = "";

    Discipline(HostClock host, Clock clock, boolean stepsAnyTime) {
        this.host = host;
        this.clock = clock;
        this.stepsAnyTime = stepsAnyTime;
    }

    /** Why the system forbids it; empty if it does not. */
    String why() {
        return why;
    }

    /**
     * Takes an offset.
     *
     * @param poll the time between updates
     * @param error the bound of the clock's error, in nanoseconds
     * @param jitter in nanoseconds
     */
    Done take(Following following, Duration poll, long error, long jitter) {
        if (forbidden) {
            return Done.FORBIDDEN;
        }
        try {
            updates++;
            if (Math.abs(following.offset()) <= MOST_SLEW) {
                host.slew(
                        new Update(
                                following.offset(),
                                NtpTime.powerOf(poll.toNanos()),
                                Duration.ofNanos(error),
                                Duration.ofNanos(jitter),
                                leap(following.leap())));
                return Done.SLEWED;
            }
            if (updates > FIRST && !stepsAnyTime) {
                return Done.REFUSED;
            }
            host.step(following.offset());
            return Done.STEPPED;
        } catch (IOException e) {
            forbidden = true;
            why = String.valueOf(e.getMessage());
            return Done.FORBIDDEN;
        }
    }

    /** Servers warn a month ahead; the system inserts its second at the end of the same day. */
    private Leap leap(int indicator) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (today.getDayOfMonth() != today.lengthOfMonth()) {
            return Leap.USUAL;
        }
        return switch (indicator) {
            case 1 -> Leap.INSERT;
            case 2 -> Leap.DELETE;
            default -> Leap.USUAL;
        };
    }
}
