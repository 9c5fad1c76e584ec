package org.portolan.stores.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.stores.Account;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Right;
import org.portolan.stores.Spaces.Space;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.FileProblem.Kind;

/**
 * The file tree as one visitor sees it through one protocol.
 *
 * <pre>
 *   /            what there is for this visitor
 *   /home        the account's own
 *   /shared/NAME each shared folder in which the account has a right
 *   /public      for everybody to read
 *   /drop        to leave something in: what is there is not shown, and not overwritten
 * </pre>
 *
 * Where one folder is all there is, it is the root.
 *
 * Verbs return when what they did is on disk, and may be called from any thread. Where one throws,
 * nothing was done.
 */
public final class View {
    private static final String HOME = "home";
    private static final String SHARED = "shared";
    private static final String PUBLIC = "public";
    private static final String DROP = "drop";

    /** What may be done in a space. */
    private record Rights(boolean reads, boolean changes, boolean adds) {
        static final Rights NONE = new Rights(false, false, false);
        static final Rights ALL = new Rights(true, true, true);

        Rights and(Right right) {
            return switch (right) {
                case READ -> new Rights(true, changes, adds);
                case WRITE -> ALL;
                case DROP -> new Rights(reads, changes, true);
            };
        }

        boolean any() {
            return reads || changes || adds;
        }
    }

    private final FileTree tree;
    private final Optional<Account> account;
    private final Holder holder;

    View(FileTree tree, Optional<Account> account, Holder holder) {
        this.tree = tree;
        this.account = account;
        this.holder = holder;
    }

    /** Where a visitor begins: at home, or where everybody may be. */
    public TreePath start() {
        return account.isPresent() && !tree.isAlone() ? TreePath.ROOT.child(HOME) : TreePath.ROOT;
    }

    /** The public folder, where protocols without log-ins begin. */
    public TreePath publicFolder() {
        return tree.isAlone() ? TreePath.ROOT : TreePath.ROOT.child(PUBLIC);
    }

    /** The folder to leave something in. */
    public TreePath dropFolder() {
        return tree.isAlone() ? TreePath.ROOT : TreePath.ROOT.child(DROP);
    }

    public Holder holder() {
        return holder;
    }

    FileTree tree() {
        return tree;
    }

    // ---- where paths lead, and who may

    private Rights rights(Space space) throws FileProblem {
        if (space.kind() == Spaces.Kind.HOME) {
            boolean own =
                    account.isPresent()
                            && space.account().isPresent()
                            && space.account().getAsLong() == account.get().id();
            return own ? Rights.ALL : Rights.NONE;
        }
        Rights rights = granted(Rights.NONE, space);
        return tree.isAlone() ? granted(rights, tree.spaces().dropSpace()) : rights;
    }

    private Rights granted(Rights before, Space space) throws FileProblem {
        Rights rights = before;
        for (Map.Entry<String, Right> grant : space.grants().entrySet()) {
            if (isMeant(grant.getKey())) {
                rights = rights.and(grant.getValue());
            }
        }
        return rights;
    }

    private boolean isMeant(String grantee) throws FileProblem {
        if (grantee.equals(Spaces.EVERYBODY) || account.isEmpty()) {
            return grantee.equals(Spaces.EVERYBODY);
        }
        if (grantee.equals(Spaces.ACCOUNTS) || grantee.equals(Spaces.grantee(account.get()))) {
            return true;
        }
        if (!grantee.startsWith(Spaces.grantee(""))) {
            return false;
        }
        try {
            String group = grantee.substring(Spaces.grantee("").length());
            return tree.groups().of(account.get()).contains(group);
        } catch (StoreException e) {
            throw FileProblem.of(e);
        }
    }

    /** The folders that lie nowhere: the root, and the one that the shared folders are in. */
    private boolean isAbove(TreePath path) {
        return !tree.isAlone() && (path.isRoot() || path.names().equals(List.of(SHARED)));
    }

    /** Where {@code path} leads; MISSING if that is not in a space of which this may know. */
    private Place place(TreePath path) throws FileProblem {
        Optional<Space> space = space(path);
        if (space.isEmpty() || !rights(space.get()).any()) {
            throw missing(path);
        }
        List<String> names = path.names().subList(above(path), path.names().size());
        boolean hidden = !names.isEmpty() && names.getFirst().equalsIgnoreCase(FileTree.HIDDEN);
        if (hidden) {
            throw missing(path);
        }
        return new Place(space.get(), names);
    }

    /** How many of its names lead to the space. */
    private int above(TreePath path) {
        if (tree.isAlone()) {
            return 0;
        }
        return path.names().getFirst().equals(SHARED) ? 2 : 1;
    }

    private Optional<Space> space(TreePath path) throws FileProblem {
        if (isAbove(path)) {
            return Optional.empty();
        }
        if (tree.isAlone()) {
            return Optional.of(tree.spaces().publicSpace());
        }
        return switch (path.names().getFirst()) {
            case HOME -> account.isPresent() ? Optional.of(home(account.get())) : Optional.empty();
            case SHARED -> tree.spaces().shared(path.names().get(1));
            case PUBLIC -> Optional.of(tree.spaces().publicSpace());
            case DROP -> Optional.of(tree.spaces().dropSpace());
            default -> Optional.empty();
        };
    }

    private Space home(Account owner) throws FileProblem {
        try {
            return tree.spaces().makeHome(owner);
        } catch (StoreException e) {
            throw FileProblem.of(e);
        }
    }

    private static FileProblem missing(TreePath path) {
        return new FileProblem(Kind.MISSING, path + ": there is nothing of that name");
    }

    private static FileProblem denied(TreePath path, String what) {
        return new FileProblem(Kind.DENIED, path + ": you may not " + what + " there");
    }

    private Place readable(TreePath path) throws FileProblem {
        Place place = place(path);
        if (!place.isTop() && !rights(place.space()).reads()) {
            throw missing(path); // even whether it is there is nobody's business
        }
        return place;
    }

    /** A place that may be changed and is in a folder, not one of the tops. */
    private Place changeable(TreePath path) throws FileProblem {
        if (isAbove(path)) {
            throw denied(path, "change anything");
        }
        Place place = place(path);
        Rights rights = rights(place.space());
        if (!rights.changes() || place.isTop()) {
            throw !rights.reads() && !place.isTop() ? missing(path) : denied(path, "change that");
        }
        return place;
    }

    private Place addable(TreePath path) throws FileProblem {
        boolean beside = isAbove(path.parent()) && space(path).isEmpty();
        if (isAbove(path) || beside) {
            throw denied(path, "add anything");
        }
        Place place = place(path);
        if (place.isTop()) {
            throw new FileProblem(Kind.IS_A_FOLDER, path + ": it is a folder");
        }
        if (!rights(place.space()).adds()) {
            throw denied(path, "add anything");
        }
        newName(place.name());
        return place;
    }

    private static void newName(String name) throws FileProblem {
        boolean control = name.chars().anyMatch(c -> Character.isISOControl(c));
        if (control || !Names.isText(name)) {
            throw new FileProblem(
                    Kind.BAD_NAME,
                    "a new name has to be UTF-8 without control characters such as line ends");
        }
    }

    // ---- looking

    /** What is at {@code path}; of a link what it leads to, where links are followed. */
    public Node stat(TreePath path) throws FileProblem {
        return look(path, true);
    }

    /** What is at {@code path}, a link itself included. */
    public Node lstat(TreePath path) throws FileProblem {
        return look(path, false);
    }

    private Node look(TreePath path, boolean through) throws FileProblem {
        if (isAbove(path)) {
            return tree.disk().call(path, () -> tree.above(path.name()));
        }
        Place place = readable(path);
        return tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor at = tree.at(place, through)) {
                                return Node.of(
                                        path.name(), at.look(), FileTree.owner(place.space()));
                            }
                        });
    }

    /** What is in the folder {@code path}, a page at a time. */
    public Listing list(TreePath path) throws FileProblem {
        if (isAbove(path)) {
            return new Listing(tree.disk(), path.toString(), tops(path));
        }
        Place place = readable(path);
        if (!rights(place.space()).reads()) {
            return new Listing(tree.disk(), path.toString(), List.of());
        }
        return tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor folder = tree.folder(place)) {
                                return new Listing(
                                        tree.disk(),
                                        path.toString(),
                                        FileTree.owner(place.space()),
                                        name -> !place.isTop() || !name.equals(FileTree.HIDDEN),
                                        folder.readable());
                            }
                        });
    }

    private List<Node> tops(TreePath path) throws FileProblem {
        List<TreePath> wanted = new ArrayList<>();
        List<Space> shared = new ArrayList<>();
        for (Space space : tree.spaces().shared()) {
            if (rights(space).any()) {
                shared.add(space);
            }
        }
        if (!path.isRoot()) {
            shared.forEach(space -> wanted.add(path.child(space.name())));
        } else {
            if (account.isPresent()) {
                wanted.add(path.child(HOME));
            }
            if (!shared.isEmpty()) {
                wanted.add(path.child(SHARED));
            }
            for (Space space : List.of(tree.spaces().publicSpace(), tree.spaces().dropSpace())) {
                if (rights(space).any()) {
                    wanted.add(path.child(space.name()));
                }
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (TreePath top : wanted) {
            try {
                nodes.add(stat(top));
            } catch (FileProblem e) {
                if (e.kind() != Kind.MISSING) { // an administrator removed the folder
                    throw e;
                }
            }
        }
        return nodes;
    }

    /** Whether anything may be changed or added in the folder at {@code path}. */
    public boolean isWritable(TreePath path) throws FileProblem {
        if (isAbove(path)) {
            return false;
        }
        Rights rights = rights(place(path).space());
        return rights.changes() || rights.adds();
    }

    /** Whether also what is there may be changed and removed. */
    public boolean isChangeable(TreePath path) throws FileProblem {
        return !isAbove(path) && rights(place(path).space()).changes();
    }

    /** What may be done in the folder at {@code path}; none above the folders that have rights. */
    public Set<Right> rightsIn(TreePath path) throws FileProblem {
        EnumSet<Right> all = EnumSet.noneOf(Right.class);
        if (isAbove(path)) {
            return all;
        }
        Rights rights = rights(place(path).space());
        if (rights.changes()) {
            return EnumSet.of(Right.WRITE);
        }
        if (rights.reads()) {
            all.add(Right.READ);
        }
        if (rights.adds()) {
            all.add(Right.DROP);
        }
        return all;
    }

    /** How much room there is where {@code path} lies. */
    public Room room(TreePath path) throws FileProblem {
        if (isAbove(path)) {
            return tree.disk().call(path, tree::roomAbove);
        }
        Place place = place(path);
        return tree.disk().call(path, () -> tree.room(place.space()));
    }

    /** What the link at {@code path} says. */
    public String readLink(TreePath path) throws FileProblem {
        Place place = readable(path);
        return tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor at = tree.at(place, false)) {
                                if (at.look().kind() != Node.Kind.LINK) {
                                    throw new FileProblem(
                                            Kind.UNSUPPORTED, path + ": it is not a link");
                                }
                                return SystemCalls.readlink(at.number());
                            }
                        });
    }

    // ---- opening

    /** Opens a file to be read or written at any position. */
    public OpenFile open(TreePath path, Opening opening) throws FileProblem {
        boolean changes = opening.writes() || opening.access().contains(Access.DELETE);
        Place place;
        if (opening.disposition().makes() && !isAbove(path)) {
            place = changes || rights(place(path).space()).adds() ? addable(path) : readable(path);
            dropsOnlyWhole(path, place);
        } else if (changes || opening.disposition().empties()) {
            place = changeable(path);
        } else {
            if (isAbove(path)) {
                throw new FileProblem(Kind.IS_A_FOLDER, path + ": it is a folder");
            }
            place = readable(path);
        }
        return tree.disk().call(path, () -> opened(place, opening));
    }

    /** Who may only add cannot open anything twice, so what is added comes in one piece. */
    private void dropsOnlyWhole(TreePath path, Place place) throws FileProblem {
        if (!rights(place.space()).changes()) {
            throw denied(path, "do more than upload whole files");
        }
    }

    private OpenFile opened(Place place, Opening opening)
            throws FileProblem, SystemCalls.Failed, IOException {
        Opening.Disposition disposition = opening.disposition();
        if (disposition.makes() && !place.isTop()) {
            try (Descriptor folder = tree.folderOf(place);
                    Descriptor made = make(folder, place.name())) {
                return held(place, opening, made, true);
            } catch (SystemCalls.Failed e) {
                if (e.errno != SystemCalls.EEXIST || disposition == Opening.Disposition.NEW) {
                    throw e;
                }
            }
        }
        try (Descriptor at = tree.at(place, true)) {
            return held(place, opening, at, false);
        }
    }

    static Descriptor make(Descriptor folder, String name) throws SystemCalls.Failed {
        int flags =
                SystemCalls.O_CREAT
                        | SystemCalls.O_EXCL
                        | SystemCalls.O_WRONLY
                        | SystemCalls.O_NOFOLLOW;
        return new Descriptor(SystemCalls.openat(folder.number(), name, flags, FileTree.NEW_FILE));
    }

    private OpenFile held(Place place, Opening opening, Descriptor at, boolean made)
            throws FileProblem, SystemCalls.Failed, IOException {
        Found found = at.look();
        served(place, found);
        LockTable.Hold hold =
                tree.locks()
                        .open(
                                found.id(),
                                place.where(),
                                holder,
                                opening.access(),
                                opening.shared());
        boolean whole = false;
        try {
            if (at.look().links() == 0) { // removed since it was found
                throw new FileProblem(Kind.MISSING, place + ": there is nothing of that name");
            }
            FileChannel channel = at.channel(options(opening));
            OpenFile file = new OpenFile(tree, holder, place, hold, channel, made);
            if (opening.disposition().empties() && found.size() > 0) {
                try {
                    file.truncateNow(0);
                } catch (FileProblem | SystemCalls.Failed | IOException e) {
                    channel.close();
                    throw e;
                }
            }
            whole = true;
            tree.opened(place, holder, opening.access());
            if (made) {
                tree.tellBegun(holder, place);
            }
            return file;
        } finally {
            if (!whole) {
                hold.close(null);
            }
        }
    }

    private static void served(Place place, Found found) throws FileProblem {
        if (found.isFolder()) {
            throw new FileProblem(Kind.IS_A_FOLDER, place + ": it is a folder");
        }
        if (!found.isFile() || found.setsId()) {
            throw new FileProblem(Kind.NOT_SERVED, place + ": it is no file that is served");
        }
    }

    private static Set<StandardOpenOption> options(Opening opening) {
        Set<StandardOpenOption> options = EnumSet.noneOf(StandardOpenOption.class);
        if (opening.access().contains(Access.READ) || !opening.writes()) {
            options.add(StandardOpenOption.READ);
        }
        if (opening.writes() || opening.disposition().empties()) {
            options.add(StandardOpenOption.WRITE);
        }
        return options;
    }

    // ---- uploading

    /**
     * Begins to take a file, instead of the one that may be there. When it becomes visible, and
     * what stays of it if it breaks off, is a setting; who may only add always adds whole files.
     */
    public Upload upload(TreePath path) throws FileProblem {
        Place place = addable(path);
        boolean replaces = rights(place.space()).changes();
        boolean whole = tree.rules().uploads() == FileRules.Uploads.WHOLE || !replaces;
        return tree.disk()
                .call(
                        path,
                        () ->
                                new Upload(
                                        tree,
                                        place,
                                        whole
                                                ? WholeFile.begin(tree, holder, place, replaces)
                                                : new InPlace(tree, emptied(place), place, 0)));
    }

    private OpenFile emptied(Place place) throws FileProblem, SystemCalls.Failed, IOException {
        return opened(place, forUpload(Opening.Disposition.EMPTIED_OR_NEW));
    }

    /** Others may read what comes, and not write into it. */
    private static Opening forUpload(Opening.Disposition disposition) {
        return new Opening(
                EnumSet.of(Access.WRITE), EnumSet.of(Access.READ, Access.DELETE), disposition);
    }

    /**
     * Goes on with a file that is there, in place, whatever the setting: what comes is written from
     * {@code from}, and where it ends the file ends. What breaks off stays, to be resumed again.
     *
     * @throws FileProblem BAD_RANGE if the file is shorter than that, MISSING if there is none
     */
    public Upload resume(TreePath path, long from) throws FileProblem {
        Place place = changeable(path);
        return tree.disk()
                .call(
                        path,
                        () -> {
                            OpenFile file = opened(place, forUpload(Opening.Disposition.EXISTING));
                            long size = file.channel().size();
                            if (from < 0 || from > size) {
                                file.closeNow();
                                throw new FileProblem(
                                        Kind.BAD_RANGE,
                                        "%s has %d bytes, so nothing can begin at %d"
                                                .formatted(path, size, from));
                            }
                            return new Upload(tree, place, new InPlace(tree, file, place, from));
                        });
    }

    /** Goes on at the end of a file, in place; a new one if there is none. */
    public Upload append(TreePath path) throws FileProblem {
        Place place = addable(path);
        dropsOnlyWhole(path, place);
        return tree.disk()
                .call(
                        path,
                        () -> {
                            OpenFile file = opened(place, forUpload(Opening.Disposition.ANY));
                            long size = file.channel().size();
                            return new Upload(tree, place, new InPlace(tree, file, place, size));
                        });
    }

    // ---- changing names

    /** Makes a folder; the one above it must be there. */
    public Node makeFolder(TreePath path) throws FileProblem {
        Place place = addable(path);
        dropsOnlyWhole(path, place);
        return tree.disk()
                .call(
                        path,
                        () -> {
                            Found found;
                            try (Descriptor folder = tree.folderOf(place)) {
                                SystemCalls.mkdirat(
                                        folder.number(), place.name(), FileTree.NEW_FOLDER);
                                found = SystemCalls.statx(folder.number(), place.name());
                                tree.sync(folder);
                            }
                            tree.tell(Change.Kind.ADDED, holder, place, true);
                            return Node.of(place.name(), found, FileTree.owner(place.space()));
                        });
    }

    /** Removes a folder that has nothing in it. */
    public void removeFolder(TreePath path) throws FileProblem {
        Place place = changeable(path);
        tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor folder = tree.folderOf(place)) {
                                SystemCalls.unlinkat(
                                        folder.number(), place.name(), SystemCalls.AT_REMOVEDIR);
                                tree.sync(folder);
                            }
                            tree.tell(Change.Kind.REMOVED, holder, place, true);
                            return true;
                        });
    }

    /** Removes a file, link or whatever is no folder. */
    public void remove(TreePath path) throws FileProblem {
        Place place = changeable(path);
        tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor folder = tree.folderOf(place)) {
                                unlink(place, folder);
                                tree.sync(folder);
                            }
                            tree.tell(Change.Kind.REMOVED, holder, place, false);
                            return true;
                        });
    }

    private void unlink(Place place, Descriptor folder) throws FileProblem, SystemCalls.Failed {
        Found found = SystemCalls.statx(folder.number(), place.name());
        if (found.isFolder()) {
            throw new FileProblem(Kind.IS_A_FOLDER, place + ": it is a folder");
        }
        try (Ledger.Step step = tree.step(place.space());
                LockTable.Removal removal = tree.locks().removing(Set.of(found.id()))) {
            Found now = SystemCalls.statx(folder.number(), place.name());
            if (!now.id().equals(found.id())) {
                throw new FileProblem(Kind.IN_USE, place + ": somebody replaced it just now");
            }
            SystemCalls.unlinkat(folder.number(), place.name(), 0);
            if (now.isFile() && now.links() == 1) {
                step.refund(now.size());
                removal.removed(now.id());
            }
        }
    }

    /**
     * Gives a file or folder another name, maybe in another folder.
     *
     * @param replaces whether a file that has the new name is replaced, in one step; an empty
     *     folder by a folder
     */
    public void rename(TreePath from, TreePath to, boolean replaces) throws FileProblem {
        Place old = changeable(from);
        Place fresh = addable(to);
        dropsOnlyWhole(to, fresh);
        if (to.isIn(from) && !to.equals(from)) {
            throw denied(to, "put a folder into itself");
        }
        tree.disk()
                .call(
                        from,
                        () -> {
                            new Renaming(tree, holder, old, fresh, replaces).run();
                            return true;
                        });
    }

    /** Gives a file one more name; a setting allows it. */
    public void link(TreePath existing, TreePath name) throws FileProblem {
        linksAreMade(name);
        Place old = changeable(existing);
        Place fresh = addable(name);
        dropsOnlyWhole(name, fresh);
        if (old.space().id() != fresh.space().id()) {
            throw new FileProblem(
                    Kind.ELSEWHERE, name + ": a file's names have to be in one space");
        }
        tree.disk()
                .call(
                        name,
                        () -> {
                            try (Descriptor at = tree.at(old, false);
                                    Descriptor folder = tree.folderOf(fresh)) {
                                served(old, at.look());
                                SystemCalls.link(at.number(), folder.number(), fresh.name());
                                tree.sync(folder);
                            }
                            tree.tell(Change.Kind.ADDED, holder, fresh, false);
                            return true;
                        });
    }

    /** Makes a symbolic link; a setting allows it. It may say anything, and leads nowhere else. */
    public void symlink(String target, TreePath name) throws FileProblem {
        linksAreMade(name);
        Place fresh = addable(name);
        dropsOnlyWhole(name, fresh);
        boolean strange = target.isEmpty() || target.indexOf('\0') >= 0;
        if (strange || Names.bytes(target).length > Names.LONGEST_PATH) {
            throw new FileProblem(Kind.BAD_NAME, "a link cannot say that");
        }
        tree.disk()
                .call(
                        name,
                        () -> {
                            try (Descriptor folder = tree.folderOf(fresh)) {
                                SystemCalls.symlinkat(target, folder.number(), fresh.name());
                                tree.sync(folder);
                            }
                            tree.tell(Change.Kind.ADDED, holder, fresh, false);
                            return true;
                        });
    }

    private void linksAreMade(TreePath name) throws FileProblem {
        if (tree.rules().links() != FileRules.Links.MADE) {
            throw new FileProblem(
                    Kind.UNSUPPORTED, name + ": links are not made here (files.make_links)");
        }
    }

    /** Sets times and mode of a file or folder, and the size of a file. */
    public void set(TreePath path, Attributes wanted) throws FileProblem {
        Place place = changeable(path);
        if (wanted.size().isPresent()) {
            Opening opening =
                    new Opening(EnumSet.of(Access.WRITE), Access.ALL, Opening.Disposition.EXISTING);
            try (OpenFile file = open(path, opening)) {
                file.truncate(wanted.size().getAsLong());
                file.sync();
            }
        }
        tree.disk()
                .call(
                        path,
                        () -> {
                            try (Descriptor at = tree.at(place, true)) {
                                FileTree.setAttributes(at, wanted);
                                tree.tell(
                                        Change.Kind.ATTRIBUTES,
                                        holder,
                                        place,
                                        at.look().isFolder());
                            }
                            return true;
                        });
    }

    /** Returns when the names in the folder {@code path} are on disk. */
    public void sync(TreePath path) throws FileProblem {
        if (!isAbove(path)) {
            Place place = readable(path);
            tree.disk()
                    .call(
                            path,
                            () -> {
                                tree.syncFolder(place);
                                return true;
                            });
        }
    }

    /** The names of the shared folders in which this visitor has a right. */
    public Set<String> sharedFolders() throws FileProblem {
        Set<String> names = new HashSet<>();
        for (Space space : tree.spaces().shared()) {
            if (rights(space).any()) {
                names.add(space.name());
            }
        }
        return names;
    }
}
