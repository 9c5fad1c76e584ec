package org.portolan.kernel;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.function.Function;

/**
 * What one receiver counts. It counts in plain fields and publishes after each batch: sixty-four
 * atomic additions would cost more than some answers.
 */
final class DatagramCounts {
    private final CounterDataPoint allIn;
    private final CounterDataPoint allOut;
    private final CounterDataPoint allBytesIn;
    private final CounterDataPoint allBytesOut;
    private final CounterDataPoint allUnsent;
    private final CounterDataPoint allOverflown;
    private final CounterDataPoint allTooLong;
    private final CounterDataPoint allNotAdmitted;
    private final CounterDataPoint allLimited;
    private final CounterDataPoint allBroken;
    private int in;
    private int out;
    private long bytesIn;
    private long bytesOut;

    /**
     * @param datagrams by direction, {@code in} and {@code out}
     * @param bytes by direction
     * @param lost by reason
     */
    DatagramCounts(
            Function<String, CounterDataPoint> datagrams,
            Function<String, CounterDataPoint> bytes,
            Function<String, CounterDataPoint> lost) {
        allIn = datagrams.apply("in");
        allOut = datagrams.apply("out");
        allBytesIn = bytes.apply("in");
        allBytesOut = bytes.apply("out");
        allUnsent = lost.apply("not_sent");
        allOverflown = lost.apply("receive_buffer_full");
        allTooLong = lost.apply("too_long");
        allNotAdmitted = lost.apply("not_admitted");
        allLimited = lost.apply("limit");
        allBroken = lost.apply("our_fault");
    }

    void in(int length) {
        in++;
        bytesIn += length;
    }

    void out(int length) {
        out++;
        bytesOut += length;
    }

    /** A reply from another thread than the receiver's. */
    void later(int length, boolean sent) {
        if (sent) {
            allOut.inc();
            allBytesOut.inc(length);
        } else {
            allUnsent.inc();
        }
    }

    void unsent(int count) {
        if (count > 0) {
            allUnsent.inc(count);
        }
    }

    void overflown(long count) {
        if (count > 0) {
            allOverflown.inc(count);
        }
    }

    void tooLong() {
        allTooLong.inc();
    }

    void notAdmitted() {
        allNotAdmitted.inc();
    }

    void limited() {
        allLimited.inc();
    }

    void broke() {
        allBroken.inc();
    }

    /** Adds what the batch brought to the numbers that everybody sees. */
    void publish() {
        allIn.inc(in);
        allOut.inc(out);
        allBytesIn.inc(bytesIn);
        allBytesOut.inc(bytesOut);
        in = 0;
        out = 0;
        bytesIn = 0;
        bytesOut = 0;
    }
}
