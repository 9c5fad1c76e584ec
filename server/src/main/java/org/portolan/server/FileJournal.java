package org.portolan.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.portolan.kernel.Clock;
import org.portolan.stores.Events;
import org.portolan.stores.Spaces;
import org.portolan.stores.files.Change;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.Holder;

/**
 * Puts what is changed in the file tree among the site's events: one for each change that is
 * complete, none for what is read, none for times and modes, which clients set after each upload.
 *
 * <p>Events are kept in a number, and who mirrors a million files shall not push everybody's
 * log-ins out: an account may cause {@value #AT_ONCE} at once and then one a second; those beyond
 * are counted, and the next one tells how many there were.
 *
 * <p>It runs in the threads that make the changes: to note an event waits for nothing.
 */
final class FileJournal {
    /** Events that an account may cause at once. */
    static final int AT_ONCE = 1_000;

    private static final long EACH = Duration.ofSeconds(1).toNanos();

    /** What one account has caused lately. */
    private static final class Allowance {
        private boolean used;
        private long until; // when nothing of it would be used any more, by the clock's nanos
        private long leftOut;

        /** How many were left out before this one; -1 if it is left out, too. */
        synchronized long take(long now) {
            if (used && until - now > (AT_ONCE - 1) * EACH) {
                leftOut++;
                return -1;
            }
            until = (used && until - now > 0 ? until : now) + EACH;
            used = true;
            long before = leftOut;
            leftOut = 0;
            return before;
        }
    }

    private final Spaces spaces;
    private final Events events;
    private final Function<Holder, String> peers;
    private final Clock clock;
    private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();
    private volatile boolean wanted;

    /**
     * Begins to listen.
     *
     * @param peers tells where somebody is who changes something; empty if they are gone
     * @param wanted whether there are to be any events
     */
    FileJournal(
            FileTree tree,
            Events events,
            Function<Holder, String> peers,
            Clock clock,
            boolean wanted) {
        this.spaces = tree.spaces();
        this.events = events;
        this.peers = peers;
        this.clock = clock;
        this.wanted = wanted;
        tree.changes().hear(this::hear);
    }

    void configure(boolean nowWanted) {
        wanted = nowWanted;
    }

    private void hear(Change change) {
        if (!wanted || !change.whole() || change.kind() == Change.Kind.ATTRIBUTES) {
            return;
        }
        Holder by = change.by();
        long leftOut =
                allowances
                        .computeIfAbsent(by.account(), account -> new Allowance())
                        .take(clock.nanos());
        if (leftOut < 0) {
            return;
        }
        String before = leftOut == 0 ? "" : " (%d changes before it left out)".formatted(leftOut);
        events.note(
                Events.Kind.FILE_CHANGED,
                by.protocol(),
                by.conversation(),
                peers.apply(by),
                by.account(),
                words(change) + before);
    }

    private String words(Change change) {
        String what = change.folder() ? "folder " : "";
        String where = where(change.space(), change.names());
        return switch (change.kind()) {
            case ADDED -> "added " + what + where;
            case REMOVED -> "removed " + what + where;
            case WRITTEN -> "wrote " + where;
            case RENAMED ->
                    "renamed "
                            + what
                            + where(change.spaceBefore(), change.before())
                            + " to "
                            + where;
            case ATTRIBUTES -> "set times or mode of " + what + where;
        };
    }

    /** Its path below DATA/files. */
    private String where(long space, Iterable<String> names) {
        String folder = spaces.space(space).map(FileTree::folder).orElse("?");
        String below = String.join("/", names);
        return below.isEmpty() ? folder : folder + "/" + below;
    }
}
