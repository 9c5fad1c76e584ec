package org.portolan.stores.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, page by page in no order, so that a million files take the memory of a few
 * hundred. What is added or removed meanwhile is in it or not.
 */
public final class Listing implements AutoCloseable {
    private static final int PAGE = 32 * 1024;

    private final DiskThreads disk;
    private final String where;
    private final String owner;
    private final Predicate<String> shown;
    private final @Nullable Descriptor folder;
    private @Nullable List<Node> first;

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

    /** The next of them, some hundred; empty at the end. */
    public List<Node> page() throws FileProblem {
        List<Node> known = first;
        if (known != null) {
            first = null;
            return known;
        }
        Descriptor open = folder;
        return open == null ? List.of() : disk.call(where, () -> read(open));
    }

    private List<Node> read(Descriptor open) throws SystemCalls.Failed {
        List<Node> nodes = new ArrayList<>();
        while (nodes.isEmpty()) {
            List<String> names = names(open.number());
            if (names.isEmpty()) {
                break;
            }
            for (String name : names) {
                if (shown.test(name)) {
                    look(open, name, nodes);
                }
            }
        }
        return nodes;
    }

    private void look(Descriptor open, String name, List<Node> nodes) throws SystemCalls.Failed {
        try {
            nodes.add(Node.of(name, SystemCalls.statx(open.number(), name), owner));
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
                for (long at = 0; at < length; ) {
                    String name = name(page, at + 19);
                    if (!name.equals(".") && !name.equals("..")) {
                        names.add(name);
                    }
                    at += Short.toUnsignedInt(page.get(JAVA_SHORT, at + 16));
                }
            }
        }
        return names;
    }

    private static String name(MemorySegment page, long from) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
        for (long at = from; page.get(JAVA_BYTE, at) != 0; at++) {
            bytes.write(page.get(JAVA_BYTE, at));
        }
        return Names.text(bytes.toByteArray());
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }
}
