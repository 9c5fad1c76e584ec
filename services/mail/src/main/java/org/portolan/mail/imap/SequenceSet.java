package org.portolan.mail.imap;

import java.util.Arrays;

/**
 * A sequence-set (RFC 9051 §9): numbers and ranges as they were written, not yet compared with a
 * mailbox.
 *
 * @param bounds pairs of a range's two ends, in the order written; {@link #LAST} for {@code *}
 * @param saved whether it is {@code $}, the result of the last SEARCH that was saved (RFC 5182)
 */
record SequenceSet(long[] bounds, boolean saved) {
    /** {@code *}: the highest number there is. */
    static final long LAST = -1;

    static final SequenceSet SAVED = new SequenceSet(new long[0], true);

    /**
     * The ranges with {@code last} for the star, each from its lower to its upper end, in
     * ascending order and apart from each other: so that no set, however written, costs more than
     * its length.
     */
    long[] resolved(long last) {
        int count = bounds.length / 2;
        long[][] ranges = new long[count][];
        for (int i = 0; i < count; i++) {
            long one = bounds[2 * i] == LAST ? last : bounds[2 * i];
            long other = bounds[2 * i + 1] == LAST ? last : bounds[2 * i + 1];
            ranges[i] = new long[] {Math.min(one, other), Math.max(one, other)};
        }
        Arrays.sort(ranges, (a, b) -> Long.compare(a[0], b[0]));
        long[] merged = new long[bounds.length];
        int used = 0;
        for (long[] range : ranges) {
            if (used > 0 && range[0] <= merged[used - 1] + 1) {
                merged[used - 1] = Math.max(merged[used - 1], range[1]);
            } else {
                merged[used++] = range[0];
                merged[used++] = range[1];
            }
        }
        return Arrays.copyOf(merged, used);
    }

    /** Whether a number is named that is above {@code last}, other than beside a star. */
    boolean exceeds(long last) {
        for (int i = 0; i < bounds.length; i += 2) {
            boolean open = bounds[i] == LAST || bounds[i + 1] == LAST;
            if (!open && Math.max(bounds[i], bounds[i + 1]) > last) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceSet set
                && saved == set.saved
                && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        if (saved) {
            return "$";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(end(bounds[i]));
            if (bounds[i + 1] != bounds[i]) {
                text.append(':').append(end(bounds[i + 1]));
            }
        }
        return text.toString();
    }

    private static String end(long bound) {
        return bound == LAST ? "*" : Long.toString(bound);
    }
}
