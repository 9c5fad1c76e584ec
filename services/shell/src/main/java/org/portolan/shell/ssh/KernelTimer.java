package org.portolan.shell.ssh;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.portolan.kernel.Ports;

/**
 * What the library wants to do later, in threads of the kernel's. It has none of its own, so there
 * is nothing to shut down.
 */
final class KernelTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final Executor now;

    KernelTimer(Ports ports) {
        now = work -> ports.inBackground("ssh-later", work);
    }

    /** Something that is done once. */
    private static final class Once<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long due;

        private Once(Callable<V> work, long delay, TimeUnit unit) {
            super(work);
            due = System.nanoTime() + unit.toNanos(delay);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(
                    getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    work.run();
                    return true;
                },
                delay,
                unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        Once<V> once = new Once<>(work, delay, unit);
        CompletableFuture.delayedExecutor(delay, unit, now).execute(once);
        return once;
    }

    /** Nothing of the library that we use is done again and again. */
    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
            Runnable work, long first, long period, TimeUnit unit) {
        throw new RejectedExecutionException("the kernel keeps what is done again and again");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable work, long first, long pause, TimeUnit unit) {
        return scheduleAtFixedRate(work, first, pause, unit);
    }

    @Override
    public void execute(Runnable work) {
        now.execute(work);
    }

    @Override
    public void shutdown() {
        // it has no thread
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
