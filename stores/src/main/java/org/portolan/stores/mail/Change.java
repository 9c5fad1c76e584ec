package org.portolan.stores.mail;

import java.util.Arrays;
import java.util.List;

/**
 * What one transaction did to one mailbox, told to whoever has it open once it is on disk.
 *
 * @param modseq the mailbox's highest after it
 * @param keywords the mailbox's after it, or none if it has no new ones
 * @param gone whether the mailbox is no more
 */
record Change(
        long mailbox,
        long modseq,
        List<Added> added,
        NewFlags flags,
        UidSet expunged,
        List<String> keywords,
        boolean gone) {

    /** A new message; its uid is above all there were. */
    record Added(long uid, long body, long size, long received, long saved, long flags) {}

    /** Uids, ascending, and the flags that each has now. */
    record NewFlags(long[] uids, long[] flags) {
        static final NewFlags NONE = new NewFlags(new long[0], new long[0]);

        /** The first place with {@code uid} or a larger one. */
        int from(long uid) {
            int at = Arrays.binarySearch(uids, uid);
            return at >= 0 ? at : -at - 1;
        }

        boolean touch(Rows rows) {
            int at = from(rows.uid(0));
            return at < uids.length && uids[at] <= rows.last();
        }
    }

    static Change added(long mailbox, long modseq, List<Added> added, List<String> keywords) {
        return new Change(mailbox, modseq, added, NewFlags.NONE, UidSet.NONE, keywords, false);
    }

    static Change flags(long mailbox, long modseq, NewFlags flags, List<String> keywords) {
        return new Change(mailbox, modseq, List.of(), flags, UidSet.NONE, keywords, false);
    }

    static Change expunged(long mailbox, long modseq, UidSet expunged) {
        return new Change(mailbox, modseq, List.of(), NewFlags.NONE, expunged, List.of(), false);
    }

    static Change gone(long mailbox) {
        return new Change(
                mailbox, Long.MAX_VALUE, List.of(), NewFlags.NONE, UidSet.NONE, List.of(), true);
    }
}
