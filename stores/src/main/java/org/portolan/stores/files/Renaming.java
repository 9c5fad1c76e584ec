package org.portolan.stores.files;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.stores.files.FileProblem.Kind;

/** One thing gets another name. */
record Renaming(FileTree tree, Holder holder, Place old, Place fresh, boolean replaces) {
    /** Somebody else is faster so many times in a row, and it is given up. */
    private static final int MOST_TRIES = 1000;

    void run() throws FileProblem, SystemCalls.Failed {
        try (Descriptor from = tree.folderOf(old);
                Descriptor to = tree.folderOf(fresh)) {
            int tries = 1;
            while (!tried(from, to)) {
                if (++tries > MOST_TRIES) {
                    throw new FileProblem(Kind.IN_USE, fresh + ": others replace it all the time");
                }
            }
            tree.sync(to);
            if (!old.parent().equals(fresh.parent())) {
                tree.sync(from);
            }
        }
    }

    /** Whether it has its new name; false if somebody else changed one of the two meanwhile. */
    private boolean tried(Descriptor from, Descriptor to) throws FileProblem, SystemCalls.Failed {
        Found found = SystemCalls.statx(from.number(), old.name());
        Optional<Found> there = there(to);
        if (there.isPresent() && !there.get().id().equals(found.id())) {
            check(found, there.get());
        }
        Optional<LockTable.Held> kept =
                found.isFolder() ? tree.locks().keeping(old.where()) : Optional.empty();
        if (kept.isPresent()) {
            throw new FileProblem(
                    Kind.IN_USE,
                    "%s is in use by %s"
                            .formatted(kept.get().where(), kept.get().holder().words()));
        }
        return move(from, to, found, there);
    }

    private Optional<Found> there(Descriptor to) throws SystemCalls.Failed {
        try {
            return Optional.of(SystemCalls.statx(to.number(), fresh.name()));
        } catch (SystemCalls.Failed e) {
            if (e.errno == SystemCalls.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void check(Found found, Found there) throws FileProblem {
        if (!replaces) {
            throw new FileProblem(Kind.EXISTS, fresh + ": there is something of that name already");
        }
        if (there.isFolder() != found.isFolder()) {
            throw there.isFolder()
                    ? new FileProblem(Kind.IS_A_FOLDER, fresh + ": it is a folder")
                    : new FileProblem(Kind.NOT_A_FOLDER, fresh + ": it is not a folder");
        }
    }

    private boolean move(Descriptor from, Descriptor to, Found found, Optional<Found> there)
            throws FileProblem, SystemCalls.Failed {
        Set<FileId> ids = new HashSet<>(Set.of(found.id()));
        there.ifPresent(known -> ids.add(known.id()));
        boolean elsewhere = old.space().id() != fresh.space().id();
        // always in one order, or two who move things to and fro would wait for each other
        boolean oldFirst = old.space().id() <= fresh.space().id();
        try (Ledger.Step first = tree.step(oldFirst ? old.space() : fresh.space());
                Ledger.Step second = tree.step(oldFirst ? fresh.space() : old.space());
                LockTable.Removal removal = tree.locks().removing(ids)) {
            Ledger.Step source = oldFirst ? first : second;
            Ledger.Step target = oldFirst ? second : first;
            Found now = SystemCalls.statx(from.number(), old.name());
            Optional<Found> nowThere = there(to);
            if (!now.id().equals(found.id())
                    || !nowThere.map(Found::id).equals(there.map(Found::id))) {
                return false;
            }
            long bytes = elsewhere ? bytes(from, now) : 0;
            target.reserve(bytes);
            try {
                rename(from, to, nowThere.isPresent());
            } catch (SystemCalls.Failed e) {
                target.refund(bytes);
                throw e;
            }
            source.refund(bytes);
            boolean replaced = nowThere.isPresent() && !nowThere.get().id().equals(found.id());
            if (replaced && nowThere.get().isFile() && nowThere.get().links() == 1) {
                target.refund(nowThere.get().size());
                removal.removed(nowThere.get().id());
            }
            tree.locks().renamed(old.where(), fresh.where());
        } catch (SystemCalls.Failed e) {
            if (e.errno == SystemCalls.EEXIST && there.isEmpty()) {
                return false;
            }
            if (e.errno == SystemCalls.EXDEV) {
                throw new FileProblem(
                        Kind.ELSEWHERE, fresh + ": it cannot be moved to another disk", e);
            }
            throw e;
        }
        tree.changes()
                .tell(
                        new Change(
                                Change.Kind.RENAMED,
                                holder,
                                fresh.space().id(),
                                fresh.names(),
                                old.space().id(),
                                old.names(),
                                found.isFolder(),
                                true));
        return true;
    }

    private long bytes(Descriptor from, Found found) throws SystemCalls.Failed {
        if (!found.isFolder()) {
            return found.isFile() ? found.size() : 0;
        }
        int flags = SystemCalls.O_PATH | SystemCalls.O_DIRECTORY | SystemCalls.O_NOFOLLOW;
        try (Descriptor folder =
                new Descriptor(SystemCalls.openat(from.number(), old.name(), flags, 0))) {
            return FileTree.bytesBelow(folder);
        }
    }

    private void rename(Descriptor from, Descriptor to, boolean onto) throws SystemCalls.Failed {
        int flags = onto && replaces ? 0 : SystemCalls.RENAME_NOREPLACE;
        SystemCalls.renameat2(from.number(), old.name(), to.number(), fresh.name(), flags);
    }
}
