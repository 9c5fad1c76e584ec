package org.portolan.kernel;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The one clock: wall time for what people and protocols see, monotonic time for deadlines.
 *
 * <p>Tests hand in a clock that stands still until they move it.
 */
public interface Clock extends InstantSource {
    /** Monotonic nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /**
     * The wall time in nanoseconds since 1970, for who stamps packets. The compiler keeps the
     * instant of the system's clock out of the heap, so a hot path may ask.
     */
    default long wallNanos() {
        Instant now = instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** The system's clock. */
    Clock SYSTEM =
            new Clock() {
                @Override
                public Instant instant() {
                    return Instant.now();
                }

                @Override
                public long nanos() {
                    return System.nanoTime();
                }
            };
}
