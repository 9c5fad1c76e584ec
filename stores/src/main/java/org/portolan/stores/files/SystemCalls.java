package org.portolan.stores.files;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;

/**
 * The C library's calls for files below an open folder, with constants as Linux numbers them on
 * 64-bit machines. A call that fails throws {@link Failed} with the error's number.
 *
 * <p>They may wait for a disk, and native code holds the carrier of a virtual thread: so they are
 * made from {@link DiskThreads} only.
 */
final class SystemCalls {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int O_DIRECTORY = onArm() ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = onArm() ? 0x8000 : 0x20000;
    static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_EMPTY_PATH = 0x1000;

    static final long RESOLVE_NO_MAGICLINKS = 0x02;
    static final long RESOLVE_NO_SYMLINKS = 0x04;
    static final long RESOLVE_BENEATH = 0x08;

    static final int RENAME_NOREPLACE = 1;

    private static final int SYNC_FILE_RANGE_WRITE = 2;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int EMLINK = 31;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private static final long FS_IOC_GETFLAGS = 0x80086601L;
    private static final long FS_IOC_SETFLAGS = 0x40086602L;
    private static final int FS_TOPDIR_FL = 0x20000;

    private static final int STATX_SIZE = 256;
    private static final int STATX_ALL = 0xfff; // the basic ones and the time of birth
    private static final long SYS_OPENAT2 = 437; // on every architecture

    private static final StructLayout ERROR = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERROR.varHandle(PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle OPENAT2 =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle OPENAT =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("openat"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(3));
    private static final MethodHandle IOCTL =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle FSYNC = call("fsync", JAVA_INT);
    private static final MethodHandle SYNCFS = call("syncfs", JAVA_INT);
    private static final MethodHandle SYNC_FILE_RANGE =
            call("sync_file_range", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle STATX =
            call("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle FSTATVFS = call("fstatvfs", JAVA_INT, ADDRESS);
    private static final MethodHandle MKDIRAT = call("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle UNLINKAT = call("unlinkat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RENAMEAT2 =
            call("renameat2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LINKAT =
            call("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SYMLINKAT = call("symlinkat", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle UTIMENSAT =
            call("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle CHMOD = call("chmod", ADDRESS, JAVA_INT);
    private static final MethodHandle TRUNCATE = call("truncate", ADDRESS, JAVA_LONG);
    private static final MethodHandle READLINKAT =
            longCall("readlinkat", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle PWRITE =
            longCall("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETDENTS64 =
            longCall("getdents64", JAVA_INT, ADDRESS, JAVA_LONG);

    /** A call was refused by the system. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        final int errno;

        Failed(String call, int errno) {
            super(call + " failed with error " + errno, null, false, false);
            this.errno = errno;
        }
    }

    /** What a disk holds, in bytes. */
    record DiskSpace(long total, long free) {}

    private SystemCalls() {}

    private static boolean onArm() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");
    }

    /** Whether this system numbers and lays out things as this class does. */
    static boolean supported() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name").equals("Linux")
                && (machine.equals("amd64") || machine.equals("aarch64"));
    }

    private static MethodHandle call(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle longCall(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_LONG, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Something that is called until no signal interrupts it. */
    private interface Call {
        long with(MemorySegment error) throws Throwable;
    }

    private static long checked(String name, Arena arena, Call call) throws Failed {
        return checked(name, arena.allocate(ERROR), call);
    }

    private static long checked(String name, MemorySegment error, Call call) throws Failed {
        while (true) {
            long result;
            try {
                result = call.with(error);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) { // calls into C throw nothing
                throw new IllegalStateException(e);
            }
            if (result >= 0) {
                return result;
            }
            int errno = (int) ERRNO.get(error, 0L);
            if (errno != EINTR) {
                throw new Failed(name, errno);
            }
        }
    }

    private static MemorySegment text(Arena arena, String name) {
        byte[] bytes = Names.bytes(name);
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment; // allocated as zeros, so it ends with one
    }

    /** Opens {@code path} below {@code folder}, as openat2(2) does. */
    static int openat2(int folder, String path, int flags, int mode, long resolve) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(24, 8);
            how.set(JAVA_LONG, 0, Integer.toUnsignedLong(flags | O_CLOEXEC));
            how.set(JAVA_LONG, 8, mode);
            how.set(JAVA_LONG, 16, resolve);
            MemorySegment at = text(arena, path);
            return (int)
                    checked(
                            "openat2",
                            arena,
                            error ->
                                    (long)
                                            OPENAT2.invokeExact(
                                                    error, SYS_OPENAT2, folder, at, how, 24L));
        }
    }

    static int openat(int folder, String name, int flags, int mode) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, name);
            return (int)
                    checked(
                            "openat",
                            arena,
                            error ->
                                    (int)
                                            OPENAT.invokeExact(
                                                    error, folder, at, flags | O_CLOEXEC, mode));
        }
    }

    /** Closes; what a close could still complain about was synced before, or nobody waits for. */
    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ERROR);
            int ignored = (int) CLOSE.invokeExact(error, descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // calls into C throw nothing
            throw new IllegalStateException(e);
        }
    }

    static void fsync(int descriptor) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            checked("fsync", arena, error -> (int) FSYNC.invokeExact(error, descriptor));
        }
    }

    /** Marks a folder as the top of hierarchies that have nothing to do with each other. */
    static void setTopOfHierarchies(int folder) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flags = arena.allocate(JAVA_LONG);
            checked(
                    "ioctl",
                    arena,
                    error -> (int) IOCTL.invokeExact(error, folder, FS_IOC_GETFLAGS, flags));
            flags.set(JAVA_INT, 0, flags.get(JAVA_INT, 0) | FS_TOPDIR_FL);
            checked(
                    "ioctl",
                    arena,
                    error -> (int) IOCTL.invokeExact(error, folder, FS_IOC_SETFLAGS, flags));
        }
    }

    /** Writes all of a file system to its disk; fails if anything of it could not be written. */
    static void syncfs(int descriptor) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            checked("syncfs", arena, error -> (int) SYNCFS.invokeExact(error, descriptor));
        }
    }

    /** Lets the system begin to write to the disk; what cannot be written {@link #fsync} tells. */
    static void beginSync(int descriptor, long from, long count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ERROR);
            int flags = SYNC_FILE_RANGE_WRITE;
            int ignored = (int) SYNC_FILE_RANGE.invokeExact(error, descriptor, from, count, flags);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // calls into C throw nothing
            throw new IllegalStateException(e);
        }
    }

    /** Writes some of {@code bytes}, which lie outside of the heap, at {@code at}. */
    static void pwrite(int descriptor, ByteBuffer bytes, long at) throws Failed {
        MemorySegment from = MemorySegment.ofBuffer(bytes);
        try (Arena arena = Arena.ofConfined()) {
            long count =
                    checked(
                            "pwrite",
                            arena,
                            error ->
                                    (long)
                                            PWRITE.invokeExact(
                                                    error, descriptor, from, from.byteSize(), at));
            bytes.position(bytes.position() + (int) count);
        }
    }

    /** What is at {@code name} in {@code folder}, links not followed; {@code ""} is itself. */
    static Found statx(int folder, String name) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, name);
            MemorySegment into = arena.allocate(STATX_SIZE, 8);
            int flags = name.isEmpty() ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
            checked(
                    "statx",
                    arena,
                    error -> (int) STATX.invokeExact(error, folder, at, flags, STATX_ALL, into));
            return found(into);
        }
    }

    /** Looks at many names, with room that is used again and again. */
    static final class Looks {
        private final MemorySegment error;
        private final MemorySegment into;

        Looks(Arena arena) {
            error = arena.allocate(ERROR);
            into = arena.allocate(STATX_SIZE, 8);
        }

        /**
         * What is at a name in {@code folder}, links not followed.
         *
         * @param name ends with a zero
         */
        Found at(int folder, MemorySegment name) throws Failed {
            checked(
                    "statx",
                    error,
                    room ->
                            (int)
                                    STATX.invokeExact(
                                            room,
                                            folder,
                                            name,
                                            AT_SYMLINK_NOFOLLOW,
                                            STATX_ALL,
                                            into));
            return found(into);
        }
    }

    /**
     * The parts of {@code struct statx} that matter.
     *
     * <pre>
     *   0 mask | 4 blksize | 8 attributes | 16 nlink | 20 uid | 24 gid | 28 mode (16 bits)
     *  32 ino | 40 size | 48 blocks | 56 attributes_mask | 64 atime | 80 btime | 96 ctime
     * 112 mtime (each: 8 seconds, 4 nanoseconds) | 128 rdev | 136 dev_major | 140 dev_minor
     * </pre>
     */
    private static Found found(MemorySegment statx) {
        long device =
                Integer.toUnsignedLong(statx.get(JAVA_INT, 136)) << 32
                        | Integer.toUnsignedLong(statx.get(JAVA_INT, 140));
        boolean birthKnown = (statx.get(JAVA_INT, 0) & 0x800) != 0;
        return new Found(
                new FileId(device, statx.get(JAVA_LONG, 32)),
                Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_LONG, 40),
                instant(statx, 64),
                instant(statx, 112),
                instant(statx, 96),
                birthKnown ? instant(statx, 80) : instant(statx, 112));
    }

    private static Instant instant(MemorySegment statx, long at) {
        return Instant.ofEpochSecond(
                statx.get(JAVA_LONG, at), Integer.toUnsignedLong(statx.get(JAVA_INT, at + 8)));
    }

    /** How much room the disk below {@code descriptor} has, for who is not root. */
    static DiskSpace fstatvfs(int descriptor) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            // f_bsize 0 | f_frsize 8 | f_blocks 16 | f_bfree 24 | f_bavail 32 | …
            MemorySegment into = arena.allocate(256, 8);
            checked("fstatvfs", arena, e -> (int) FSTATVFS.invokeExact(e, descriptor, into));
            long block = into.get(JAVA_LONG, 8);
            return new DiskSpace(block * into.get(JAVA_LONG, 16), block * into.get(JAVA_LONG, 32));
        }
    }

    static void mkdirat(int folder, String name, int mode) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, name);
            checked("mkdirat", arena, e -> (int) MKDIRAT.invokeExact(e, folder, at, mode));
        }
    }

    static void unlinkat(int folder, String name, int flags) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, name);
            checked("unlinkat", arena, e -> (int) UNLINKAT.invokeExact(e, folder, at, flags));
        }
    }

    static void renameat2(int from, String name, int to, String newName, int flags) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = text(arena, name);
            MemorySegment b = text(arena, newName);
            checked(
                    "renameat2",
                    arena,
                    error -> (int) RENAMEAT2.invokeExact(error, from, a, to, b, flags));
        }
    }

    /** Gives what {@code descriptor} is open at one name more. */
    static void link(int descriptor, int folder, String name) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = text(arena, reopened(descriptor));
            MemorySegment b = text(arena, name);
            checked(
                    "linkat",
                    arena,
                    error ->
                            (int)
                                    LINKAT.invokeExact(
                                            error, AT_FDCWD, a, folder, b, AT_SYMLINK_FOLLOW));
        }
    }

    static void symlinkat(String target, int folder, String name) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = text(arena, target);
            MemorySegment b = text(arena, name);
            checked("symlinkat", arena, error -> (int) SYMLINKAT.invokeExact(error, a, folder, b));
        }
    }

    /** What the link that {@code descriptor} is open at says. */
    static String readlink(int descriptor) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, "");
            MemorySegment into = arena.allocate(Names.LONGEST_PATH);
            long length =
                    checked(
                            "readlinkat",
                            arena,
                            error ->
                                    (long)
                                            READLINKAT.invokeExact(
                                                    error, descriptor, at, into, into.byteSize()));
            return Names.text(into.asSlice(0, length).toArray(JAVA_BYTE));
        }
    }

    /** Sets times of what {@code descriptor} is open at. */
    static void utimens(int descriptor, Instant accessed, Instant modified) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, reopened(descriptor));
            MemorySegment times = arena.allocate(32, 8);
            times.set(JAVA_LONG, 0, accessed.getEpochSecond());
            times.set(JAVA_LONG, 8, accessed.getNano());
            times.set(JAVA_LONG, 16, modified.getEpochSecond());
            times.set(JAVA_LONG, 24, modified.getNano());
            checked(
                    "utimensat",
                    arena,
                    error -> (int) UTIMENSAT.invokeExact(error, AT_FDCWD, at, times, 0));
        }
    }

    static void chmod(int descriptor, int mode) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, reopened(descriptor));
            checked("chmod", arena, error -> (int) CHMOD.invokeExact(error, at, mode));
        }
    }

    static void truncate(int descriptor, long size) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = text(arena, reopened(descriptor));
            checked("truncate", arena, error -> (int) TRUNCATE.invokeExact(error, at, size));
        }
    }

    /** Reads names of a folder that is open for reading; returns how many bytes, 0 at the end. */
    static long getdents64(int folder, MemorySegment into) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            return checked(
                    "getdents64",
                    arena,
                    error -> (long) GETDENTS64.invokeExact(error, folder, into, into.byteSize()));
        }
    }

    /** A path that leads to what {@code descriptor} is open at, and nowhere else. */
    static String reopened(int descriptor) {
        return "/proc/self/fd/" + descriptor;
    }
}
