package org.portolan.server;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has garbage collected in time (decision 7).
 *
 * <p>The serial collector lets the old part of the heap grow until it may grow no more, a quarter
 * of the machine's memory, before it collects there. Other collectors know better, so this is for
 * that one alone; the launcher says which it is.
 */
final class HeapKeeper {
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(HeapKeeper.class);

    /** Garbage that is not worth a pause: about what the young part of the heap holds anyway. */
    private static final long LITTLE = 48L << 20;

    private long live; // bytes that were left by the last collection

    /** Whether Java was started with a collector that needs this. */
    static boolean wanted() {
        return "serial".equals(System.getProperty("portolan.collector"));
    }

    /** Collects if there may be more garbage than there was anything else the last time. */
    void look() {
        if (used() <= live + Math.max(live, LITTLE)) {
            return;
        }
        long before = used();
        long began = System.nanoTime();
        System.gc();
        live = used();
        LOG.debug(
                "collected {} of {} MB in {} ms",
                (before - live) >> 20,
                before >> 20,
                (System.nanoTime() - began) / 1_000_000);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
