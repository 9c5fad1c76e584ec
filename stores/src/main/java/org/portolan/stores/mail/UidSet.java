package org.portolan.stores.mail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Unique ids of a mailbox, as ranges: sorted, apart from each other, immutable. Ten million ids in
 * a row take no more room than one.
 */
public final class UidSet {
    /** The largest there can be (RFC 9051 §2.3.1.1). */
    public static final long LAST = 0xffff_ffffL;

    public static final UidSet NONE = new UidSet(new long[0]);
    public static final UidSet ALL = range(1, LAST);

    /** From, to, from, to: both included. */
    private final long[] ends;

    private UidSet(long[] ends) {
        this.ends = ends;
    }

    /** From {@code first} to {@code last}, both included; none if the first is the larger. */
    public static UidSet range(long first, long last) {
        return first > last ? NONE : new UidSet(new long[] {first, last});
    }

    /** Those named, in whatever order. */
    public static UidSet of(long... uids) {
        long[] sorted = uids.clone();
        Arrays.sort(sorted);
        Builder builder = new Builder();
        for (long uid : sorted) {
            builder.add(uid);
        }
        return builder.build();
    }

    /** The ranges {@code from, to, from, to …}, in whatever order, overlapping or not. */
    public static UidSet ofRanges(long... ends) {
        List<long[]> ranges = new ArrayList<>();
        for (int i = 0; i + 1 < ends.length; i += 2) {
            ranges.add(new long[] {ends[i], ends[i + 1]});
        }
        ranges.sort((a, b) -> Long.compare(a[0], b[0]));
        Builder builder = new Builder();
        for (long[] range : ranges) {
            builder.add(range[0], range[1]);
        }
        return builder.build();
    }

    /** Reads what {@link #toString} wrote. */
    static UidSet parse(String text) {
        Builder builder = new Builder();
        for (String range : text.isEmpty() ? new String[0] : text.split(",")) {
            int colon = range.indexOf(':');
            long first = Long.parseLong(colon < 0 ? range : range.substring(0, colon));
            builder.add(first, colon < 0 ? first : Long.parseLong(range.substring(colon + 1)));
        }
        return builder.build();
    }

    public boolean isEmpty() {
        return ends.length == 0;
    }

    /** How many ids are in it. */
    public long count() {
        long count = 0;
        for (int i = 0; i < ends.length; i += 2) {
            count += ends[i + 1] - ends[i] + 1;
        }
        return count;
    }

    /** How many ranges it has. */
    public int ranges() {
        return ends.length / 2;
    }

    /** The first id of range {@code i}, counted from 0. */
    public long first(int i) {
        return ends[2 * i];
    }

    /** The last id of range {@code i}. */
    public long last(int i) {
        return ends[2 * i + 1];
    }

    public boolean contains(long uid) {
        int at = Arrays.binarySearch(ends, uid);
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    /** What is in both. */
    public UidSet and(UidSet other) {
        Builder builder = new Builder();
        int mine = 0;
        int its = 0;
        while (mine < ranges() && its < other.ranges()) {
            long from = Math.max(first(mine), other.first(its));
            long to = Math.min(last(mine), other.last(its));
            if (from <= to) {
                builder.add(from, to);
            }
            if (last(mine) < other.last(its)) {
                mine++;
            } else {
                its++;
            }
        }
        return builder.build();
    }

    /** What is in either. */
    public UidSet or(UidSet other) {
        return ofRanges(
                LongStream.concat(Arrays.stream(ends), Arrays.stream(other.ends)).toArray());
    }

    /** Each id, ascending. */
    public LongStream stream() {
        return LongStream.range(0, ranges())
                .flatMap(i -> LongStream.rangeClosed(first((int) i), last((int) i)));
    }

    /** {@code 1:3,7}: a sequence-set (RFC 9051 §9); empty if nothing is in it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ranges(); i++) {
            text.append(i == 0 ? "" : ",").append(first(i));
            if (last(i) > first(i)) {
                text.append(':').append(last(i));
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet set && Arrays.equals(ends, set.ends);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ends);
    }

    /** Makes a set of ids or ranges that come in ascending order; those that touch become one. */
    public static final class Builder {
        private long[] ends = new long[8];
        private int used;

        /** Adds one that is not below any before. */
        public Builder add(long uid) {
            return add(uid, uid);
        }

        /** Adds a range that does not begin below the one before. */
        public Builder add(long first, long last) {
            if (first > last) {
                return this;
            }
            if (used > 0 && first < ends[used - 2]) {
                throw new IllegalArgumentException("not in ascending order");
            }
            if (used > 0 && first <= ends[used - 1] + 1) {
                ends[used - 1] = Math.max(ends[used - 1], last);
                return this;
            }
            if (used == ends.length) {
                ends = Arrays.copyOf(ends, used * 2);
            }
            ends[used++] = first;
            ends[used++] = last;
            return this;
        }

        public UidSet build() {
            return used == 0 ? NONE : new UidSet(Arrays.copyOf(ends, used));
        }
    }
}
