package org.portolan.stores.files;

import static org.portolan.stores.files.SystemCalls.ELOOP;
import static org.portolan.stores.files.SystemCalls.ENOTDIR;
import static org.portolan.stores.files.SystemCalls.O_DIRECTORY;
import static org.portolan.stores.files.SystemCalls.O_NOFOLLOW;
import static org.portolan.stores.files.SystemCalls.O_PATH;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a path names below an open folder, and never anything outside of it, whoever changes
 * folders into links meanwhile. The system does it in one call, openat2(2) with RESOLVE_BENEATH;
 * where it has no such call, each name is opened in the folder before it, without following.
 */
final class Resolver {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    /** A rename elsewhere can make the system unsure whether ".." still led beneath. */
    private static final int MOST_TRIES = 64;

    private final boolean byStep;
    private volatile boolean following;

    /**
     * Makes one.
     *
     * @param byStep whether names are opened one by one, though the system might have the call
     */
    Resolver(boolean byStep) {
        this.byStep = byStep || !hasCall();
    }

    private static boolean hasCall() {
        try {
            SystemCalls.close(
                    SystemCalls.openat2(
                            SystemCalls.AT_FDCWD, ".", O_PATH, 0, SystemCalls.RESOLVE_BENEATH));
            return true;
        } catch (SystemCalls.Failed e) { // too old, or forbidden by a filter of calls
            return false;
        }
    }

    /** Whether links are followed at all; they never lead outside. */
    void follow(boolean links) {
        following = links;
    }

    boolean follows() {
        return following;
    }

    /**
     * Opens the folder at {@code names} below {@code root}, as a place and not for reading.
     *
     * @throws SystemCalls.Failed ELOOP or EXDEV for a link that may not be followed
     */
    Descriptor folder(Descriptor root, List<String> names) throws SystemCalls.Failed {
        return open(root, names, O_PATH | O_DIRECTORY, true);
    }

    /**
     * Opens whatever is at {@code names} below {@code root}, as a place and not for reading.
     *
     * @param through whether a link at the end is followed, where links are
     */
    Descriptor place(Descriptor root, List<String> names, boolean through)
            throws SystemCalls.Failed {
        return open(root, names, O_PATH, through);
    }

    /** Makes a file without a name in {@code folder}; empty where the file system has none. */
    Optional<Descriptor> nameless(Descriptor folder, int mode) throws SystemCalls.Failed {
        if (byStep) {
            return Optional.empty(); // a system without the one call may be without this one, too
        }
        try {
            int flags = SystemCalls.O_TMPFILE | SystemCalls.O_WRONLY;
            int number = SystemCalls.openat(folder.number(), ".", flags, mode);
            return Optional.of(new Descriptor(number));
        } catch (SystemCalls.Failed e) {
            if (e.errno == SystemCalls.EOPNOTSUPP || e.errno == SystemCalls.EISDIR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Descriptor open(Descriptor root, List<String> names, int flags, boolean through)
            throws SystemCalls.Failed {
        // a link that is not followed is still something that can be looked at or removed
        int last = !through ? O_NOFOLLOW : 0;
        return byStep
                ? step(root, names, flags | last)
                : atOnce(root, names.isEmpty() ? "." : String.join("/", names), flags | last);
    }

    private Descriptor atOnce(Descriptor root, String path, int flags) throws SystemCalls.Failed {
        long resolve = SystemCalls.RESOLVE_BENEATH | SystemCalls.RESOLVE_NO_MAGICLINKS;
        if (!following) {
            resolve |= SystemCalls.RESOLVE_NO_SYMLINKS;
        }
        for (int tries = 1; ; tries++) {
            try {
                return new Descriptor(SystemCalls.openat2(root.number(), path, flags, 0, resolve));
            } catch (SystemCalls.Failed e) {
                if (e.errno != SystemCalls.EAGAIN || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Each name in the folder before it; {@code ..} of a link goes back to what was opened. */
    private Descriptor step(Descriptor root, List<String> names, int flags)
            throws SystemCalls.Failed {
        Deque<Descriptor> way = new ArrayDeque<>(); // from the root to here
        Deque<String> left = new ArrayDeque<>(names);
        int links = 0;
        try {
            way.push(opened(root, ".", O_PATH | O_DIRECTORY));
            while (!left.isEmpty()) {
                String name = left.pop();
                if (name.isEmpty() || name.equals(".")) {
                    continue;
                }
                if (name.equals("..")) {
                    way.pop().close();
                    if (way.isEmpty()) {
                        throw new SystemCalls.Failed("openat", SystemCalls.EXDEV);
                    }
                    continue;
                }
                way.push(opened(way.element(), name, O_PATH | O_NOFOLLOW));
                Node.Kind kind = way.element().look().kind();
                boolean atEnd = left.isEmpty();
                if (kind == Node.Kind.LINK && !(atEnd && (flags & O_NOFOLLOW) != 0)) {
                    if (!following || ++links > MOST_LINKS) {
                        throw new SystemCalls.Failed("openat", ELOOP);
                    }
                    lead(way, left);
                } else if (kind != Node.Kind.FOLDER && !atEnd) {
                    throw new SystemCalls.Failed("openat", ENOTDIR);
                }
            }
            if ((flags & O_DIRECTORY) != 0 && !way.element().look().isFolder()) {
                throw new SystemCalls.Failed("openat", ENOTDIR);
            }
            return way.pop();
        } finally {
            way.forEach(Descriptor::close);
        }
    }

    private static Descriptor opened(Descriptor in, String name, int flags)
            throws SystemCalls.Failed {
        return new Descriptor(SystemCalls.openat(in.number(), name, flags, 0));
    }

    /** Goes on with what the link says instead of the link. */
    private static void lead(Deque<Descriptor> way, Deque<String> left) throws SystemCalls.Failed {
        String target;
        try (Descriptor link = way.pop()) {
            target = SystemCalls.readlink(link.number());
        }
        if (target.startsWith("/")) {
            throw new SystemCalls.Failed("openat", SystemCalls.EXDEV);
        }
        Arrays.asList(target.split("/")).reversed().forEach(left::push);
    }
}
