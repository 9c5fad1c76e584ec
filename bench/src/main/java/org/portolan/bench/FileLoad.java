package org.portolan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that do something at the same time, each in a thread of its own. */
final class FileLoad {
    /** What was done: files, entries or log-ins, and how many bytes they had. */
    record Done(long operations, long bytes) {
        static final Done NOTHING = new Done(0, 0);

        Done plus(Done other) {
            return new Done(operations + other.operations, bytes + other.bytes);
        }
    }

    /** What one client does. */
    interface Client {
        /**
         * Does it, and says how much that was.
         *
         * @param number of this client, from 0 on
         * @param end when to begin nothing more, by {@link System#nanoTime}
         */
        Done run(int number, long end) throws IOException;
    }

    private FileLoad() {}

    static Done run(int clients, Duration length, Client client) throws IOException {
        long end = System.nanoTime() + length.toNanos();
        List<Callable<Done>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            all.add(() -> client.run(number, end));
        }
        Done sum = Done.NOTHING;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (Future<Done> each : threads.invokeAll(all)) {
                sum = sum.plus(each.get());
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("a client failed", e.getCause());
        }
    }
}
