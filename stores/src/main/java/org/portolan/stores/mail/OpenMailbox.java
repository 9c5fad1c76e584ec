package org.portolan.stores.mail;

/**
 * A mailbox that a session has open. Whatever anybody changes in it, by whatever protocol, is in
 * {@link #latest} from the commit on; nothing is queued for the session, so one that does not look
 * for an hour costs no memory and finds what became of it all by comparing what it knew with that.
 */
public final class OpenMailbox implements AutoCloseable {
    private final LiveMailboxes all;
    final LiveMailboxes.Live live;
    final Runnable changed;

    OpenMailbox(LiveMailboxes all, LiveMailboxes.Live live, Runnable changed) {
        this.all = all;
        this.live = live;
        this.changed = changed;
    }

    /** Its messages now. Each call may give a later one, never an earlier one. */
    public Snapshot latest() {
        return live.latest();
    }

    /** Whether the mailbox was deleted meanwhile; {@link #latest} stays as it was then. */
    public boolean gone() {
        return live.gone();
    }

    /** Tells of no more changes. */
    @Override
    public void close() {
        all.close(this);
    }
}
