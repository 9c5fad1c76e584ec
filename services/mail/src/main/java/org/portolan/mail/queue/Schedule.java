package org.portolan.mail.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * When something is tried again (RFC 5321 §4.5.4.1): after {@code first}, then after twice as long
 * each time, up to {@code longest}.
 */
record Schedule(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    /**
     * @param tries how often it failed, this time included
     */
    Instant next(Instant now, int tries) {
        int doublings = Math.clamp(tries - 1L, 0, MOST_DOUBLINGS);
        long seconds = first.toSeconds() << doublings;
        boolean more = seconds < 0 || seconds > longest.toSeconds();
        return now.plus(more ? longest : Duration.ofSeconds(Math.max(1, seconds)));
    }
}
