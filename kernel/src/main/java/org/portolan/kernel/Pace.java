package org.portolan.kernel;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** How fast all connections of one address may go together. */
final class Pace {
    static final Pace UNLIMITED = new Pace(0);

    private static final long SECOND = 1_000_000_000L;

    private final long bytesPerSecond;
    private long freeAt = Long.MIN_VALUE; // until then all is used up; guarded by this

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    boolean unlimited() {
        return bytesPerSecond == 0;
    }

    /** The most bytes to move in one go, so that nobody waits for longer than about a second. */
    int step(int atMost) {
        return unlimited() ? atMost : (int) Math.max(1, Math.min(atMost, bytesPerSecond));
    }

    /** Waits until {@code bytes} more that have just been moved are within the pace. */
    void moved(long bytes) throws InterruptedIOException {
        if (unlimited()) {
            return;
        }
        long wait = use(bytes, System.nanoTime());
        if (wait > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    /** Takes {@code bytes} from the allowance; returns how many nanoseconds to wait for them. */
    synchronized long use(long bytes, long now) {
        long begin = freeAt == Long.MIN_VALUE || freeAt - now < 0 ? now : freeAt;
        freeAt = begin + bytes * SECOND / bytesPerSecond;
        return freeAt - now;
    }
}
