package org.portolan.stores.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A mailbox of many stretches, after many changes, says what changed since any of them. */
class SnapshotTest {
    private static final int MESSAGES = 4 * Rows.MOST + 7;

    private final Random random = new Random(1);
    private Snapshot snapshot = new Snapshot(1, 1, 1, 0, List.of(), List.of());

    @Test
    void whatChangedSinceIsFoundInWhateverStretchItIs() {
        arrive(MESSAGES);
        for (int step = 0; step < 200; step++) {
            change();
            long highest = snapshot.highestModseq();
            for (long since : new long[] {0, highest - 3, highest - 1, highest, highest + 1}) {
                assertThat(snapshot.changedSince(since)).isEqualTo(changedSince(since));
            }
        }
    }

    /** As it would be found by looking at each message. */
    private int[] changedSince(long modseq) {
        return IntStream.range(0, snapshot.count())
                .filter(i -> snapshot.modseq(i) > modseq)
                .toArray();
    }

    private void change() {
        switch (random.nextInt(4)) {
            case 0 -> arrive(1 + random.nextInt(40));
            case 1 -> expunge();
            default -> flag();
        }
    }

    private void arrive(int count) {
        List<Change.Added> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long uid = snapshot.uidNext() + i;
            added.add(new Change.Added(uid, uid, 10, 0, 0, 0));
        }
        snapshot = snapshot.with(Change.added(1, next(), added, List.of()));
    }

    private void expunge() {
        UidSet.Builder gone = new UidSet.Builder();
        gone.add(snapshot.uid(random.nextInt(snapshot.count())));
        snapshot = snapshot.with(Change.expunged(1, next(), gone.build()));
    }

    private void flag() {
        long uid = snapshot.uid(random.nextInt(snapshot.count()));
        Change.NewFlags flags = new Change.NewFlags(new long[] {uid}, new long[] {1});
        snapshot = snapshot.with(Change.flags(1, next(), flags, List.of()));
    }

    private long next() {
        return snapshot.highestModseq() + 1;
    }
}
