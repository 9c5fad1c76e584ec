package org.portolan.stores.files;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * How many bytes one space holds, and how many it may. They are counted by looking at every file
 * when a limit first matters in this run, so that a crash, or an administrator's own tools, leave
 * nothing to be put right; from then on each change is entered before it happens.
 *
 * <p>A change is one {@link Step}: none is under way while the files are being counted.
 */
final class Ledger {
    /** Looks at every file of the space. */
    interface Count {
        long bytes() throws SystemCalls.Failed;
    }

    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private final AtomicLong used = new AtomicLong();
    private volatile boolean counted;
    private volatile long limit;

    /** Sets how much it may hold; 0 for no limit. */
    void limit(long bytes) {
        limit = bytes;
    }

    long limit() {
        return limit;
    }

    /** How much it holds; counts it now if that was not done before. */
    long used(Count count) throws SystemCalls.Failed {
        if (!counted) {
            countAll(count);
        }
        return used.get();
    }

    private void countAll(Count count) throws SystemCalls.Failed {
        gate.writeLock().lock();
        try {
            if (!counted) {
                used.set(count.bytes());
                counted = true;
            }
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** Begins a change that may come to nothing, without a count; locks of files come after it. */
    Step enter() {
        gate.readLock().lock();
        return new Step();
    }

    /** Begins a change of what files hold; the same thread ends it soon. */
    Step step(Count count) throws SystemCalls.Failed {
        if (limit > 0 && !counted) {
            countAll(count);
        }
        return enter();
    }

    /** What counting anew came to. */
    record Recount(long now, long wrongBy) {}

    /** Counts anew, while no change is under way. */
    Recount recount(Count count) throws SystemCalls.Failed {
        gate.writeLock().lock();
        try {
            long before = used.get();
            long now = count.bytes();
            used.set(now);
            boolean known = counted;
            counted = true;
            return new Recount(now, known ? before - now : 0);
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** A change that is under way. */
    final class Step implements AutoCloseable {
        /** Enters {@code bytes} more; refuses if there is no room for them. */
        void reserve(long bytes) throws FileProblem {
            if (!counted || bytes <= 0) {
                return;
            }
            long most = limit;
            for (long now = used.get(); ; now = used.get()) {
                if (most > 0 && (bytes > most || now > most - bytes)) {
                    throw new FileProblem(
                            FileProblem.Kind.OVER_QUOTA,
                            "the quota of %d bytes is reached; %d are used, %d more were asked for"
                                    .formatted(most, now, bytes));
                }
                if (used.compareAndSet(now, now + bytes)) {
                    return;
                }
            }
        }

        /** Enters {@code bytes} less. */
        void refund(long bytes) {
            if (counted && bytes > 0) {
                used.addAndGet(-bytes);
            }
        }

        @Override
        public void close() {
            gate.readLock().unlock();
        }
    }
}
