package org.portolan.stores.files;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * Who has which file open, and what that keeps others from doing: one table for all protocols.
 *
 * <p>A file is known by its {@link FileId}, so that other names of it, and new ones, are the same
 * file. Share modes, ranges and pending deletions mean what SMB means by them (MS-FSA §2.1.5.1.2,
 * §2.1.4.10, §2.1.5.4); protocols that have none open with {@link Access#ALL} shared, and so
 * exclude nobody and are excluded by who says so.
 */
public final class LockTable {
    /** One file may be locked in so many places at once. */
    static final int MOST_RANGES = 65_536;

    /**
     * Somebody who has a file open, as shown to people.
     *
     * @param where its path below DATA/files
     * @param ranges how many ranges of it are locked by this one
     */
    public record Held(
            FileId id,
            String where,
            Holder holder,
            Set<Access> access,
            Set<Access> shared,
            int ranges,
            boolean deletePending,
            Instant since) {}

    /** What is known of one file while anybody cares. */
    static final class Entry {
        final FileId id;
        final ReentrantLock lock = new ReentrantLock();
        final List<Hold> holds = new CopyOnWriteArrayList<>(); // changed under the lock only
        private final List<Range> ranges = new ArrayList<>();
        boolean deletePending;
        boolean removed; // has no name any more
        long size = -1; // at least so many bytes are paid for; -1 while nobody writes
        private int users;

        Entry(FileId id) {
            this.id = id;
        }
    }

    /** Bytes from {@code from} to before {@code end} that {@code owner} has locked. */
    private record Range(Hold owner, long from, long end, boolean exclusive) {
        boolean overlaps(long otherFrom, long otherEnd) {
            if (from == end) { // of no bytes: in the way only when strictly within
                return otherFrom < from && from < otherEnd;
            }
            if (otherFrom == otherEnd) {
                return from < otherFrom && otherFrom < end;
            }
            return from < otherEnd && otherFrom < end;
        }
    }

    private final InstantSource clock;
    private final Map<FileId, Entry> entries = new ConcurrentHashMap<>();

    LockTable(InstantSource clock) {
        this.clock = clock;
    }

    private Entry acquire(FileId id) {
        return entries.compute(
                id,
                (same, entry) -> {
                    Entry present = entry == null ? new Entry(id) : entry;
                    present.users++;
                    return present;
                });
    }

    private void release(FileId id) {
        entries.computeIfPresent(id, (same, entry) -> --entry.users == 0 ? null : entry);
    }

    /**
     * Notes that {@code holder} has the file open; {@link Hold#close} ends it.
     *
     * @param where its path below DATA/files
     * @throws FileProblem IN_USE or DELETE_PENDING if that goes against who has it open already
     */
    Hold open(FileId id, String where, Holder holder, Set<Access> access, Set<Access> shared)
            throws FileProblem {
        Entry entry = acquire(id);
        entry.lock.lock();
        try {
            if (entry.deletePending) {
                throw new FileProblem(
                        Kind.DELETE_PENDING, where + " is deleted as soon as it is let go");
            }
            for (Hold other : entry.holds) {
                excluded(where, access, other.shared, other.holder);
                excluded(where, other.access, shared, other.holder);
            }
            Hold hold = new Hold(entry, where, holder, access, shared, clock.instant());
            entry.holds.add(hold);
            return hold;
        } catch (FileProblem e) {
            release(id);
            throw e;
        } finally {
            entry.lock.unlock();
        }
    }

    /** MS-FSA §2.1.5.1.2: what one does, the other must let be done, and the other way round. */
    private static void excluded(String where, Set<Access> done, Set<Access> let, Holder by)
            throws FileProblem {
        if (!let.containsAll(done)) {
            throw new FileProblem(Kind.IN_USE, "%s is in use by %s".formatted(where, by.words()));
        }
    }

    /**
     * Keeps everybody from opening or removing some files while they lose or get a name.
     *
     * @throws FileProblem IN_USE if somebody has one open and does not let it be removed
     */
    Removal removing(Set<FileId> ids) throws FileProblem {
        List<Entry> taken = new ArrayList<>();
        for (FileId id : ids.stream().sorted(Comparator.naturalOrder()).toList()) {
            Entry entry = acquire(id);
            entry.lock.lock();
            taken.add(entry);
        }
        Removal removal = new Removal(taken);
        try {
            for (Entry entry : taken) {
                for (Hold hold : entry.holds) {
                    excluded(hold.where, EnumSet.of(Access.DELETE), hold.shared, hold.holder);
                }
            }
            return removal;
        } catch (FileProblem e) {
            removal.close();
            throw e;
        }
    }

    /** Files that nobody opens until this is closed. */
    final class Removal implements AutoCloseable {
        private final List<Entry> taken;

        private Removal(List<Entry> taken) {
            this.taken = taken;
        }

        /** Notes that {@code id} has no name any more. */
        void removed(FileId id) {
            for (Entry entry : taken) {
                if (entry.id.equals(id)) {
                    entry.removed = true;
                }
            }
        }

        @Override
        public void close() {
            for (Entry entry : taken.reversed()) {
                entry.lock.unlock();
                release(entry.id);
            }
        }
    }

    /** Notes that what was at {@code from}, and what is below it, is at {@code to} now. */
    void renamed(String from, String to) {
        for (Entry entry : entries.values()) { // without their locks: the caller holds others
            for (Hold hold : entry.holds) {
                if (hold.where.equals(from)) {
                    hold.where = to;
                } else if (hold.where.startsWith(from + "/")) {
                    hold.where = to + hold.where.substring(from.length());
                }
            }
        }
    }

    /** Everybody who has something open at or below {@code where} and forbids to remove it. */
    Optional<Held> keeping(String where) {
        return holding().stream()
                .filter(held -> held.where().startsWith(where + "/"))
                .filter(held -> !held.shared().contains(Access.DELETE))
                .findFirst();
    }

    /** Everybody who has a file open, by path. */
    public List<Held> holding() {
        List<Held> all = new ArrayList<>();
        for (Entry entry : entries.values()) {
            entry.lock.lock();
            try {
                for (Hold hold : entry.holds) {
                    all.add(hold.held());
                }
            } finally {
                entry.lock.unlock();
            }
        }
        all.sort(Comparator.comparing(Held::where).thenComparing(Held::since));
        return all;
    }

    /** One open file of somebody's, and what it keeps others from doing. */
    final class Hold {
        private final Entry entry;
        private volatile String where;
        private final Holder holder;
        private final Set<Access> access;
        private final Set<Access> shared;
        private final Instant since;
        private boolean deleteOnClose;

        private Hold(
                Entry entry,
                String where,
                Holder holder,
                Set<Access> access,
                Set<Access> shared,
                Instant since) {
            this.entry = entry;
            this.where = where;
            this.holder = holder;
            this.access = Set.copyOf(access);
            this.shared = Set.copyOf(shared);
            this.since = since;
        }

        Entry entry() {
            return entry;
        }

        /** Its path below DATA/files, wherever it was moved to. */
        String where() {
            return where;
        }

        private Held held() {
            int ranges = (int) entry.ranges.stream().filter(r -> r.owner == this).count();
            return new Held(
                    entry.id, where, holder, access, shared, ranges, entry.deletePending, since);
        }

        /** Locks bytes for this hold, or throws LOCKED. */
        void lock(long from, long length, boolean exclusive) throws FileProblem {
            long end = end(from, length);
            entry.lock.lock();
            try {
                for (Range range : entry.ranges) {
                    // MS-FSA §2.1.5.8: also against the same owner's, unless both are shared
                    if (range.overlaps(from, end) && (exclusive || range.exclusive)) {
                        throw locked(range);
                    }
                }
                if (entry.ranges.size() >= MOST_RANGES) {
                    throw new FileProblem(
                            Kind.UNSUPPORTED, "too many parts of %s are locked".formatted(where));
                }
                entry.ranges.add(new Range(this, from, end, exclusive));
            } finally {
                entry.lock.unlock();
            }
        }

        /** Lets go of exactly a range that was locked; false if there was none. */
        boolean unlock(long from, long length) throws FileProblem {
            long end = end(from, length);
            entry.lock.lock();
            try {
                for (Range range : entry.ranges) {
                    if (range.owner == this && range.from == from && range.end == end) {
                        entry.ranges.remove(range);
                        return true;
                    }
                }
                return false;
            } finally {
                entry.lock.unlock();
            }
        }

        /**
         * MS-FSA §2.1.4.10: whether these bytes may be read or written now, through this, which has
         * to be open for that.
         */
        void check(long from, long length, boolean writing) throws FileProblem {
            if (!access.contains(writing ? Access.WRITE : Access.READ)) {
                throw new FileProblem(
                        Kind.DENIED,
                        "%s is not open for %s".formatted(where, writing ? "writing" : "reading"));
            }
            long end = end(from, length);
            entry.lock.lock();
            try {
                for (Range range : entry.ranges) {
                    boolean against =
                            range.exclusive ? range.owner != this : writing; // shared: nobody's
                    if (against && range.overlaps(from, end)) {
                        throw locked(range);
                    }
                }
            } finally {
                entry.lock.unlock();
            }
        }

        private FileProblem locked(Range range) {
            return new FileProblem(
                    Kind.LOCKED,
                    "a part of %s is locked by %s".formatted(where, range.owner.holder.words()));
        }

        /** Sets or clears that the file is deleted when the last who has it open lets go. */
        void deletePending(boolean pending) {
            entry.lock.lock();
            try {
                entry.deletePending = pending;
            } finally {
                entry.lock.unlock();
            }
        }

        /** Lets the file be deleted when this is closed, or when others have closed it too. */
        void deleteOnClose() {
            entry.lock.lock();
            try {
                deleteOnClose = true;
            } finally {
                entry.lock.unlock();
            }
        }

        /** Whether the file may go when this is closed. */
        boolean mayDelete() {
            entry.lock.lock();
            try {
                return deleteOnClose || entry.deletePending;
            } finally {
                entry.lock.unlock();
            }
        }

        boolean isDeletePending() {
            entry.lock.lock();
            try {
                return entry.deletePending;
            } finally {
                entry.lock.unlock();
            }
        }

        /**
         * Lets go.
         *
         * @param delete called while nobody can open it, if it has to be deleted now
         */
        void close(@Nullable Runnable delete) {
            entry.lock.lock();
            try {
                if (!entry.holds.remove(this)) {
                    return;
                }
                entry.ranges.removeIf(range -> range.owner == this);
                entry.deletePending |= deleteOnClose;
                boolean deletes = entry.deletePending && !entry.removed;
                if (entry.holds.isEmpty() && deletes && delete != null) {
                    delete.run();
                }
            } finally {
                entry.lock.unlock();
            }
            release(entry.id);
        }
    }

    private static long end(long from, long length) throws FileProblem {
        if (from < 0 || length < 0) {
            throw new FileProblem(Kind.BAD_RANGE, "there is no such position");
        }
        return from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
    }
}
