package org.portolan.stores.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tells those who listen what changed in the tree, after it did and is on disk. Each has a queue of
 * its own with an end: who does not keep up hears that something was left out, and looks for
 * himself.
 *
 * <p>This is what a protocol asks that tells its clients of changes (SMB's CHANGE_NOTIFY): {@link
 * #listen} with the folder its client named, and whatever {@link Listener#take} has when its client
 * can be told.
 */
public final class Changes {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Change>> ears = new CopyOnWriteArrayList<>();

    /**
     * Begins to listen.
     *
     * @param most how many changes may wait
     * @param wanted which of them; called by whoever changes something, so it must be quick
     * @param news called when the first of them waits, by whoever made it; must not wait itself
     */
    public Listener listen(int most, Predicate<Change> wanted, Runnable news) {
        Listener listener = new Listener(most, wanted, news);
        listeners.add(listener);
        return listener;
    }

    /** Lets {@code ear} hear all of them, from the thread that makes each: it must not wait. */
    public void hear(Consumer<Change> ear) {
        ears.add(ear);
    }

    void tell(Change change) {
        ears.forEach(ear -> ear.accept(change));
        for (Listener listener : listeners) {
            listener.hear(change);
        }
    }

    /**
     * What one listener has not taken yet.
     *
     * @param changes in the order in which they happened
     * @param more whether others were left out
     */
    public record Heard(List<Change> changes, boolean more) {}

    /** Somebody who wants to know. */
    public final class Listener implements AutoCloseable {
        private final int most;
        private final Predicate<Change> wanted;
        private final Runnable news;
        private final Deque<Change> waiting = new ArrayDeque<>();
        private boolean leftOut;

        private Listener(int most, Predicate<Change> wanted, Runnable news) {
            this.most = most;
            this.wanted = wanted;
            this.news = news;
        }

        private void hear(Change change) {
            if (!wanted.test(change)) {
                return;
            }
            boolean first;
            synchronized (waiting) {
                first = waiting.isEmpty() && !leftOut;
                if (waiting.size() < most) {
                    waiting.add(change);
                } else {
                    leftOut = true;
                }
            }
            if (first) {
                news.run();
            }
        }

        /** Takes what waits. */
        public Heard take() {
            synchronized (waiting) {
                Heard heard = new Heard(new ArrayList<>(waiting), leftOut);
                waiting.clear();
                leftOut = false;
                return heard;
            }
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}
