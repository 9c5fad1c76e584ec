package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.portolan.wire.Refusal;

/**
 * What a client of SFTP version 3 may ask (draft-ietf-secsh-filexfer-02), one record for each, and
 * the extensions of OpenSSH (its file PROTOCOL, section 4).
 *
 * <pre>
 *   uint32 length | byte type | uint32 id | what the type says
 * </pre>
 *
 * Names stay bytes: what they mean is not the packet's business.
 */
sealed interface SftpRequest {
    /** Longer packets are not read: what OpenSSH sends at most, and then some. */
    int LONGEST = 256 * 1024 + 1024;

    int INIT = 1;

    record Open(byte[] path, int flags, Attrs attrs) implements SftpRequest {
        static final int READ = 1;
        static final int WRITE = 2;
        static final int APPEND = 4;
        static final int CREATE = 8;
        static final int TRUNCATE = 0x10;
        static final int EXCLUSIVE = 0x20;
    }

    record Close(int handle) implements SftpRequest {}

    record Read(int handle, long from, int length) implements SftpRequest {}

    /**
     * WRITE.
     *
     * @param data a view of the packet, which is read before the next packet comes
     */
    record Write(int handle, long at, ByteBuffer data) implements SftpRequest {}

    record Stat(byte[] path, boolean followsLinks) implements SftpRequest {}

    record HandleStat(int handle) implements SftpRequest {}

    record SetStat(byte[] path, Attrs attrs) implements SftpRequest {}

    record SetHandleStat(int handle, Attrs attrs) implements SftpRequest {}

    record OpenFolder(byte[] path) implements SftpRequest {}

    record ReadFolder(int handle) implements SftpRequest {}

    record Remove(byte[] path) implements SftpRequest {}

    record MakeFolder(byte[] path) implements SftpRequest {}

    record RemoveFolder(byte[] path) implements SftpRequest {}

    record RealPath(byte[] path) implements SftpRequest {}

    record Rename(byte[] from, byte[] to, boolean replaces) implements SftpRequest {}

    record ReadLink(byte[] path) implements SftpRequest {}

    record Symlink(byte[] target, byte[] path) implements SftpRequest {}

    record Hardlink(byte[] existing, byte[] path) implements SftpRequest {}

    record FileSystem(byte[] path) implements SftpRequest {}

    record HandleFileSystem(int handle) implements SftpRequest {}

    record Sync(int handle) implements SftpRequest {}

    record Limits() implements SftpRequest {}

    record ExpandPath(byte[] path) implements SftpRequest {}

    record HomeFolder() implements SftpRequest {}

    /**
     * The extension copy-data.
     *
     * @param length 0 for all there is
     */
    record Copy(int from, long fromOffset, long length, int to, long toOffset)
            implements SftpRequest {}

    record Names(int[] users, int[] groups) implements SftpRequest {}

    /** Another type, or an extension that is not known. */
    record Unknown(int type) implements SftpRequest {}

    /** What a client says of a file; the owner's numbers are read past. */
    record Attrs(
            OptionalLong size, OptionalInt mode, OptionalLong accessed, OptionalLong modified) {
        static final int SIZE = 1;
        static final int OWNER = 2;
        static final int MODE = 4;
        static final int TIMES = 8;
        static final int EXTENDED = 0x80000000;
    }

    /**
     * Reads a packet behind its id.
     *
     * @throws Refusal if it is cut short, or a length or handle in it makes no sense
     */
    static SftpRequest parse(int type, ByteBuffer in) throws Refusal {
        return switch (type) {
            case 3 -> new Open(string(in), number(in), attrs(in));
            case 4 -> new Close(handle(in));
            case 5 -> new Read(handle(in), offset(in), positive(in));
            case 6 -> new Write(handle(in), offset(in), data(in));
            case 7 -> new Stat(string(in), false);
            case 8 -> new HandleStat(handle(in));
            case 9 -> new SetStat(string(in), attrs(in));
            case 10 -> new SetHandleStat(handle(in), attrs(in));
            case 11 -> new OpenFolder(string(in));
            case 12 -> new ReadFolder(handle(in));
            case 13 -> new Remove(string(in));
            case 14 -> new MakeFolder(string(in));
            case 15 -> new RemoveFolder(string(in));
            case 16 -> new RealPath(string(in));
            case 17 -> new Stat(string(in), true);
            case 18 -> new Rename(string(in), string(in), false);
            case 19 -> new ReadLink(string(in));
            // the draft has them the other way round; OpenSSH's order is what all others follow
            case 20 -> new Symlink(string(in), string(in));
            case 200 -> extended(new String(string(in), US_ASCII), in);
            default -> new Unknown(type);
        };
    }

    private static SftpRequest extended(String name, ByteBuffer in) throws Refusal {
        return switch (name) {
            case "posix-rename@openssh.com" -> new Rename(string(in), string(in), true);
            case "hardlink@openssh.com" -> new Hardlink(string(in), string(in));
            case "statvfs@openssh.com" -> new FileSystem(string(in));
            case "fstatvfs@openssh.com" -> new HandleFileSystem(handle(in));
            case "fsync@openssh.com" -> new Sync(handle(in));
            case "limits@openssh.com" -> new Limits();
            case "expand-path@openssh.com" -> new ExpandPath(string(in));
            case "home-directory" -> {
                string(in); // whose; everybody sees their own alone
                yield new HomeFolder();
            }
            case "copy-data" ->
                    new Copy(handle(in), offset(in), offset(in), handle(in), offset(in));
            case "users-groups-by-id@openssh.com" -> new Names(numbers(in), numbers(in));
            default -> new Unknown(200);
        };
    }

    private static int number(ByteBuffer in) throws Refusal {
        need(in, 4);
        return in.getInt();
    }

    private static int positive(ByteBuffer in) throws Refusal {
        int number = number(in);
        return number < 0 ? Integer.MAX_VALUE : number; // it is a wish, which is cut to size
    }

    private static long offset(ByteBuffer in) throws Refusal {
        need(in, 8);
        long offset = in.getLong();
        if (offset < 0) {
            throw new Refusal("there is no such position");
        }
        return offset;
    }

    private static int handle(ByteBuffer in) throws Refusal {
        if (number(in) != 4) {
            throw new Refusal("no such handle");
        }
        return number(in);
    }

    private static byte[] string(ByteBuffer in) throws Refusal {
        int length = number(in);
        if (length < 0 || length > in.remaining()) {
            throw new Refusal("the packet is cut short");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static ByteBuffer data(ByteBuffer in) throws Refusal {
        int length = number(in);
        if (length < 0 || length > in.remaining()) {
            throw new Refusal("the packet is cut short");
        }
        ByteBuffer data = in.slice(in.position(), length);
        in.position(in.position() + length);
        return data;
    }

    private static int[] numbers(ByteBuffer in) throws Refusal {
        ByteBuffer bytes = data(in);
        int[] numbers = new int[bytes.remaining() / 4];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytes.getInt();
        }
        return numbers;
    }

    private static Attrs attrs(ByteBuffer in) throws Refusal {
        int flags = number(in);
        OptionalLong size = OptionalLong.empty();
        OptionalInt mode = OptionalInt.empty();
        OptionalLong accessed = OptionalLong.empty();
        OptionalLong modified = OptionalLong.empty();
        if ((flags & Attrs.SIZE) != 0) {
            size = OptionalLong.of(offset(in));
        }
        if ((flags & Attrs.OWNER) != 0) {
            number(in);
            number(in);
        }
        if ((flags & Attrs.MODE) != 0) {
            mode = OptionalInt.of(number(in) & 0777);
        }
        if ((flags & Attrs.TIMES) != 0) {
            accessed = OptionalLong.of(Integer.toUnsignedLong(number(in)));
            modified = OptionalLong.of(Integer.toUnsignedLong(number(in)));
        }
        return new Attrs(size, mode, accessed, modified);
    }

    private static void need(ByteBuffer in, int bytes) throws Refusal {
        if (in.remaining() < bytes) {
            throw new Refusal("the packet is cut short");
        }
    }
}
