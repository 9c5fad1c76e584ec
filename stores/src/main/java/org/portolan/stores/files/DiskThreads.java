package org.portolan.stores.files;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that wait for the disk, so that no conversation's carrier has to: native code and
 * Java's own file calls hold it. A caller that is a platform thread itself needs none of them.
 */
final class DiskThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskThreads.class);
    private static final int MOST = 32;

    /** Something that may wait for the disk. */
    interface Work<T> {
        T run() throws FileProblem, SystemCalls.Failed, IOException;
    }

    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    MOST, Thread.ofPlatform().daemon().name("files-", 1).factory());

    /** Does {@code work} and waits for it; {@code what} it is about stands in the problem. */
    <T> T call(Object what, Work<T> work) throws FileProblem {
        return Thread.currentThread().isVirtual() ? wait(begin(what, work)) : run(what, work);
    }

    /** Begins {@code work}. */
    <T> CompletableFuture<T> begin(Object what, Work<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            threads.execute(
                    () -> {
                        try {
                            done.complete(run(what, work));
                        } catch (Throwable e) { // even an Error: somebody waits
                            done.completeExceptionally(e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(
                    new FileProblem(FileProblem.Kind.BROKEN, "the file tree is closed", e));
        }
        return done;
    }

    /** An interrupt does not end the wait: what has begun will be done, and must be known of. */
    static <T> T wait(CompletableFuture<T> done) throws FileProblem {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FileProblem problem) {
                throw problem;
            }
            throw new IllegalStateException("work on a file broke", e.getCause());
        }
    }

    private static <T> T run(Object what, Work<T> work) throws FileProblem {
        try {
            return work.run();
        } catch (SystemCalls.Failed e) {
            throw FileProblem.of(e, what);
        } catch (IOException e) {
            throw FileProblem.of(e, what);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a file is still being written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
