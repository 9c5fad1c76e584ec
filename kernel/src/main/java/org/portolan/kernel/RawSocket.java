package org.portolan.kernel;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose every wait has a deadline that the {@link Watchdog} keeps.
 *
 * <p>Java's own socket time-out starts again with each byte and covers no write. Here the waiting
 * thread leaves word until when it is ready to wait, and the watchdog ends what is late: a late
 * read by {@code shutdownInput}, so that the waiting thread wakes, learns why, and can still say
 * goodbye; a late write by closing, because a peer that does not read hears nothing anyway.
 */
final class RawSocket implements Watched {
    static final long NEVER = Long.MAX_VALUE;

    /** Java copies all that it is asked to write, and again what the peer left over. */
    private static final int SLICE = 64 * 1024;

    final SocketChannel channel;
    final AtomicLong bytesIn = new AtomicLong();
    final AtomicLong bytesOut = new AtomicLong();

    private final Clock clock;
    private final long writePatience;
    private final long idlePatience;
    private final long sessionEnds;
    volatile long readDue = NEVER;
    volatile long writeDue = NEVER;
    private volatile Hangup.Reason whenLate = Hangup.Reason.IDLE;
    private volatile Hangup.@Nullable Reason ended;
    private volatile boolean stopping;
    private volatile boolean busy;
    private volatile long idleFrom = NEVER;
    private volatile Pace pace = Pace.UNLIMITED;

    RawSocket(SocketChannel channel, Limits limits, Clock clock) {
        this.channel = channel;
        this.clock = clock;
        this.writePatience = limits.write().toNanos();
        this.idlePatience = limits.idle().toNanos();
        this.sessionEnds = clock.nanos() + limits.session().toNanos();
    }

    /**
     * Reads at least one byte into {@code into}, waiting until {@code due}.
     *
     * @throws Hangup for {@code late} when the time is over, or for whatever else ended the wait
     */
    int read(ByteBuffer into, long due, Hangup.Reason late) throws IOException {
        int count = readOrEnd(into, due, late);
        if (count < 0) {
            throw gone(null);
        }
        return count;
    }

    /** The same, but -1 when the peer has ended its side, and nobody here did. */
    int readOrEnd(ByteBuffer into, long due, Hangup.Reason late) throws IOException {
        whenLate = late;
        readDue = due;
        try {
            if (stopping && late == Hangup.Reason.IDLE && !busy) {
                throw new Hangup(Hangup.Reason.STOPPING);
            }
            int end = into.limit();
            into.limit(into.position() + pace.step(into.remaining()));
            int count = channel.read(into);
            into.limit(end);
            if (count < 0 && ended != null) {
                throw gone(null);
            }
            if (count < 0) {
                return -1;
            }
            bytesIn.addAndGet(count);
            readDue = NEVER;
            pace.moved(count);
            return count;
        } catch (Hangup e) {
            throw e;
        } catch (IOException e) {
            throw gone(e);
        } finally {
            readDue = NEVER;
        }
    }

    /** Exactly {@code count} bytes, and nothing behind them. */
    byte[] readExactly(int count, long due) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            read(bytes, due, Hangup.Reason.TOO_SLOW);
        }
        return bytes.array();
    }

    /** Writes all of {@code from}. */
    void write(ByteBuffer from) throws IOException {
        int end = from.limit();
        beginWrite();
        try {
            while (from.position() < end) {
                from.limit(Math.min(end, from.position() + pace.step(SLICE)));
                int count = channel.write(from);
                writeDue = NEVER;
                pace.moved(count);
                wrote(count);
            }
        } catch (IOException e) {
            throw gone(e);
        } finally {
            from.limit(end);
            endWrite();
        }
    }

    /** How fast it may go from now on. */
    void pace(Pace allowed) {
        pace = allowed;
    }

    /** As fast, together, as {@code first} may go. */
    void paceOf(RawSocket first) {
        pace = first.pace;
    }

    boolean paced() {
        return !pace.unlimited();
    }

    /** The peer took {@code count} bytes: if it is slow, it is not stuck. */
    void wrote(long count) {
        bytesOut.addAndGet(count);
        beginWrite();
    }

    /** Says that a write has begun; it may wait as long as {@link Limits#write}. */
    void beginWrite() {
        writeDue = clock.nanos() + writePatience;
    }

    void endWrite() {
        writeDue = NEVER;
    }

    Hangup gone(@Nullable IOException cause) {
        Hangup.Reason reason = ended;
        if (reason == null) {
            reason = Hangup.Reason.PEER_GONE;
        }
        return cause == null ? new Hangup(reason) : new Hangup(reason, cause);
    }

    @Override
    public void endWhatIsLate(long now) {
        if (writeDue != NEVER && now - writeDue > 0) {
            endedBecause(Hangup.Reason.NOT_READING);
            reset();
        } else if (readDue != NEVER && now - readDue > 0 && !excused(now)) {
            end(whenLate);
        } else if (now - sessionEnds > 0) {
            end(Hangup.Reason.SESSION_TOO_LONG);
            if (writeDue != NEVER && now - sessionEnds > writePatience) {
                reset(); // a peer that takes a little now and then cannot stretch the session
            }
        }
    }

    /** Who waits for our work is not idle; from the work's end on it may be as silent as others. */
    private boolean excused(long now) {
        long from = idleFrom;
        return whenLate == Hangup.Reason.IDLE
                && (busy || (from != NEVER && now - from <= idlePatience));
    }

    /** Says that a second thread works for this peer, which may be silent meanwhile. */
    void busy() {
        busy = true;
    }

    /** That work is done. */
    void idle() {
        idleFrom = clock.nanos();
        busy = false;
        if (stopping) {
            stop();
        }
    }

    /** Wakes the reading thread with {@code reason}; it may still write. */
    void end(Hangup.Reason reason) {
        if (ended != null) {
            return;
        }
        endedBecause(reason);
        try {
            channel.shutdownInput();
        } catch (IOException alreadyGone) {
            abort();
        }
    }

    void shutdownOutput() throws Hangup {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** Lets the peer finish what it began, then ends the conversation. */
    void stop() {
        stopping = true;
        if (readDue != NEVER && whenLate == Hangup.Reason.IDLE && !busy) {
            end(Hangup.Reason.STOPPING);
        }
    }

    /** Closes, and has the system forget what the peer did not take: megabytes, for minutes. */
    void reset() {
        try {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException closedAlready) {
            endedBecause(Hangup.Reason.PEER_GONE);
        }
        abort();
    }

    /** Closes at once; whoever waits in this socket wakes. */
    void abort() {
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            endedBecause(Hangup.Reason.PEER_GONE);
        }
    }

    private void endedBecause(Hangup.Reason reason) {
        if (ended == null) {
            ended = reason;
        }
    }
}
