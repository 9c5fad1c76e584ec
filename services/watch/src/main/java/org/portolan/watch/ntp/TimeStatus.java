package org.portolan.watch.ntp;

import java.time.Duration;
import java.util.List;
import org.portolan.kernel.posix.HostClock;

/**
 * How it stands with the time, for people. All offsets, delays and the like are in nanoseconds.
 *
 * @param host what the system says of its clock
 * @param says what replies say
 * @param upstreams in the order of the settings
 * @param steering what there is to say of the steering; empty if it is off
 */
public record TimeStatus(
        HostClock.State host,
        Says says,
        List<Upstream> upstreams,
        String steering,
        long answered,
        long limited,
        long ignored) {
    /**
     * What replies say.
     *
     * @param synchronised false if they say that this clock must not be believed
     * @param leap 0, or 1 and 2 for a last minute of 61 and 59 seconds
     * @param precision the binary logarithm of seconds
     * @param reference what the clock follows: an address, or a few letters
     */
    public record Says(
            boolean synchronised,
            int leap,
            int stratum,
            int precision,
            String reference,
            long rootDelay,
            long rootDispersion) {}

    /** What an upstream is good for. */
    public enum Role {
        /** The system peer. */
        FOLLOWED,
        /** It tells the truth too. */
        AGREES,
        /** It answers, but the majority says otherwise, or it may be too far off. */
        REJECTED,
        UNUSABLE
    }

    /**
     * A server that the clock is compared with.
     *
     * @param reach the last eight questions, a bit for each that was answered
     * @param measured whether offset, delay and jitter mean anything
     * @param remark what else there is to say; empty if all is well
     */
    public record Upstream(
            String name,
            Role role,
            int stratum,
            int reach,
            Duration poll,
            boolean measured,
            long offset,
            long delay,
            long jitter,
            String remark) {}
}
