package org.portolan.shell.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Hangup;

/**
 * Asks a silent peer whether it is still there, and gives up one that does not answer: TCP alone
 * keeps the sessions of a machine that lost its power for hours. What a peer answers to that is no
 * use of its session.
 */
final class StillThere {
    private static final int MOST_UNANSWERED = 3;

    /** OpenSSH's name for it; whoever does not know it says so, which is an answer as well. */
    private static final String QUESTION = "keepalive@openssh.com";

    private final KernelSession socket;
    private final Clock clock;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile long heard;
    private long asked; // of the thread that asks
    private long used; // of the thread that reads
    private boolean answered; // of the thread that reads

    StillThere(KernelSession socket, Clock clock) {
        this.socket = socket;
        this.clock = clock;
        heard = clock.nanos();
        asked = heard;
        used = heard;
    }

    /** Something came, and the library has taken it in. */
    void heard() {
        heard = clock.nanos();
        unanswered.set(0);
        if (!answered) {
            used = heard;
        }
        answered = false;
    }

    /** How much of {@code idle} is left to one who does nothing. */
    Duration left(Duration idle) {
        return idle.minusNanos(clock.nanos() - used);
    }

    /** Asks, if nothing has come for {@code silence}, and it was not asked meanwhile. */
    void look(Duration silence) {
        long now = clock.nanos();
        if (Math.min(now - heard, now - asked) < silence.toNanos()) {
            return;
        }
        if (unanswered.get() == MOST_UNANSWERED) {
            socket.connection().log().info("does not answer whether it is still there");
            socket.connection().end(Hangup.Reason.PEER_GONE);
        } else {
            asked = now;
            ask(AbstractSession.getSession(socket, true));
        }
    }

    private void ask(@Nullable AbstractSession session) {
        if (session == null || !session.isAuthenticated()) {
            return; // until then there is the time for the log-in
        }
        unanswered.incrementAndGet();
        try {
            Buffer question = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            question.putString(QUESTION);
            question.putBoolean(true); // RFC 4254 §4: want reply
            session.request(question, QUESTION, (answer, what) -> answered = true);
        } catch (IOException e) {
            socket.connection().log().debug("gone when asked: {}", e.toString());
        }
    }
}
