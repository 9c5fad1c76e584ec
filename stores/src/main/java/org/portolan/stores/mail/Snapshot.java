package org.portolan.stores.mail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All messages of a mailbox as they were after one of its changes. Immutable, and shared by
 * everybody who has the mailbox open; the next one shares whatever stayed the same.
 *
 * <p>Messages are counted from 0, ascending by unique id: a sequence number less one. Dates are
 * seconds since 1970.
 */
public final class Snapshot {
    private final long mailbox;
    private final long uidValidity;
    private final long uidNext;
    private final long highestModseq;
    private final List<String> keywords;
    private final Rows[] stretches;

    /** How many messages are before each stretch, and in all. */
    private final int[] before;

    Snapshot(
            long mailbox,
            long uidValidity,
            long uidNext,
            long highestModseq,
            List<String> keywords,
            List<Rows> stretches) {
        this.mailbox = mailbox;
        this.uidValidity = uidValidity;
        this.uidNext = uidNext;
        this.highestModseq = highestModseq;
        this.keywords = List.copyOf(keywords);
        this.stretches = stretches.toArray(Rows[]::new);
        this.before = new int[this.stretches.length + 1];
        for (int i = 0; i < this.stretches.length; i++) {
            before[i + 1] = before[i] + this.stretches[i].count();
        }
    }

    public long mailbox() {
        return mailbox;
    }

    public long uidValidity() {
        return uidValidity;
    }

    /** The lowest unique id that the next message may get. */
    public long uidNext() {
        return uidNext;
    }

    public long highestModseq() {
        return highestModseq;
    }

    /** Names of the flags' bits above the system's, the lowest first: see {@link Flags#keyword}. */
    public List<String> keywords() {
        return keywords;
    }

    /** How many messages there are. */
    public int count() {
        return before[stretches.length];
    }

    public long uid(int i) {
        int at = stretch(i);
        return stretches[at].uid(i - before[at]);
    }

    /** Bits of {@link Flags}. */
    public long flags(int i) {
        int at = stretch(i);
        return stretches[at].flags(i - before[at]);
    }

    /** The change that touched it last. */
    public long modseq(int i) {
        int at = stretch(i);
        return stretches[at].modseq(i - before[at]);
    }

    /** The number of its body: the same message in another mailbox has the same (EMAILID). */
    public long body(int i) {
        int at = stretch(i);
        return stretches[at].body(i - before[at]);
    }

    /** Its octets. */
    public long size(int i) {
        int at = stretch(i);
        return stretches[at].size(i - before[at]);
    }

    /** When it was delivered, or whatever its owner said: INTERNALDATE. */
    public long received(int i) {
        int at = stretch(i);
        return stretches[at].received(i - before[at]);
    }

    /** When it came into this mailbox (RFC 8514: SAVEDATE). */
    public long saved(int i) {
        int at = stretch(i);
        return stretches[at].saved(i - before[at]);
    }

    private int stretch(int i) {
        int at = Arrays.binarySearch(before, i);
        if (at < 0) {
            return -at - 2;
        }
        return at;
    }

    /** The place of the message {@code uid}, or -(the place it would have) - 1. */
    public int indexOf(long uid) {
        int low = 0;
        int high = stretches.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (stretches[middle].last() < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (low == stretches.length) {
            return -count() - 1;
        }
        int in = stretches[low].indexOf(uid);
        return in < 0 ? in - before[low] : in + before[low];
    }

    /** How many of its messages have none of the flags of {@code mask}. */
    public int countWithout(long mask) {
        int found = 0;
        for (Rows rows : stretches) {
            for (int i = 0; i < rows.count(); i++) {
                found += (rows.flags(i) & mask) == 0 ? 1 : 0;
            }
        }
        return found;
    }

    /** The first message that has none of the flags of {@code mask}, or -1. */
    public int firstWithout(long mask) {
        for (int at = 0; at < stretches.length; at++) {
            for (int i = 0; i < stretches[at].count(); i++) {
                if ((stretches[at].flags(i) & mask) == 0) {
                    return before[at] + i;
                }
            }
        }
        return -1;
    }

    /** The places of messages that changed or came after change {@code modseq}, ascending. */
    public int[] changedSince(long modseq) {
        int[] found = new int[16];
        int count = 0;
        for (int at = 0; at < stretches.length && modseq < highestModseq; at++) {
            Rows rows = stretches[at];
            if (rows.highestModseq() <= modseq) {
                continue; // after most changes this is so of all stretches but one
            }
            for (int i = 0; i < rows.count(); i++) {
                if (rows.modseq(i) > modseq) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = before[at] + i;
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The places, in this one, of messages that {@code later} does not have, ascending. */
    public int[] missingIn(Snapshot later) {
        int[] missing = new int[16];
        int count = 0;
        for (int at = 0; at < stretches.length; at++) {
            Rows rows = stretches[at];
            if (later.hasStretch(rows)) {
                continue;
            }
            for (int i = 0; i < rows.count(); i++) {
                if (later.indexOf(rows.uid(i)) < 0) {
                    if (count == missing.length) {
                        missing = Arrays.copyOf(missing, count * 2);
                    }
                    missing[count++] = before[at] + i;
                }
            }
        }
        return Arrays.copyOf(missing, count);
    }

    private boolean hasStretch(Rows rows) {
        int low = 0;
        int high = stretches.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (stretches[middle].last() < rows.last()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low < stretches.length && stretches[low].sameMessages(rows);
    }

    /** The unique ids of all its messages. */
    public UidSet uids() {
        UidSet.Builder uids = new UidSet.Builder();
        for (Rows rows : stretches) {
            for (int i = 0; i < rows.count(); i++) {
                uids.add(rows.uid(i));
            }
        }
        return uids.build();
    }

    // ---- the next one

    Snapshot with(Change change) {
        List<Rows> next = new ArrayList<>(stretches.length + 1);
        for (Rows rows : stretches) {
            Rows changed = rows;
            if (change.flags().touch(changed)) {
                changed = changed.with(change.flags(), change.modseq());
            }
            if (!change.expunged().isEmpty()) {
                changed = changed.without(change.expunged());
            }
            if (changed.count() > 0) {
                next.add(changed);
            }
        }
        long newUidNext = uidNext;
        if (!change.added().isEmpty()) {
            newUidNext = Math.max(newUidNext, change.added().getLast().uid() + 1);
            append(next, change.added(), change.modseq());
        }
        return new Snapshot(
                mailbox,
                uidValidity,
                newUidNext,
                Math.max(highestModseq, change.modseq()),
                change.keywords().isEmpty() ? keywords : change.keywords(),
                next);
    }

    private static void append(List<Rows> stretches, List<Change.Added> added, long modseq) {
        Rows.Builder rows = new Rows.Builder();
        if (!stretches.isEmpty() && stretches.getLast().count() < Rows.MOST) {
            rows.addAll(stretches.removeLast());
        }
        for (Change.Added one : added) {
            if (rows.full()) {
                stretches.add(rows.build());
            }
            rows.add(one, modseq);
        }
        stretches.add(rows.build());
    }
}
