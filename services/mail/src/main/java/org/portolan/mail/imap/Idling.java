package org.portolan.mail.imap;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * IDLE (RFC 9051 §6.3.13): while the conversation's thread waits for DONE, a second one tells what
 * changes. It lives only while there is something to tell, so that a silent mailbox costs none.
 */
final class Idling implements Runnable {
    private final ImapPeer peer;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean idle;
    private volatile @Nullable Selection selection;

    Idling(ImapPeer peer) {
        this.peer = peer;
    }

    void of(Selection opened) {
        selection = opened;
    }

    /** The store tells of a change, from whatever thread; this must not wait. */
    @Override
    public void run() {
        if (idle && asked.compareAndSet(false, true)) {
            peer.client().beside(this::push);
        }
    }

    private void push() throws IOException {
        peer.speaking.lock();
        try {
            asked.set(false); // what comes from now on is told by another
            Selection opened = selection;
            if (!idle || opened == null) {
                return;
            }
            if (opened.gone()) {
                peer.say("* BYE the mailbox was deleted");
                peer.client().flush();
                throw new Hangup(Hangup.Reason.PEER_GONE); // there is no more to say
            }
            opened.tell(true);
            peer.client().flush();
        } finally {
            peer.speaking.unlock();
        }
    }

    /** Says that we idle, and returns when the client has said DONE. */
    void idle(Selection opened) throws IOException, Refusal {
        peer.speaking.lock();
        try {
            peer.say(ImapReply.IDLING);
            opened.tell(true);
            idle = true;
        } finally {
            peer.speaking.unlock();
        }
        run(); // what changed between the two
        try {
            awaitDone(peer.client());
        } finally {
            becomeQuiet();
        }
    }

    /** After this, nobody but the conversation's own thread speaks. */
    private void becomeQuiet() {
        peer.speaking.lock();
        try {
            idle = false;
        } finally {
            peer.speaking.unlock();
        }
    }

    static void awaitDone(Connection client) throws IOException, Refusal {
        String line;
        try {
            line = client.readLine();
        } catch (MalformedLine e) {
            throw ImapReply.malformed(e.fault());
        }
        if (!Ascii.same(Ascii.trim(line), "DONE")) {
            throw ImapReply.syntax("DONE ends IDLE");
        }
    }
}
