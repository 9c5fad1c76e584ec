package org.portolan.watch.ntp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The last eight samples of one server, of which the one with the least delay is the best (RFC 5905
 * §10): what a packet waits in queues makes its offset wrong by up to half of that.
 *
 * <p>All times are in nanoseconds; moments are wall time.
 */
final class ClockFilter {
    /** RFC 5905 §7.2, MAXDISP: 16 s, a dispersion that says nothing. */
    static final long MOST_DISPERSION = 16_000_000_000L;

    private static final int STAGES = 8;

    /**
     * What one reply has shown.
     *
     * @param offset how far the server is ahead of this clock
     * @param delay there and back
     * @param dispersion the bound of the error when it was taken
     */
    record Sample(long offset, long delay, long dispersion, long at) {
        private long dispersion(long now) {
            return Math.min(MOST_DISPERSION, dispersion + NtpTime.drift(now - at));
        }
    }

    /** What the filter makes of its samples: the best one, and what the others say of it. */
    record Estimate(long offset, long delay, long dispersion, long jitter, long at) {}

    private final List<Sample> samples = new ArrayList<>();
    private long used;

    /** Takes a sample in; the oldest makes room. */
    void add(Sample sample) {
        samples.addFirst(sample);
        if (samples.size() > STAGES) {
            samples.removeLast();
        }
    }

    /** Loses the oldest sample, without a new one for it. */
    void fade() {
        if (!samples.isEmpty()) {
            samples.removeLast();
        }
    }

    /** Forgets everything, as after the clock was set. */
    void clear() {
        samples.clear();
        used = 0;
    }

    int size() {
        return samples.size();
    }

    /** Whether the best sample is newer than the one that was used last; then it is used now. */
    boolean useBest(long now) {
        if (samples.isEmpty() || best(now).at <= used) {
            return false;
        }
        used = best(now).at;
        return true;
    }

    private Sample best(long now) {
        return ordered(now).getFirst();
    }

    private List<Sample> ordered(long now) {
        // RFC 5905 §10: by delay, but what is older than a day or so is no better than none
        return samples.stream()
                .sorted(
                        Comparator.comparing(
                                        (Sample sample) ->
                                                sample.dispersion(now) >= MOST_DISPERSION)
                                .thenComparingLong(Sample::delay))
                .toList();
    }

    /** Nothing at all is a sample of the largest dispersion. */
    Estimate estimate(long now, long precision) {
        if (samples.isEmpty()) {
            return new Estimate(0, 0, MOST_DISPERSION, precision, now);
        }
        List<Sample> ordered = ordered(now);
        Sample best = ordered.getFirst();
        double dispersion = 0;
        double squares = 0;
        for (int i = STAGES - 1; i >= 0; i--) {
            boolean there = i < ordered.size();
            dispersion =
                    (dispersion + (there ? ordered.get(i).dispersion(now) : MOST_DISPERSION)) / 2;
            double apart = there ? ordered.get(i).offset - best.offset : 0;
            squares += apart * apart;
        }
        long jitter = Math.round(Math.sqrt(squares / Math.max(1, ordered.size() - 1)));
        return new Estimate(
                best.offset,
                best.delay,
                Math.round(dispersion),
                Math.max(jitter, precision),
                best.at);
    }
}
