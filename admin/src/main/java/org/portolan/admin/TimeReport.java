package org.portolan.admin;

import java.time.Duration;
import java.util.List;

/**
 * How it stands with the time that the site serves. Offsets are what something is ahead of the
 * host's clock.
 *
 * @param steering "on", or why it is not possible; empty if the clock is not steered
 * @param answered requests, since the last start or reload
 * @param limited requests of sources that asked too often
 * @param ignored what was no request of a client
 */
public record TimeReport(
        Host host,
        Replies replies,
        String steering,
        List<Upstream> upstreams,
        long answered,
        long limited,
        long ignored) {
    /**
     * What the system says of its clock.
     *
     * @param readable false where the system cannot be asked
     * @param kept whether somebody synchronises it
     * @param correcting what the system still corrects
     * @param frequency by how much the oscillator is corrected, in parts per million
     * @param maxError the bound of its error
     * @param leap what the last minute of this month will be like; empty if as usual
     */
    public record Host(
            boolean readable,
            boolean kept,
            Duration correcting,
            double frequency,
            Duration maxError,
            String leap) {}

    /**
     * What replies say.
     *
     * @param believable false if they say that the clock must not be believed
     * @param follows what they give as the reference
     * @param precision the binary logarithm of seconds
     * @param leap as in {@link Host}
     */
    public record Replies(
            boolean believable,
            int stratum,
            String follows,
            Duration rootDelay,
            Duration rootDispersion,
            int precision,
            String leap) {}

    /**
     * A server that the clock is compared with.
     *
     * @param use "followed", "agrees", "rejected" or "unusable"
     * @param reach the last eight questions, a bit for each that was answered
     * @param measured whether offset, delay and jitter mean anything
     * @param remark what else there is to say
     */
    public record Upstream(
            String name,
            String use,
            int stratum,
            int reach,
            Duration poll,
            boolean measured,
            Duration offset,
            Duration delay,
            Duration jitter,
            String remark) {}
}
