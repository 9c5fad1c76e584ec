package org.portolan.stores.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * An upload that becomes visible when it is whole: written to a file that nobody sees, synced, then
 * given its name in one step, then the folder of that name is synced.
 *
 * <p>Until then it has no name at all (O_TMPFILE), which costs the journal of the file system less
 * than a second name does. It gets one in the space's folder for uploads where the file system
 * knows no such files, and for a moment when it replaces another: only rename(2) does that.
 */
final class WholeFile implements Upload.Target {
    /** Somebody else is faster so many times in a row, and it is given up. */
    private static final int MOST_TRIES = 1000;

    /** What has come is sent on to the disk in such pieces, so that little is left to be synced. */
    private static final long STRETCH = 8 << 20;

    private final FileTree tree;
    private final Holder holder;
    private final Place place;
    private final boolean replaces;
    private final Descriptor folder;
    private final Descriptor file;
    private final Uploads.Coming coming;
    private Optional<Descriptor> hidden; // the folder for uploads, if it has a name in there
    private boolean named;
    private long begun; // so much is on its way to the disk

    private WholeFile(
            FileTree tree,
            Holder holder,
            Place place,
            boolean replaces,
            Descriptor folder,
            Descriptor file,
            Uploads.Coming coming,
            Optional<Descriptor> hidden) {
        this.tree = tree;
        this.holder = holder;
        this.place = place;
        this.replaces = replaces;
        this.folder = folder;
        this.file = file;
        this.coming = coming;
        this.hidden = hidden;
    }

    /** Begins one, unless it is clear already that it cannot get its name. */
    static WholeFile begin(FileTree tree, Holder holder, Place place, boolean replaces)
            throws FileProblem, SystemCalls.Failed, IOException {
        Descriptor folder = tree.folderOf(place);
        Uploads.Coming coming = tree.uploads().begin(place, holder);
        Optional<Descriptor> hidden = Optional.empty();
        try {
            Optional<Found> there = there(folder, place);
            if (there.isPresent()) {
                replaceable(place, there.get(), replaces);
                tree.locks().removing(Set.of(there.get().id())).close();
            }
            Optional<Descriptor> file = tree.resolver().nameless(folder, FileTree.NEW_FILE);
            if (file.isEmpty()) {
                hidden = Optional.of(tree.hidden(place.space()));
                file = Optional.of(View.make(hidden.get(), coming.name));
            }
            return new WholeFile(tree, holder, place, replaces, folder, file.get(), coming, hidden);
        } catch (FileProblem | SystemCalls.Failed e) {
            tree.uploads().end(coming);
            hidden.ifPresent(Descriptor::close);
            folder.close();
            throw e;
        }
    }

    private static Optional<Found> there(Descriptor folder, Place place) throws SystemCalls.Failed {
        try {
            return Optional.of(SystemCalls.statx(folder.number(), place.name()));
        } catch (SystemCalls.Failed e) {
            if (e.errno == SystemCalls.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void replaceable(Place place, Found there, boolean replaces) throws FileProblem {
        if (there.isFolder()) {
            throw new FileProblem(Kind.IS_A_FOLDER, place + ": it is a folder");
        }
        if (!replaces) {
            throw new FileProblem(Kind.EXISTS, place + ": there is something of that name already");
        }
        if (there.kind() == Node.Kind.SPECIAL) {
            throw new FileProblem(Kind.NOT_SERVED, place + ": it is no file that is served");
        }
    }

    @Override
    public long from() {
        return 0;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws FileProblem, SystemCalls.Failed {
        try (Ledger.Step step = tree.step(place.space())) {
            int count = bytes.remaining();
            step.reserve(count);
            long next = at;
            try {
                while (bytes.hasRemaining()) {
                    SystemCalls.pwrite(file.number(), bytes, next);
                    next = at + count - bytes.remaining();
                }
                if (next - begun >= STRETCH) {
                    SystemCalls.beginSync(file.number(), begun, next - begun);
                    begun = next;
                }
            } finally {
                step.refund(bytes.remaining()); // what it could not write
                if (hidden.isEmpty()) {
                    coming.unseen(next);
                }
            }
        }
    }

    @Override
    public Node commit(long size) throws FileProblem, SystemCalls.Failed {
        SystemCalls.fsync(file.number()); // before it has a name: a file that is seen is whole
        boolean replaced;
        try (Ledger.Step step = tree.step(place.space())) {
            replaced = takeName(step);
        }
        named = true;
        tree.sync(folder);
        tree.tell(replaced ? Change.Kind.WRITTEN : Change.Kind.ADDED, holder, place, false);
        return Node.of(place.name(), file.look(), FileTree.owner(place.space()));
    }

    /** Others may take the name, or give it up, until it is ours; returns whether it was theirs. */
    private boolean takeName(Ledger.Step step) throws FileProblem, SystemCalls.Failed {
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            Optional<Found> old = there(folder, place);
            if (old.isPresent()) {
                replaceable(place, old.get(), replaces);
                if (replace(step, old.get())) {
                    return true;
                }
            } else if (nameNew()) {
                return false;
            }
        }
        throw new FileProblem(Kind.IN_USE, place + ": others replace it all the time");
    }

    private boolean nameNew() throws SystemCalls.Failed {
        try {
            if (hidden.isPresent()) {
                name(hidden.get(), SystemCalls.RENAME_NOREPLACE);
            } else {
                SystemCalls.link(file.number(), folder.number(), place.name());
                coming.unseen(0);
            }
            return true;
        } catch (SystemCalls.Failed e) {
            if (e.errno == SystemCalls.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    private boolean replace(Ledger.Step step, Found old) throws FileProblem, SystemCalls.Failed {
        try (LockTable.Removal removal = tree.locks().removing(Set.of(old.id()))) {
            Optional<Found> now = there(folder, place);
            if (now.isEmpty() || !now.get().id().equals(old.id())) {
                return false; // somebody was a moment faster
            }
            name(hidden(), 0);
            if (now.get().isFile() && now.get().links() == 1) {
                step.refund(now.get().size());
                removal.removed(old.id());
            }
            return true;
        }
    }

    /** Gives it a name that nobody sees, if it has none, so that it can be renamed. */
    private Descriptor hidden() throws SystemCalls.Failed {
        if (hidden.isEmpty()) {
            Descriptor uploads = tree.hidden(place.space());
            try {
                SystemCalls.link(file.number(), uploads.number(), coming.name);
            } catch (SystemCalls.Failed e) {
                uploads.close();
                throw e;
            }
            hidden = Optional.of(uploads);
            coming.unseen(0);
        }
        return hidden.get();
    }

    private void name(Descriptor from, int flags) throws SystemCalls.Failed {
        SystemCalls.renameat2(from.number(), coming.name, folder.number(), place.name(), flags);
    }

    @Override
    public void close() throws IOException {
        try {
            if (!named) {
                abandon();
            }
        } catch (SystemCalls.Failed e) {
            throw new IOException("a file that was given up could not be removed", e);
        } finally {
            file.close();
            tree.uploads().end(coming);
            hidden.ifPresent(Descriptor::close);
            folder.close();
        }
    }

    private void abandon() throws SystemCalls.Failed {
        try (Ledger.Step step = tree.step(place.space())) {
            long size = file.look().size();
            if (hidden.isPresent()) {
                SystemCalls.unlinkat(hidden.get().number(), coming.name, 0);
            }
            coming.unseen(0);
            step.refund(size);
        }
    }
}
