package org.portolan.shell.console;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * What somebody types, or a program sends, until it is read: one thread adds, one reads. It holds
 * no more than whoever adds was allowed to send.
 */
public final class Keystrokes extends InputStream {
    /** There is no more, and will be none. */
    public static final int END = -1;

    /** There is none yet. */
    public static final int LATER = -2;

    private static final int SMALLEST = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final IntConsumer taken;
    private byte[] ring = new byte[SMALLEST]; // guarded by lock
    private int from; // guarded by lock
    private int count; // guarded by lock
    private boolean ended; // guarded by lock
    private boolean gone; // guarded by lock

    /**
     * @param taken told how many bytes were read, so that as many more may be sent
     */
    public Keystrokes(IntConsumer taken) {
        this.taken = taken;
    }

    /** Adds what came; the one who adds bounds how much that may be. */
    public void add(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            if (count + length > ring.length) {
                grow(count + length);
            }
            int at = (from + count) % ring.length;
            int first = Math.min(length, ring.length - at);
            System.arraycopy(bytes, offset, ring, at, first);
            System.arraycopy(bytes, offset + first, ring, 0, length - first);
            count += length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void grow(int needed) {
        byte[] larger = new byte[Integer.highestOneBit(needed) * 2];
        copyTo(larger, 0, count);
        ring = larger;
        from = 0;
    }

    private void copyTo(byte[] into, int offset, int length) {
        int first = Math.min(length, ring.length - from);
        System.arraycopy(ring, from, into, offset, first);
        System.arraycopy(ring, 0, into, offset + first, length - first);
    }

    /** Nothing more will come. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is there any more, neither to send nor to see. */
    public void leave() {
        lock.lock();
        try {
            ended = true;
            gone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody is there any more; a program whose input has ended still listens.
     *
     * @param wait for how long at most; zero: for ever
     * @return whether they are gone
     */
    public boolean awaitLeave(Duration wait) {
        lock.lock();
        try {
            await(wait, () -> gone);
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no more will come; what came may still wait to be read. */
    public void awaitEnd() {
        lock.lock();
        try {
            await(Duration.ZERO, () -> ended);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody is there any more. */
    public boolean hasLeft() {
        lock.lock();
        try {
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@code octet} was typed, and waits to be read. */
    boolean holds(int octet) {
        lock.lock();
        try {
            return through(octet) > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes away {@code octet} and what was typed before it, if it was typed. */
    boolean takeThrough(int octet) {
        int step;
        lock.lock();
        try {
            step = through(octet);
            if (step == 0) {
                return false;
            }
            drop(step);
        } finally {
            lock.unlock();
        }
        taken.accept(step);
        return true;
    }

    /** How many bytes there are up to the first {@code octet}, itself included; 0 without one. */
    private int through(int octet) {
        for (int i = 0; i < count; i++) {
            if ((ring[(from + i) % ring.length] & 0xff) == octet) {
                return i + 1;
            }
        }
        return 0;
    }

    /** How many wait. */
    @Override
    public int available() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next byte, {@link #END} or {@link #LATER}.
     *
     * @param wait how long to wait for one; zero: for ever
     * @param look whether it is to stay
     */
    public int next(Duration wait, boolean look) {
        int octet;
        lock.lock();
        try {
            if (!await(wait, this::hasNews)) {
                return LATER;
            }
            if (count == 0) {
                return END;
            }
            octet = ring[from] & 0xff;
            if (look) {
                return octet;
            }
            drop(1);
        } finally {
            lock.unlock();
        }
        taken.accept(1);
        return octet;
    }

    private boolean hasNews() {
        return count > 0 || ended;
    }

    private boolean await(Duration wait, BooleanSupplier wanted) {
        long left = wait.toNanos();
        try {
            while (!wanted.getAsBoolean()) {
                if (wait.isZero()) {
                    changed.awaitUninterruptibly();
                } else if (left <= 0) {
                    return false;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void drop(int bytes) {
        from = (from + bytes) % ring.length;
        count -= bytes;
        if (count == 0 && ring.length > SMALLEST) {
            ring = new byte[SMALLEST]; // a pasted page is not kept for hours
            from = 0;
        }
    }

    @Override
    public int read() {
        return next(Duration.ZERO, false);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int step;
        lock.lock();
        try {
            await(Duration.ZERO, this::hasNews);
            if (count == 0) {
                return length == 0 ? 0 : END;
            }
            step = Math.min(length, count);
            copyTo(into, offset, step);
            drop(step);
        } finally {
            lock.unlock();
        }
        taken.accept(step);
        return step;
    }
}
