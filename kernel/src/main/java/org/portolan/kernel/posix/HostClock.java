package org.portolan.kernel.posix;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The clock of this machine, as the system itself judges it: who disciplines it tells the system
 * how far it may be off, and the system lets that bound grow until it is told again.
 */
public interface HostClock {
    /** What the last minute of this month will be like. */
    enum Leap {
        USUAL,
        /** It will have 61 seconds. */
        INSERT,
        /** It will have 59 seconds. */
        DELETE
    }

    /**
     * What the system says of its clock.
     *
     * @param readable false where the system cannot be asked; all else then means nothing
     * @param synchronised whether somebody keeps the clock: the system's own flag, which it clears
     *     when nobody has updated the clock for so long that it may be off by 16 seconds
     * @param offset what the system still corrects, in nanoseconds
     * @param frequency by how much the oscillator is corrected, in parts per million
     * @param maxError the bound of the clock's error, in nanoseconds; it grows by 500 ppm
     * @param estimatedError the expected error, in nanoseconds
     * @param taiOffset TAI − UTC in seconds; 0 where nobody has told the system
     */
    record State(
            boolean readable,
            boolean synchronised,
            long offset,
            double frequency,
            long maxError,
            long estimatedError,
            Leap leap,
            int taiOffset) {
        /** Of a system that cannot be asked: nobody may believe this clock. */
        public static final State UNKNOWN = new State(false, false, 0, 0, 0, 0, Leap.USUAL, 0);
    }

    /**
     * How a discipline updates the clock.
     *
     * @param offset what the clock lacks, in nanoseconds, at most half a second either way
     * @param timeConstant the binary logarithm of the time between updates, in seconds
     */
    record Update(
            long offset, int timeConstant, Duration maxError, Duration estimatedError, Leap leap) {}

    /** Asks the system; never fails and never waits. */
    State read();

    /**
     * Lets the system's own phase-locked loop take up {@code update} bit by bit, and says that the
     * clock is kept.
     *
     * @throws IOException when this process may not, or the system does not
     */
    void slew(Update update) throws IOException;

    /**
     * Sets the clock by so many nanoseconds at once.
     *
     * @throws IOException when this process may not, or the system does not
     */
    void step(long nanos) throws IOException;

    /** The clock of this machine; one that knows nothing where the call is missing. */
    static HostClock system() {
        try {
            Optional<HostClock> clock = AdjtimexClock.open();
            if (clock.isPresent()) {
                return clock.get();
            }
        } catch (RuntimeException | LinkageError e) { // as where foreign functions are forbidden
            LoggerFactory.getLogger(HostClock.class).warn("adjtimex cannot be called", e);
        }
        return new UnknownClock();
    }
}
