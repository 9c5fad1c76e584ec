package org.portolan.server;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.portolan.kernel.Shown;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.Change;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.Holder;

/**
 * What is done with a shared folder, a line for each file. Who fetches one does not wait for the
 * terminal: lines that it does not take in time are counted instead.
 */
final class SharingLog implements AutoCloseable {
    private static final int MOST_WAITING = 1_000;

    private final PrintStream out;
    private final Function<Holder, String> peers;
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger leftOut = new AtomicInteger();
    private final Thread printer;

    SharingLog(PrintStream out, FileTree tree, Function<Holder, String> peers) {
        this.out = out;
        this.peers = peers;
        this.printer = Thread.ofPlatform().daemon().name("share-log").start(this::print);
        tree.observe(this::opened);
        tree.changes().hear(this::changed);
    }

    private void opened(Holder by, String where, Set<Access> access) {
        if (access.contains(Access.READ)) {
            say(by, "fetches", where.substring(where.indexOf('/') + 1)); // below DATA/files
        }
    }

    private void changed(Change change) {
        String name = String.join("/", change.names());
        switch (change.kind()) {
            case ADDED, WRITTEN -> {
                if (change.whole()) {
                    say(change.by(), change.folder() ? "makes" : "stores", name);
                }
            }
            case REMOVED -> say(change.by(), "removes", name);
            case RENAMED -> {
                String before = String.join("/", change.before());
                say(change.by(), "renames", before + " to " + name);
            }
            case ATTRIBUTES -> {} // every client sets the time of what it has just stored
        }
    }

    private void say(Holder by, String does, String where) {
        String who = peers.apply(by) + (by.account().isEmpty() ? "" : " (" + by.account() + ")");
        String line =
                "%s  %s %s %s through %s"
                        .formatted(
                                LocalTime.now(ZoneId.systemDefault())
                                        .truncatedTo(ChronoUnit.SECONDS),
                                who,
                                does,
                                Shown.of(where),
                                by.protocol().equals("ssh") ? "sftp" : by.protocol());
        if (!waiting.offer(line)) {
            leftOut.incrementAndGet();
        }
    }

    private void print() {
        try {
            while (true) {
                print(waiting.take());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void print(String line) {
        int gap = leftOut.getAndSet(0);
        if (gap > 0) {
            out.println("(" + gap + " more)");
        }
        out.println(line);
    }

    /** Prints what still waits. */
    @Override
    public void close() {
        printer.interrupt();
        for (String line = waiting.poll(); line != null; line = waiting.poll()) {
            print(line);
        }
    }
}
