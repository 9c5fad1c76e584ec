package org.portolan.kernel;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the system for conversations that do little at a time and call the system for most of
 * it (decision 18). What arrives wakes such a thread at once, where a virtual one waits until a
 * poller and a carrier have been woken, and it may wait for a disk itself, where a virtual one has
 * to hand over to a thread that may. There are few, because each holds a stack; who comes when all
 * are taken gets a virtual thread, and everything works as well.
 */
final class Attendants implements AutoCloseable {
    static final int MOST = 64;
    private static final int RESTING_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    Attendants(String service) {
        threads =
                new ThreadPoolExecutor(
                        0,
                        MOST,
                        RESTING_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name(service + "-attendant-", 1).factory());
    }

    /** Runs {@code conversation}, in a thread called {@code name}, if one is free. */
    boolean start(String name, Runnable conversation) {
        try {
            threads.execute(
                    () -> {
                        Thread mine = Thread.currentThread();
                        String before = mine.getName();
                        mine.setName(name);
                        try {
                            conversation.run();
                        } finally {
                            mine.setName(before);
                        }
                    });
            return true;
        } catch (RejectedExecutionException allTaken) { // or this is closed
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
