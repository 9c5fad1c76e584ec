package org.portolan.stores.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, page by page in no order, so that a million files take the memory of a few
 * hundred. What is added or removed meanwhile is in it or not.
 */
public final class Listing implements AutoCloseable {
    private static final int PAGE = 32 * 1024;
    private static final int NAME_AT = 19;

    private final DiskThreads disk;
    private final String where;
    private final String owner;
    private final Predicate<String> shown;
    private final @Nullable Descriptor folder;
    private @Nullable List<Node> first;
    private @Nullable CompletableFuture<List<Node>> next;

    /** Of an open folder. */
    Listing(
            DiskThreads disk,
            String where,
            String owner,
            Predicate<String> shown,
            Descriptor folder) {
        this.disk = disk;
        this.where = where;
        this.owner = owner;
        this.shown = shown;
        this.folder = folder;
    }

    /** Of these and nothing more. */
    Listing(DiskThreads disk, String where, List<Node> all) {
        this.disk = disk;
        this.where = where;
        this.owner = "";
        this.shown = name -> true;
        this.folder = null;
        this.first = all;
    }

    /** The next of them, some hundred; empty at the end. One page is read ahead. */
    public List<Node> page() throws FileProblem {
        List<Node> known = first;
        if (known != null) {
            first = null;
            return known;
        }
        Descriptor open = folder;
        if (open == null) {
            return List.of();
        }
        CompletableFuture<List<Node>> coming = next;
        List<Node> page =
                DiskThreads.wait(coming != null ? coming : disk.begin(where, () -> read(open)));
        next =
                page.isEmpty()
                        ? CompletableFuture.completedFuture(page)
                        : disk.begin(where, () -> read(open));
        return page;
    }

    private List<Node> read(Descriptor open) throws SystemCalls.Failed {
        List<Node> nodes = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(PAGE, 8);
            SystemCalls.Looks looks = new SystemCalls.Looks(arena);
            while (nodes.isEmpty()) {
                long length = SystemCalls.getdents64(open.number(), page);
                if (length == 0) {
                    break;
                }
                for (long at = 0; at < length; at += entryLength(page, at)) {
                    String name = name(page, at + NAME_AT);
                    if (!isDots(name) && shown.test(name)) {
                        look(open, looks, page.asSlice(at + NAME_AT), name, nodes);
                    }
                }
            }
        }
        return nodes;
    }

    private void look(
            Descriptor open,
            SystemCalls.Looks looks,
            MemorySegment nameAt,
            String name,
            List<Node> nodes)
            throws SystemCalls.Failed {
        try {
            nodes.add(Node.of(name, looks.at(open.number(), nameAt), owner));
        } catch (SystemCalls.Failed e) {
            if (e.errno != SystemCalls.ENOENT) { // else it went since its name was read
                throw e;
            }
        }
    }

    /**
     * The next names in a folder that is open for reading; none at the end.
     *
     * <pre>
     *   struct linux_dirent64: 0 inode | 8 offset | 16 length of this (16 bits) | 18 type | 19 name
     * </pre>
     */
    static List<String> names(int folder) throws SystemCalls.Failed {
        List<String> names = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(PAGE, 8);
            while (names.isEmpty()) {
                long length = SystemCalls.getdents64(folder, page);
                if (length == 0) {
                    return names;
                }
                for (long at = 0; at < length; at += entryLength(page, at)) {
                    String name = name(page, at + NAME_AT);
                    if (!isDots(name)) {
                        names.add(name);
                    }
                }
            }
        }
        return names;
    }

    private static int entryLength(MemorySegment page, long at) {
        return Short.toUnsignedInt(page.get(JAVA_SHORT, at + 16));
    }

    private static boolean isDots(String name) {
        return name.equals(".") || name.equals("..");
    }

    private static String name(MemorySegment page, long from) {
        long end = from;
        while (page.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return Names.text(page.asSlice(from, end - from).toArray(JAVA_BYTE));
    }

    @Override
    public void close() {
        if (next != null) {
            next.handle((page, problem) -> page).join(); // nobody reads what is closed
        }
        if (folder != null) {
            folder.close();
        }
    }
}
