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

/**
 * Clients that begin sessions one after the other until the time is up, each with a mailbox of its
 * own, because a mailbox admits one session at a time.
 */
record Pop3Load(List<String> mailboxes, boolean tls, boolean retrieve, Duration length) {
    /** What was done, and for how long. */
    record Done(long sessions, long messages, long bytes, Duration time) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    Done run(int port) throws IOException {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        List<Callable<Done>> clients = new ArrayList<>();
        for (String mailbox : mailboxes) {
            clients.add(() -> sessions(port, mailbox, end));
        }
        long sessions = 0;
        long messages = 0;
        long bytes = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            for (Future<Done> client : threads.invokeAll(clients)) {
                Done done = client.get();
                sessions += done.sessions;
                messages += done.messages;
                bytes += done.bytes;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("a POP3 client failed", e.getCause());
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        return new Done(sessions, messages, bytes, time);
    }

    private Done sessions(int port, String mailbox, long end) throws IOException {
        long begin = System.nanoTime();
        long sessions = 0;
        long messages = 0;
        long bytes = 0;
        do {
            try (Pop3Client client = Pop3Client.connect(port, tls)) {
                client.logIn(mailbox);
                int count = client.stat();
                if (retrieve) {
                    client.download("LIST");
                    // A round ends between messages, so that every round is equally long.
                    for (int n = 1; n <= count && System.nanoTime() < end; n++) {
                        bytes += client.download("RETR " + n);
                        messages++;
                    }
                }
                client.ask("QUIT");
                sessions++;
            }
        } while (System.nanoTime() < end && System.nanoTime() - begin < PATIENCE.toNanos());
        return new Done(sessions, messages, bytes, Duration.ofNanos(System.nanoTime() - begin));
    }
}
