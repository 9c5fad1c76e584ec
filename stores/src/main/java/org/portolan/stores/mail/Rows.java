package org.portolan.stores.mail;

import java.util.Arrays;

/**
 * A stretch of a mailbox's messages, ascending, at most {@link #MOST}. Immutable: a change makes a
 * new one, which shares the arrays that stay as they were.
 */
final class Rows {
    /** What one change of one flag copies, and what a lookup searches, is in proportion to this. */
    static final int MOST = 512;

    static final Rows NONE =
            new Rows(new Fixed(new int[0], new long[0][]), new long[0], new long[0]);

    /** What never changes while a message is in its mailbox. */
    private record Fixed(int[] uids, long[][] columns) {}

    private static final int BODY = 0;
    private static final int SIZE = 1;
    private static final int RECEIVED = 2;
    private static final int SAVED = 3;
    private static final int COLUMNS = 4;

    private final Fixed fixed;
    private final long[] flags;
    private final long[] modseqs;
    private final long highestModseq;

    private Rows(Fixed fixed, long[] flags, long[] modseqs) {
        this.fixed = fixed;
        this.flags = flags;
        this.modseqs = modseqs;
        this.highestModseq = Arrays.stream(modseqs).max().orElse(0);
    }

    int count() {
        return flags.length;
    }

    long uid(int i) {
        return Integer.toUnsignedLong(fixed.uids[i]);
    }

    long last() {
        return uid(count() - 1);
    }

    long flags(int i) {
        return flags[i];
    }

    long modseq(int i) {
        return modseqs[i];
    }

    /** The change that touched any of them last: what came later concerns none of them. */
    long highestModseq() {
        return highestModseq;
    }

    long body(int i) {
        return fixed.columns[BODY][i];
    }

    long size(int i) {
        return fixed.columns[SIZE][i];
    }

    long received(int i) {
        return fixed.columns[RECEIVED][i];
    }

    long saved(int i) {
        return fixed.columns[SAVED][i];
    }

    /** Whether the messages are the same, whatever became of their flags. */
    @SuppressWarnings("ReferenceEquality") // shared until one of them goes
    boolean sameMessages(Rows other) {
        return fixed == other.fixed;
    }

    /** The place of {@code uid}, or -(the place it would have) - 1. */
    int indexOf(long uid) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long at = uid(middle);
            if (at == uid) {
                return middle;
            }
            if (at < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The rows with other flags for the messages that {@code change} names. */
    Rows with(Change.NewFlags change, long modseq) {
        long[] newFlags = flags.clone();
        long[] newModseqs = modseqs.clone();
        for (int at = change.from(uid(0)); at < change.uids().length; at++) {
            int i = indexOf(change.uids()[at]);
            if (i >= 0) {
                newFlags[i] = change.flags()[at];
                newModseqs[i] = modseq;
            } else if (-i - 1 >= count()) {
                break;
            }
        }
        return new Rows(fixed, newFlags, newModseqs);
    }

    /** The rows that {@code gone} does not name. */
    Rows without(UidSet gone) {
        int[] kept = new int[count()];
        int left = 0;
        for (int i = 0; i < count(); i++) {
            if (!gone.contains(uid(i))) {
                kept[left++] = i;
            }
        }
        if (left == count()) {
            return this;
        }
        int[] uids = new int[left];
        long[][] columns = new long[COLUMNS][left];
        long[] newFlags = new long[left];
        long[] newModseqs = new long[left];
        for (int to = 0; to < left; to++) {
            int from = kept[to];
            uids[to] = fixed.uids[from];
            newFlags[to] = flags[from];
            newModseqs[to] = modseqs[from];
            for (int column = 0; column < COLUMNS; column++) {
                columns[column][to] = fixed.columns[column][from];
            }
        }
        return new Rows(new Fixed(uids, columns), newFlags, newModseqs);
    }

    /** Collects messages that come in ascending order. */
    static final class Builder {
        private int[] uids = new int[16];
        private final long[][] columns = new long[COLUMNS][16];
        private long[] flags = new long[16];
        private long[] modseqs = new long[16];
        private int count;

        /** Begins with the messages of {@code rows}. */
        Builder addAll(Rows rows) {
            grow(rows.count());
            System.arraycopy(rows.fixed.uids, 0, uids, count, rows.count());
            System.arraycopy(rows.flags, 0, flags, count, rows.count());
            System.arraycopy(rows.modseqs, 0, modseqs, count, rows.count());
            for (int i = 0; i < COLUMNS && rows.count() > 0; i++) {
                System.arraycopy(rows.fixed.columns[i], 0, columns[i], count, rows.count());
            }
            count += rows.count();
            return this;
        }

        void add(Change.Added row, long modseq) {
            grow(1);
            uids[count] = (int) row.uid();
            columns[BODY][count] = row.body();
            columns[SIZE][count] = row.size();
            columns[RECEIVED][count] = row.received();
            columns[SAVED][count] = row.saved();
            flags[count] = row.flags();
            modseqs[count] = modseq;
            count++;
        }

        boolean full() {
            return count >= MOST;
        }

        boolean isEmpty() {
            return count == 0;
        }

        /** What was collected; it begins anew after that. */
        Rows build() {
            long[][] fixed = new long[COLUMNS][];
            for (int i = 0; i < COLUMNS; i++) {
                fixed[i] = Arrays.copyOf(columns[i], count);
            }
            Rows rows =
                    new Rows(
                            new Fixed(Arrays.copyOf(uids, count), fixed),
                            Arrays.copyOf(flags, count),
                            Arrays.copyOf(modseqs, count));
            count = 0;
            return rows;
        }

        private void grow(int more) {
            int wanted = count + more;
            if (wanted > uids.length) {
                int room = Math.max(wanted, uids.length * 2);
                uids = Arrays.copyOf(uids, room);
                flags = Arrays.copyOf(flags, room);
                modseqs = Arrays.copyOf(modseqs, room);
                for (int i = 0; i < COLUMNS; i++) {
                    columns[i] = Arrays.copyOf(columns[i], room);
                }
            }
        }
    }
}
