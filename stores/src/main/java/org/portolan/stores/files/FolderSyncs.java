package org.portolan.stores.files;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Syncs folders, once for all who wait for the same one: whoever comes while it is being synced
 * waits for the next sync, and one of those who wait does it.
 */
final class FolderSyncs {
    private static final class Round {
        boolean over;
        SystemCalls.@Nullable Failed failure;
    }

    private static final class Folder {
        int waiting;
        boolean syncing;
        Round next = new Round();
    }

    private final Map<FileId, Folder> folders = new HashMap<>();

    /** Returns when every name that {@code folder} has now is on disk. */
    void sync(Descriptor folder) throws SystemCalls.Failed {
        FileId id = folder.look().id();
        Folder state;
        synchronized (folders) {
            state = folders.computeIfAbsent(id, unknown -> new Folder());
            state.waiting++;
        }
        try {
            sync(state, folder);
        } finally {
            synchronized (folders) {
                if (--state.waiting == 0) {
                    folders.remove(id);
                }
            }
        }
    }

    private static void sync(Folder state, Descriptor folder) throws SystemCalls.Failed {
        Round mine;
        synchronized (state) {
            mine = state.next;
            awaitTurn(state, mine);
            if (!mine.over) {
                state.syncing = true;
                state.next = new Round();
            }
        }
        if (!mine.over) {
            lead(state, mine, folder);
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
    }

    private static void lead(Folder state, Round mine, Descriptor folder) {
        SystemCalls.@Nullable Failed failure = null;
        try (Descriptor readable = folder.readable()) {
            SystemCalls.fsync(readable.number());
        } catch (SystemCalls.Failed e) {
            failure = e;
        } finally {
            synchronized (state) {
                mine.failure = failure;
                mine.over = true;
                state.syncing = false;
                state.notifyAll();
            }
        }
    }

    /** What has been done cannot be undone by an interrupt, so its sync is waited for. */
    private static void awaitTurn(Folder state, Round mine) {
        boolean interrupted = false;
        while (state.syncing && !mine.over) {
            try {
                state.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
