package org.portolan.stores.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * An upload that becomes visible when it is whole: written to a file that nobody sees, synced, then
 * given its name in one step, then the folder of that name is synced.
 */
final class WholeFile implements Upload.Target {
    /** Somebody else is faster so many times in a row, and it is given up. */
    private static final int MOST_TRIES = 1000;

    private final FileTree tree;
    private final Holder holder;
    private final Place place;
    private final boolean replaces;
    private final Descriptor folder;
    private final Descriptor hidden;
    private final String name;
    private final FileChannel channel;
    private boolean named;

    private WholeFile(
            FileTree tree,
            Holder holder,
            Place place,
            boolean replaces,
            Descriptor folder,
            Descriptor hidden,
            String name,
            FileChannel channel) {
        this.tree = tree;
        this.holder = holder;
        this.place = place;
        this.replaces = replaces;
        this.folder = folder;
        this.hidden = hidden;
        this.name = name;
        this.channel = channel;
    }

    /** Begins one, unless it is clear already that it cannot get its name. */
    static WholeFile begin(FileTree tree, Holder holder, Place place, boolean replaces)
            throws FileProblem, SystemCalls.Failed, IOException {
        Descriptor folder = tree.folderOf(place);
        try {
            Optional<Found> there = there(folder, place);
            if (there.isPresent()) {
                replaceable(place, there.get(), replaces);
                tree.locks().removing(Set.of(there.get().id())).close();
            }
            Descriptor hidden = tree.hidden(place.space());
            String name = "upload-" + UUID.randomUUID();
            tree.uploads().begin(name, place.where(), holder);
            try (Descriptor made = View.make(hidden, name)) {
                FileChannel channel = made.channel(Set.of(StandardOpenOption.WRITE));
                return new WholeFile(tree, holder, place, replaces, folder, hidden, name, channel);
            } catch (SystemCalls.Failed | IOException e) {
                tree.uploads().end(name);
                hidden.close();
                throw e;
            }
        } catch (FileProblem | SystemCalls.Failed | IOException e) {
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
    public void write(ByteBuffer bytes, long at)
            throws FileProblem, SystemCalls.Failed, IOException {
        try (Ledger.Step step = tree.step(place.space())) {
            int count = bytes.remaining();
            step.reserve(count);
            try {
                for (long next = at; bytes.hasRemaining(); ) {
                    next += channel.write(bytes, next);
                }
            } catch (IOException e) {
                step.refund(at + count - Math.max(at, channel.size()));
                throw e;
            }
        }
    }

    @Override
    public Node commit(long size) throws FileProblem, SystemCalls.Failed, IOException {
        channel.force(true); // before it has a name: a file that is seen is whole
        boolean replaced;
        try (Ledger.Step step = tree.step(place.space())) {
            replaced = takeName(step);
        }
        named = true;
        tree.sync(folder);
        Found now = SystemCalls.statx(folder.number(), place.name());
        tree.tell(replaced ? Change.Kind.WRITTEN : Change.Kind.ADDED, holder, place, false);
        return Node.of(place.name(), now, FileTree.owner(place.space()));
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
            name(SystemCalls.RENAME_NOREPLACE);
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
            name(0);
            if (now.get().isFile() && now.get().links() == 1) {
                step.refund(now.get().size());
                removal.removed(old.id());
            }
            return true;
        }
    }

    private void name(int flags) throws SystemCalls.Failed {
        SystemCalls.renameat2(hidden.number(), name, folder.number(), place.name(), flags);
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
            tree.uploads().end(name);
            channel.close();
            hidden.close();
            folder.close();
        }
    }

    private void abandon() throws SystemCalls.Failed, IOException {
        try (Ledger.Step step = tree.step(place.space())) {
            long size = channel.size();
            SystemCalls.unlinkat(hidden.number(), name, 0);
            step.refund(size);
        }
    }
}
