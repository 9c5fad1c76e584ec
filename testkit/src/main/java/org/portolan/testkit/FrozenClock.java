package org.portolan.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.portolan.kernel.Clock;

/** A clock that stands still, in both its times, until it is told to move. */
public final class FrozenClock implements Clock {
    /** Where a clock stands if nobody cares: a day in winter, neither leap nor summer time. */
    public static final Instant USUAL = Instant.parse("2027-01-15T12:00:00Z");

    private final Instant origin;
    private final AtomicReference<Instant> now;

    private FrozenClock(Instant now) {
        this.origin = now;
        this.now = new AtomicReference<>(now);
    }

    /** Stands at {@link #USUAL}. */
    public static FrozenClock frozen() {
        return at(USUAL);
    }

    /** Stands at this instant. */
    public static FrozenClock at(Instant now) {
        return new FrozenClock(now);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public long nanos() {
        return Duration.between(origin, now.get()).toNanos();
    }

    /** Moves on by so much; a clock never goes back. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock does not go back: " + by);
        }
        now.updateAndGet(instant -> instant.plus(by));
    }
}
