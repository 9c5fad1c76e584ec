package org.portolan.stores.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.stores.Account;
import org.portolan.stores.PrivateFiles;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Space;
import org.portolan.stores.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's files: ordinary ones below DATA/files, seen by each visitor as one tree. Protocols
 * take a {@link View} and call its verbs, which return when what they did is on disk.
 */
public final class FileTree implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileTree.class);

    /** Where uploads lie in their space until they are whole; nobody sees it. */
    static final String HIDDEN = ".portolan";

    /** What begins so is being deleted. */
    private static final String GONE = ".gone-";

    static final int NEW_FILE = 0600;
    static final int NEW_FOLDER = 0700;

    /** Which groups somebody is in. */
    public interface Groups {
        Set<String> of(Account account) throws StoreException;
    }

    /** Somebody who wants to know what is opened; whole uploads are none before they are whole. */
    public interface Observer {
        /**
         * Called by the thread that opens the file, so it must not wait.
         *
         * @param where its path below DATA/files
         */
        void opened(Holder by, String where, Set<Access> access);
    }

    private final Path root;
    private final Spaces spaces;
    private final Groups groups;
    private final InstantSource clock;
    private final DiskThreads disk = new DiskThreads();
    private final Buffers buffers = new Buffers();
    private final FolderSyncs syncs = new FolderSyncs();
    private final Resolver resolver;
    private final LockTable locks;
    private final Uploads uploads;
    private final Changes changes = new Changes();
    private final Map<Long, Ledger> ledgers = new ConcurrentHashMap<>();
    private final Set<Long> swept = ConcurrentHashMap.newKeySet();
    private final AtomicLong sweptFiles = new AtomicLong();
    private final boolean alone;
    private volatile FileRules rules;
    private volatile Observer observer = (by, where, access) -> {};

    /**
     * Opens the tree below {@code data}/files.
     *
     * @param groups asked whenever somebody's rights in a shared folder matter
     */
    public FileTree(Path data, Spaces spaces, Groups groups, FileRules rules, InstantSource clock)
            throws IOException {
        this(data, spaces, groups, rules, clock, new Resolver(false), false);
    }

    /**
     * Opens a tree that has one folder, which is its root: {@code folder}, as the public space of
     * {@code data}, with what may be done in the public and in the drop space. It is somebody
     * else's folder, which another process may serve as well: nothing in it is swept away.
     */
    public static FileTree alone(
            Path data,
            Path folder,
            Spaces spaces,
            Groups groups,
            FileRules rules,
            InstantSource clock)
            throws IOException {
        Path place = PrivateFiles.folder(data.resolve("files")).resolve("public");
        Files.deleteIfExists(place);
        Files.createSymbolicLink(place, folder.toRealPath());
        return new FileTree(data, spaces, groups, rules, clock, new Resolver(false), true);
    }

    FileTree(
            Path data,
            Spaces spaces,
            Groups groups,
            FileRules rules,
            InstantSource clock,
            Resolver resolver,
            boolean alone)
            throws IOException {
        if (!SystemCalls.supported()) {
            throw new IOException("the file tree needs Linux on a 64-bit x86 or ARM machine");
        }
        this.root = PrivateFiles.folder(data.resolve("files"));
        this.spaces = spaces;
        this.groups = groups;
        this.rules = rules;
        this.clock = clock;
        this.resolver = resolver;
        this.alone = alone;
        this.locks = new LockTable(clock);
        this.uploads = new Uploads(clock);
        for (String name : List.of("homes", "shared", "public", "drop")) {
            PrivateFiles.folder(root.resolve(name));
        }
        configure(rules);
    }

    /** Takes what the settings say now. */
    public void configure(FileRules wanted) {
        rules = wanted;
        resolver.follow(wanted.links() != FileRules.Links.IGNORED);
        ledgers.forEach((id, ledger) -> spaces.space(id).ifPresent(s -> ledger.limit(quota(s))));
    }

    FileRules rules() {
        return rules;
    }

    /** Whether one folder is all there is. */
    boolean isAlone() {
        return alone;
    }

    /** Lets {@code wanted} hear of every file that somebody opens. */
    public void observe(Observer wanted) {
        observer = wanted;
    }

    void opened(Place place, Holder by, Set<Access> access) {
        observer.opened(by, place.where(), access);
    }

    /** Makes a shared folder, in which nobody has a right yet. */
    public Space share(String name) throws StoreException {
        Space made = spaces.share(name);
        try {
            disk.call(
                    folder(made),
                    () -> {
                        make(root.resolve(folder(made)));
                        return true;
                    });
        } catch (FileProblem e) {
            spaces.remove(made);
            throw new StoreException(StoreException.Kind.BROKEN, String.valueOf(e.getMessage()), e);
        }
        return made;
    }

    /**
     * The tree as {@code account} sees it.
     *
     * @param protocol as in the settings: {@code ftp}
     * @param conversation its id, for those who ask who has something open
     */
    public View view(Account account, String protocol, String conversation) {
        return new View(
                this, Optional.of(account), new Holder(account.name(), protocol, conversation));
    }

    /** The tree as everybody sees it who did not log in: the public folder, and what is granted. */
    public View strangersView(String protocol, String conversation) {
        return new View(this, Optional.empty(), new Holder("", protocol, conversation));
    }

    /** Who has what open. */
    public LockTable locks() {
        return locks;
    }

    /** Everybody who has a file open or is uploading one, by path. */
    public List<LockTable.Held> holding() {
        List<LockTable.Held> all = new ArrayList<>(locks.holding());
        all.addAll(uploads.underWay());
        all.sort(Comparator.comparing(LockTable.Held::where));
        return all;
    }

    /** What changes, for those who listen. */
    public Changes changes() {
        return changes;
    }

    Buffers buffers() {
        return buffers;
    }

    /** The spaces, with their rights and quotas. */
    public Spaces spaces() {
        return spaces;
    }

    Uploads uploads() {
        return uploads;
    }

    Groups groups() {
        return groups;
    }

    DiskThreads disk() {
        return disk;
    }

    Resolver resolver() {
        return resolver;
    }

    InstantSource clock() {
        return clock;
    }

    /** The path of a space below DATA/files. */
    public static String folder(Space space) {
        return switch (space.kind()) {
            case HOME -> "homes/" + space.name();
            case SHARED -> "shared/" + space.name();
            case PUBLIC -> "public";
            case DROP -> "drop";
        };
    }

    /** Where something lies whose path below DATA/files is {@code where}. */
    private Optional<Place> placed(String where) {
        List<String> names = List.of(where.split("/"));
        for (Space space : spaces.list()) {
            List<String> folder = List.of(folder(space).split("/"));
            boolean in =
                    names.size() >= folder.size() && names.subList(0, folder.size()).equals(folder);
            if (in) {
                return Optional.of(new Place(space, names.subList(folder.size(), names.size())));
            }
        }
        return Optional.empty();
    }

    // ---- what lies where; on threads that may wait

    /** The top of a space; made now if it is a home that nobody used yet. */
    Descriptor top(Space space) throws SystemCalls.Failed {
        Path path = root.resolve(folder(space));
        int flags = SystemCalls.O_PATH | SystemCalls.O_DIRECTORY;
        Descriptor top;
        try {
            top =
                    new Descriptor(
                            SystemCalls.openat(SystemCalls.AT_FDCWD, path.toString(), flags, 0));
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.ENOENT || space.kind() != Spaces.Kind.HOME) {
                throw e;
            }
            make(path);
            top =
                    new Descriptor(
                            SystemCalls.openat(SystemCalls.AT_FDCWD, path.toString(), flags, 0));
        }
        if (!alone && !swept.contains(space.id())) {
            sweep(space, top);
        }
        return top;
    }

    private void make(Path folder) throws SystemCalls.Failed {
        try {
            SystemCalls.mkdirat(SystemCalls.AT_FDCWD, folder.toString(), NEW_FOLDER);
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.EEXIST) { // else somebody was a moment faster
                throw e;
            }
        }
        int flags = SystemCalls.O_PATH | SystemCalls.O_DIRECTORY;
        try (Descriptor above =
                new Descriptor(
                        SystemCalls.openat(
                                SystemCalls.AT_FDCWD,
                                String.valueOf(folder.getParent()),
                                flags,
                                0))) {
            syncs.sync(above);
        }
    }

    /** The folder {@code place} is in. */
    Descriptor folderOf(Place place) throws SystemCalls.Failed {
        return folder(place.parent());
    }

    Descriptor folder(Place place) throws SystemCalls.Failed {
        try (Descriptor top = top(place.space())) {
            return resolver.folder(top, place.names());
        }
    }

    Descriptor at(Place place, boolean through) throws SystemCalls.Failed {
        try (Descriptor top = top(place.space())) {
            return resolver.place(top, place.names(), through);
        }
    }

    /** The folder for uploads of a space. */
    Descriptor hidden(Space space) throws SystemCalls.Failed {
        int flags = SystemCalls.O_PATH | SystemCalls.O_DIRECTORY | SystemCalls.O_NOFOLLOW;
        try (Descriptor top = top(space)) {
            try {
                return new Descriptor(SystemCalls.openat(top.number(), HIDDEN, flags, 0));
            } catch (SystemCalls.Failed e) {
                if (e.errno != SystemCalls.ENOENT) {
                    throw e;
                }
            }
            try {
                SystemCalls.mkdirat(top.number(), HIDDEN, NEW_FOLDER);
            } catch (SystemCalls.Failed e) {
                if (e.errno != SystemCalls.EEXIST) { // else somebody was a moment faster
                    throw e;
                }
            }
            return new Descriptor(SystemCalls.openat(top.number(), HIDDEN, flags, 0));
        }
    }

    void syncFolder(Place folder) throws SystemCalls.Failed {
        try (Descriptor open = folder(folder)) {
            syncs.sync(open);
        }
    }

    void sync(Descriptor folder) throws SystemCalls.Failed {
        syncs.sync(folder);
    }

    /** What is at {@code place}, as long as it is the file {@code id}. */
    Node node(Place place, FileId id) throws SystemCalls.Failed {
        try (Descriptor at = same(place, id)) {
            return Node.of(place.name(), at.look(), owner(place.space()));
        }
    }

    private Descriptor same(Place place, FileId id) throws SystemCalls.Failed {
        Descriptor at = at(place, true);
        if (at.look().id().equals(id)) {
            return at;
        }
        at.close();
        throw new SystemCalls.Failed("open", SystemCalls.ENOENT);
    }

    /** A folder above the spaces. */
    Node above(String name) throws SystemCalls.Failed {
        try (Descriptor at = above()) {
            return Node.of(name, at.look(), "");
        }
    }

    private Descriptor above() throws SystemCalls.Failed {
        int flags = SystemCalls.O_PATH | SystemCalls.O_DIRECTORY;
        return new Descriptor(SystemCalls.openat(SystemCalls.AT_FDCWD, root.toString(), flags, 0));
    }

    Room roomAbove() throws SystemCalls.Failed {
        try (Descriptor at = above();
                Descriptor readable = at.readable()) {
            SystemCalls.DiskSpace disk = SystemCalls.fstatvfs(readable.number());
            return new Room(disk.total(), disk.free(), 0, 0);
        }
    }

    /** Whichever ends first, the quota or the disk. */
    Room room(Space space) throws SystemCalls.Failed {
        try (Descriptor at = top(space);
                Descriptor readable = at.readable()) {
            SystemCalls.DiskSpace disk = SystemCalls.fstatvfs(readable.number());
            long limit = ledger(space).limit();
            if (limit == 0) {
                return new Room(disk.total(), disk.free(), 0, 0);
            }
            long used = used(space);
            return new Room(limit, Math.min(disk.free(), Math.max(0, limit - used)), used, limit);
        }
    }

    static String owner(Space space) {
        return space.name();
    }

    void setAttributes(Place place, FileId id, Attributes wanted)
            throws SystemCalls.Failed, IOException {
        try (Descriptor at = same(place, id)) {
            setAttributes(at, wanted);
        }
    }

    /** Sets all but the size, and returns when it is on disk. */
    static void setAttributes(Descriptor at, Attributes wanted)
            throws SystemCalls.Failed, IOException {
        Found now = at.look();
        if (wanted.mode().isPresent()) {
            SystemCalls.chmod(at.number(), wanted.mode().getAsInt() & 0777);
        }
        if (wanted.modified().isPresent() || wanted.accessed().isPresent()) {
            SystemCalls.utimens(
                    at.number(),
                    wanted.accessed().orElse(now.accessed()),
                    wanted.modified().orElse(now.modified()));
        }
        syncAttributes(at, now);
    }

    private static void syncAttributes(Descriptor at, Found found) throws SystemCalls.Failed {
        if (found.isFolder()) {
            try (Descriptor readable = at.readable()) {
                SystemCalls.fsync(readable.number());
            }
            return;
        }
        String path = SystemCalls.reopened(at.number());
        int flags = SystemCalls.O_RDONLY | SystemCalls.O_NONBLOCK;
        try (Descriptor open =
                new Descriptor(SystemCalls.openat(SystemCalls.AT_FDCWD, path, flags, 0))) {
            SystemCalls.fsync(open.number());
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.EACCES) { // its mode forbids even us to open it now
                throw e;
            }
        }
    }

    // ---- quotas

    private long quota(Space space) {
        FileRules now = rules;
        return switch (space.kind()) {
            case HOME -> space.quota().orElse(now.homeQuota());
            case SHARED, DROP -> space.quota().orElse(now.sharedQuota());
            case PUBLIC -> space.quota().orElse(0);
        };
    }

    Ledger ledger(Space space) {
        return ledgers.computeIfAbsent(
                space.id(),
                id -> {
                    Ledger ledger = new Ledger();
                    ledger.limit(quota(spaces.space(id).orElse(space)));
                    return ledger;
                });
    }

    Ledger.Step step(Space space) throws SystemCalls.Failed {
        return ledger(space).step(() -> count(space));
    }

    long used(Space space) throws SystemCalls.Failed {
        return ledger(space).used(() -> count(space));
    }

    private long count(Space space) throws SystemCalls.Failed {
        try (Descriptor top = top(space)) {
            return bytesBelow(top) + uploads.unseen(space);
        }
    }

    /** How many bytes the files below {@code folder} have, each file once whatever its names. */
    static long bytesBelow(Descriptor folder) throws SystemCalls.Failed {
        long bytes = 0;
        Set<FileId> linked = new HashSet<>();
        Resolver steady = new Resolver(false); // follows no links
        Deque<List<String>> left = new ArrayDeque<>();
        left.push(List.of());
        while (!left.isEmpty()) {
            List<String> path = left.pop();
            try (Descriptor place = steady.folder(folder, path);
                    Descriptor open = place.readable()) {
                for (List<String> names = Listing.names(open.number());
                        !names.isEmpty();
                        names = Listing.names(open.number())) {
                    for (String name : names) {
                        Found found = SystemCalls.statx(open.number(), name);
                        if (found.isFolder()) {
                            List<String> longer = new ArrayList<>(path);
                            longer.add(name);
                            left.push(longer);
                        } else if (found.isFile()) {
                            boolean first = found.links() == 1 || linked.add(found.id());
                            bytes += first ? found.size() : 0;
                        }
                    }
                }
            }
        }
        return bytes;
    }

    // ---- what administrators do

    /** Sets the quota of a space, as {@link Spaces#limit} does, from now on. */
    public void limit(Space space, OptionalLong bytes) throws StoreException {
        spaces.limit(space, bytes);
        spaces.space(space.id()).ifPresent(now -> ledger(now).limit(quota(now)));
    }

    /** How many bytes a space may hold; 0 for no limit. */
    public long limit(Space space) {
        return quota(space);
    }

    /** How many bytes a space holds, by looking at all of its files. */
    public long bytes(Space space) throws FileProblem {
        return disk.call(folder(space), () -> ledger(space).recount(() -> count(space)).now());
    }

    /**
     * Lets a shared folder be no more, or a home whose account is gone.
     *
     * @param delete whether its files are deleted; else they stay where they are on the disk
     */
    public void remove(Space space, boolean delete) throws StoreException, FileProblem {
        if (!delete) {
            spaces.remove(space);
            return;
        }
        String gone = GONE + space.id() + "-" + UUID.randomUUID();
        disk.call(
                folder(space),
                () -> {
                    try (Descriptor top = above()) {
                        // first out of sight in one step, so that a crash leaves no half of it
                        SystemCalls.renameat2(top.number(), folder(space), top.number(), gone, 0);
                    } catch (SystemCalls.Failed e) {
                        if (e.errno != SystemCalls.ENOENT) { // else there never was a file in it
                            throw e;
                        }
                    }
                    return true;
                });
        spaces.remove(space);
        sweepGone();
    }

    /** Deletes what was taken out of sight, now or before a crash. */
    private void sweepGone() throws FileProblem {
        disk.call(
                "what was removed",
                () -> {
                    try (Descriptor top = above();
                            Descriptor open = top.readable()) {
                        List<String> gone = new ArrayList<>();
                        for (List<String> names = Listing.names(open.number());
                                !names.isEmpty();
                                names = Listing.names(open.number())) {
                            names.stream().filter(n -> n.startsWith(GONE)).forEach(gone::add);
                        }
                        for (String name : gone) {
                            Removed.delete(top, name);
                        }
                        syncs.sync(top);
                    }
                    return true;
                });
    }

    /**
     * What is wrong, or odd, with the tree, in sentences; wrong counts are put right by it.
     *
     * @param space which of them
     */
    public List<String> check(Space space) throws FileProblem {
        return disk.call(
                folder(space),
                () -> {
                    List<String> found = new ArrayList<>();
                    try (Descriptor top = top(space)) {
                        Ledger.Recount recount = ledger(space).recount(() -> count(space));
                        if (recount.wrongBy() != 0) {
                            found.add(
                                    "%s: the count of its bytes was wrong by %d, and is %d now"
                                            .formatted(
                                                    folder(space),
                                                    recount.wrongBy(),
                                                    recount.now()));
                        }
                        if (limit(space) > 0 && recount.now() > limit(space)) {
                            found.add(
                                    "%s: it holds %d bytes, more than its quota of %d"
                                            .formatted(folder(space), recount.now(), limit(space)));
                        }
                        found.addAll(Oddities.of(top, folder(space), uploads));
                    } catch (SystemCalls.Failed e) {
                        if (e.errno != SystemCalls.ENOENT) {
                            throw e;
                        }
                        found.add(folder(space) + ": the folder is not there");
                    }
                    return found;
                });
    }

    // ---- what a crash left

    /** Removes uploads that no run of this process can go on with. */
    private synchronized void sweep(Space space, Descriptor top) throws SystemCalls.Failed {
        if (!swept.add(space.id())) {
            return;
        }
        int flags = SystemCalls.O_RDONLY | SystemCalls.O_DIRECTORY | SystemCalls.O_NOFOLLOW;
        try (Descriptor hidden =
                new Descriptor(SystemCalls.openat(top.number(), HIDDEN, flags, 0))) {
            for (List<String> names = Listing.names(hidden.number());
                    !names.isEmpty();
                    names = Listing.names(hidden.number())) {
                for (String name : names) {
                    SystemCalls.unlinkat(hidden.number(), name, 0);
                    sweptFiles.incrementAndGet();
                }
            }
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.ENOENT) { // else nobody ever uploaded anything
                throw e;
            }
        }
    }

    /** Removes what a crash left of uploads, in every space; returns how many in this run. */
    public long sweep() throws FileProblem {
        sweepGone();
        return disk.call(
                "uploads that broke off",
                () -> {
                    for (Space space : spaces.list()) {
                        try {
                            top(space).close();
                        } catch (SystemCalls.Failed e) {
                            if (e.errno != SystemCalls.ENOENT) { // an administrator removed it
                                throw e;
                            }
                        }
                    }
                    return sweptFiles.get();
                });
    }

    // ---- what is told

    void tell(Change.Kind kind, Holder by, Place place, boolean folder) {
        tell(kind, by, place, folder, true);
    }

    /** Somebody has a new file open. */
    void tellBegun(Holder by, Place place) {
        tell(Change.Kind.ADDED, by, place, false, false);
    }

    private void tell(Change.Kind kind, Holder by, Place place, boolean folder, boolean whole) {
        long space = place.space().id();
        changes.tell(new Change(kind, by, space, place.names(), space, List.of(), folder, whole));
    }

    /** Deletes a file that was to be deleted when the last who had it open let go. */
    void deleteLetGo(Holder by, String where, FileId id) {
        Optional<Place> known = placed(where);
        if (known.isEmpty()) {
            return;
        }
        Place place = known.get();
        try (Descriptor folder = folderOf(place)) {
            Found found = SystemCalls.statx(folder.number(), place.name());
            if (!found.id().equals(id)) {
                return;
            }
            try (Ledger.Step step = step(place.space())) {
                SystemCalls.unlinkat(folder.number(), place.name(), 0);
                step.refund(found.links() == 1 ? found.size() : 0);
            }
            syncs.sync(folder);
            tell(Change.Kind.REMOVED, by, place, false);
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.ENOENT) { // else it is gone already, as it should be
                LOG.warn("{} could not be deleted when it was let go", where, e);
            }
        }
    }

    @Override
    public void close() {
        if (alone) {
            leaveNothing();
        }
        disk.close();
    }

    /** The folder for uploads goes with its last one; others may have some in it, and keep it. */
    private void leaveNothing() {
        try (Descriptor top = top(spaces.publicSpace())) {
            SystemCalls.unlinkat(top.number(), HIDDEN, SystemCalls.AT_REMOVEDIR);
        } catch (SystemCalls.Failed e) {
            LOG.debug("{} stays, or never was: {}", HIDDEN, e.getMessage());
        }
    }
}
