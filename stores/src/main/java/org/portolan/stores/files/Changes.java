package org.portolan.stores.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Tells those who listen what changed in the tree, after it did. Each has a queue of its own with
 * an end: who does not keep up hears that something was left out, and looks for himself.
 */
public final class Changes {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

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

    void tell(Change change) {
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
