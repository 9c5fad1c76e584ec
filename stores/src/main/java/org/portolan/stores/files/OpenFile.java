package org.portolan.stores.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * A file that somebody has open: read and written at any position, its bytes locked, until it is
 * closed. Several threads may use it at once.
 */
public final class OpenFile implements AutoCloseable {
    private final FileTree tree;
    private final Holder holder;
    private final Place place;
    private final LockTable.Hold hold;
    private final FileChannel channel;
    private final boolean made;
    private final AtomicBoolean written = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenFile(
            FileTree tree,
            Holder holder,
            Place place,
            LockTable.Hold hold,
            FileChannel channel,
            boolean made) {
        this.tree = tree;
        this.holder = holder;
        this.place = place;
        this.hold = hold;
        this.channel = channel;
        this.made = made;
    }

    /** Whether opening it made it. */
    public boolean made() {
        return made;
    }

    public FileId id() {
        return hold.entry().id;
    }

    /** What it is now. */
    public Node node() throws FileProblem {
        return tree.disk().call(place, () -> tree.node(place, id()));
    }

    /** Its size in bytes. Of an open file the system knows it: there is no disk to wait for. */
    public long size() throws FileProblem {
        try {
            return channel.size();
        } catch (IOException e) {
            throw FileProblem.of(e, place);
        }
    }

    /**
     * The file itself, to be sent from without copying. Whoever reads from it asks {@link
     * #checkRead} first; nobody writes to it.
     */
    public FileChannel channel() {
        return channel;
    }

    /** Whether these bytes may be read now; LOCKED if somebody else has locked some of them. */
    public void checkRead(long from, long count) throws FileProblem {
        hold.check(from, count, false);
    }

    /** Reads from {@code from} into {@code into}; -1 at the end of the file. */
    public int read(ByteBuffer into, long from) throws FileProblem {
        hold.check(from, into.remaining(), false);
        return tree.disk().call(place, () -> channel.read(into, from));
    }

    /** Writes all of {@code bytes} at {@code at}; not yet on disk before {@link #sync}. */
    public void write(ByteBuffer bytes, long at) throws FileProblem {
        hold.check(at, bytes.remaining(), true);
        tree.disk()
                .call(
                        place,
                        () -> {
                            writeNow(bytes, at);
                            return true;
                        });
    }

    /** Writes all of {@code bytes} at the end, wherever that is; returns where it was. */
    public long append(ByteBuffer bytes) throws FileProblem {
        return tree.disk()
                .call(
                        place,
                        () -> {
                            try (Ledger.Step _ = tree.step(place.space())) {
                                return appendNow(bytes);
                            }
                        });
    }

    private long appendNow(ByteBuffer bytes) throws FileProblem, SystemCalls.Failed, IOException {
        LockTable.Entry entry = hold.entry();
        entry.lock.lock(); // until it is written the end is ours
        try {
            long end = channel.size();
            hold.check(end, bytes.remaining(), true);
            writeNow(bytes, end);
            return end;
        } finally {
            entry.lock.unlock();
        }
    }

    void writeNow(ByteBuffer bytes, long at) throws FileProblem, SystemCalls.Failed, IOException {
        long end = at + bytes.remaining();
        if (at < 0 || end < 0) {
            throw new FileProblem(Kind.BAD_RANGE, "there is no such position in " + place);
        }
        written.set(true);
        LockTable.Entry entry = hold.entry();
        try (Ledger.Step step = tree.step(place.space())) {
            entry.lock.lock(); // what makes a file longer is paid for once
            try {
                if (end > channel.size()) {
                    lengthen(step, bytes, at, end);
                } else {
                    writeAll(bytes, at);
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    private void lengthen(Ledger.Step step, ByteBuffer bytes, long at, long end)
            throws FileProblem, IOException {
        long before = channel.size();
        boolean free = hold.entry().removed; // nobody pays for what has no name any more
        if (!free) {
            step.reserve(end - before);
        }
        try {
            writeAll(bytes, at);
        } catch (IOException e) {
            if (!free) {
                step.refund(end - Math.max(before, channel.size()));
            }
            throw e;
        }
    }

    private void writeAll(ByteBuffer bytes, long at) throws IOException {
        for (long next = at; bytes.hasRemaining(); ) {
            next += channel.write(bytes, next);
        }
    }

    /** Makes it {@code size} bytes long; what is added is zeros. */
    public void truncate(long size) throws FileProblem {
        hold.check(Math.max(0, size), Long.MAX_VALUE, true);
        tree.disk()
                .call(
                        place,
                        () -> {
                            truncateNow(size);
                            return true;
                        });
    }

    void truncateNow(long size) throws FileProblem, SystemCalls.Failed, IOException {
        if (size < 0) {
            throw new FileProblem(Kind.BAD_RANGE, "no file is shorter than nothing");
        }
        written.set(true);
        LockTable.Entry entry = hold.entry();
        try (Ledger.Step step = tree.step(place.space())) {
            entry.lock.lock();
            try {
                long before = channel.size();
                if (size > before) {
                    lengthen(step, ByteBuffer.wrap(new byte[1]), size - 1, size);
                } else if (size < before) {
                    channel.truncate(size);
                    if (!entry.removed) {
                        step.refund(before - size);
                    }
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    /** Sets times and mode of it, and its size. */
    public void set(Attributes wanted) throws FileProblem {
        if (wanted.size().isPresent()) {
            truncate(wanted.size().getAsLong());
        }
        tree.disk()
                .call(
                        place,
                        () -> {
                            tree.setAttributes(place, id(), wanted);
                            return true;
                        });
        tree.tell(Change.Kind.ATTRIBUTES, holder, place, false);
    }

    /** Returns when all that was written, and its name if it is new, is on disk. */
    public void sync() throws FileProblem {
        tree.disk()
                .call(
                        place,
                        () -> {
                            syncNow();
                            return true;
                        });
    }

    void syncNow() throws FileProblem, SystemCalls.Failed, IOException {
        channel.force(true);
        if (made) {
            tree.syncFolder(place.parent());
        }
    }

    // ---- what SMB and its like need

    /** Locks bytes until they are unlocked or the file is closed; LOCKED if somebody else has. */
    public void lock(long from, long length, boolean exclusive) throws FileProblem {
        hold.lock(from, length, exclusive);
    }

    /** Unlocks exactly a range that was locked through this; false if there is none. */
    public boolean unlock(long from, long length) throws FileProblem {
        return hold.unlock(from, length);
    }

    /** Lets the file be deleted as soon as nobody has it open, or not. */
    public void deletePending(boolean pending) {
        hold.deletePending(pending);
    }

    public boolean isDeletePending() {
        return hold.isDeletePending();
    }

    /** Lets the file be deleted when this is closed, and nobody else has it open. */
    public void deleteOnClose() {
        hold.deleteOnClose();
    }

    /** Lets go of it; does not sync. What was only read is let go of without a disk. */
    @Override
    public void close() throws FileProblem {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (!written.get() && !hold.mayDelete()) {
            try {
                closeNow();
            } catch (IOException e) {
                throw FileProblem.of(e, place);
            }
            return;
        }
        tree.disk()
                .call(
                        place,
                        () -> {
                            closeNow();
                            return true;
                        });
    }

    private void letGo() {
        try (Ledger.Step _ = tree.ledger(place.space()).enter()) { // before the file's lock
            hold.close(() -> tree.deleteLetGo(holder, hold.where(), id()));
        }
    }

    void closeNow() throws IOException {
        closed.set(true);
        try {
            channel.close();
        } finally {
            letGo();
            if (made || written.get()) {
                tree.tell(Change.Kind.WRITTEN, holder, place, false);
            }
        }
    }
}
