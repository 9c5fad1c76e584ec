package org.portolan.stores.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever opens a mailbox while it changes sees each change once. */
class LiveMailboxesTest {
    private static final Change FIRST = added(1, 1);
    private static final Change SECOND = added(2, 2);

    private static Change added(long uid, long modseq) {
        Change.Added one = new Change.Added(uid, uid, 100, 0, 0, 0);
        return Change.added(7, modseq, List.of(one), List.of());
    }

    private static Snapshot empty() {
        return new Snapshot(7, 1, 1, 0, List.of(), List.of());
    }

    @Test
    void whatIsToldWhileItIsBeingReadIsNotTakenTwice() throws Exception {
        LiveMailboxes[] all = new LiveMailboxes[1];
        all[0] =
                new LiveMailboxes(
                        mailbox -> {
                            all[0].announce(List.of(FIRST, SECOND));
                            return empty().with(FIRST); // and not yet the second
                        });
        OpenMailbox open = all[0].open(7, () -> {});
        assertThat(open.latest().uids()).isEqualTo(UidSet.ofRanges(1, 2));
    }

    @Test
    void whatIsToldLateIsNotTakenTwice() throws Exception {
        LiveMailboxes all = new LiveMailboxes(mailbox -> empty().with(FIRST)); // committed
        OpenMailbox open = all.open(7, () -> {});
        all.announce(List.of(FIRST)); // only now
        assertThat(open.latest().count()).isEqualTo(1);
        all.announce(List.of(SECOND));
        assertThat(open.latest().uids()).isEqualTo(UidSet.ofRanges(1, 2));
    }
}
