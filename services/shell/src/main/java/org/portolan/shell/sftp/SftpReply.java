package org.portolan.shell.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.TreePath;

/** Everything that may be answered, as whole packets. */
final class SftpReply {
    /** Where data begins in a packet that holds some: after length, type, id and its own length. */
    static final int DATA_AT = 13;

    static final int OK = 0;
    static final int EOF = 1;
    static final int NO_SUCH_FILE = 2;
    static final int PERMISSION_DENIED = 3;
    static final int FAILURE = 4;
    static final int BAD_MESSAGE = 5;
    static final int UNSUPPORTED = 8;

    private static final int VERSION = 2;
    private static final int STATUS = 101;
    private static final int HANDLE = 102;
    private static final int DATA = 103;
    private static final int NAME = 104;
    private static final int ATTRS = 105;
    private static final int EXTENDED = 201;

    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;

    private static final DateTimeFormatter RECENT =
            DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter OLD =
            DateTimeFormatter.ofPattern("MMM dd  uuuu", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long HALF_A_YEAR = 180L * 24 * 3600;

    /** What version 3 is extended by, in pairs of name and version. */
    private static final List<String> EXTENSIONS =
            List.of(
                    "posix-rename@openssh.com", "1",
                    "statvfs@openssh.com", "2",
                    "fstatvfs@openssh.com", "2",
                    "hardlink@openssh.com", "1",
                    "fsync@openssh.com", "1",
                    "limits@openssh.com", "1",
                    "expand-path@openssh.com", "1",
                    "copy-data", "1",
                    "home-directory", "1",
                    "users-groups-by-id@openssh.com", "1");

    private ByteBuffer packet = ByteBuffer.allocate(512);

    private SftpReply(int type) {
        packet.position(4);
        packet.put((byte) type);
    }

    private SftpReply room(int bytes) {
        if (packet.remaining() < bytes) {
            int size = Math.max(packet.capacity() * 2, packet.position() + bytes);
            packet = ByteBuffer.allocate(size).put(packet.flip());
        }
        return this;
    }

    private SftpReply number(int number) {
        room(4).packet.putInt(number);
        return this;
    }

    private SftpReply number(long number) {
        room(8).packet.putLong(number);
        return this;
    }

    private SftpReply string(byte[] bytes) {
        number(bytes.length).room(bytes.length).packet.put(bytes);
        return this;
    }

    private SftpReply string(String text) {
        return string(text.getBytes(UTF_8));
    }

    private ByteBuffer whole() {
        packet.putInt(0, packet.position() - 4);
        return packet.flip();
    }

    static ByteBuffer version() {
        SftpReply reply = new SftpReply(VERSION).number(3);
        EXTENSIONS.forEach(reply::string);
        return reply.whole();
    }

    static ByteBuffer status(int id, int code, String words) {
        return new SftpReply(STATUS).number(id).number(code).string(words).string("en").whole();
    }

    static ByteBuffer done(int id) {
        return status(id, OK, "");
    }

    static ByteBuffer problem(int id, FileProblem problem) {
        int code =
                switch (problem.kind()) {
                    case MISSING -> NO_SUCH_FILE;
                    case DENIED, NOT_SERVED -> PERMISSION_DENIED;
                    case UNSUPPORTED -> UNSUPPORTED;
                    case EXISTS,
                            NOT_A_FOLDER,
                            IS_A_FOLDER,
                            NOT_EMPTY,
                            BAD_NAME,
                            FULL,
                            OVER_QUOTA,
                            IN_USE,
                            LOCKED,
                            DELETE_PENDING,
                            BAD_RANGE,
                            ELSEWHERE,
                            BROKEN ->
                            FAILURE;
                };
        return status(id, code, String.valueOf(problem.getMessage()));
    }

    static ByteBuffer handle(int id, int handle) {
        return new SftpReply(HANDLE).number(id).number(4).number(handle).whole();
    }

    /** Writes what stands before {@code count} bytes of data into the packet's {@code head}. */
    static void data(int id, ByteBuffer head, int count) {
        head.putInt(DATA_AT - 4 + count).put((byte) DATA).putInt(id).putInt(count);
    }

    static ByteBuffer attrs(int id, Node node, Owners owners) {
        return new SftpReply(ATTRS).number(id).attrs(node, owners).whole();
    }

    /** Names without attributes, as REALPATH and READLINK answer. */
    static ByteBuffer name(int id, String path) {
        byte[] bytes = TreePath.bytes(path);
        return new SftpReply(NAME)
                .number(id)
                .number(1)
                .string(bytes)
                .string(bytes)
                .number(0)
                .whole();
    }

    static ByteBuffer names(int id, List<Node> nodes, Owners owners, Instant now) {
        SftpReply reply = new SftpReply(NAME).number(id).number(nodes.size());
        for (Node node : nodes) {
            reply.string(TreePath.bytes(node.name()));
            reply.string(TreePath.bytes(line(node, now)));
            reply.attrs(node, owners);
        }
        return reply.whole();
    }

    private SftpReply attrs(Node node, Owners owners) {
        int owner = owners.number(node.owner());
        return number(0b1111)
                .number(node.size())
                .number(owner)
                .number(owner)
                .number(kind(node) | node.mode())
                .number(seconds(node.accessed()))
                .number(seconds(node.modified()));
    }

    private static int kind(Node node) {
        return switch (node.kind()) {
            case FOLDER -> FOLDER;
            case LINK -> LINK;
            case FILE, SPECIAL -> FILE;
        };
    }

    private static int seconds(Instant time) {
        return (int) Math.clamp(time.getEpochSecond(), 0, 0xffffffffL);
    }

    /** The line of {@code ls -l}, which clients show as it is. */
    private static String line(Node node, Instant now) {
        char[] mode = "rwxrwxrwx".toCharArray();
        for (int bit = 0; bit < 9; bit++) {
            if ((node.mode() & (0400 >> bit)) == 0) {
                mode[bit] = '-';
            }
        }
        char kind =
                switch (node.kind()) {
                    case FOLDER -> 'd';
                    case LINK -> 'l';
                    case FILE, SPECIAL -> '-';
                };
        long age = now.getEpochSecond() - node.modified().getEpochSecond();
        DateTimeFormatter time = Math.abs(age) > HALF_A_YEAR ? OLD : RECENT;
        return "%c%s %4d %-8s %-8s %8d %s %s"
                .formatted(
                        kind,
                        new String(mode),
                        node.links(),
                        node.owner(),
                        node.owner(),
                        node.size(),
                        time.format(node.modified()),
                        node.name());
    }

    static ByteBuffer fileSystem(int id, long total, long free) {
        long block = 4096;
        return new SftpReply(EXTENDED)
                .number(id)
                .number(block)
                .number(block)
                .number(total / block)
                .number(free / block)
                .number(free / block)
                .number(1L << 32) // names: as many as fit
                .number(1L << 32)
                .number(1L << 32)
                .number(0L) // which file system
                .number(2L) // ST_NOSUID
                .number(255L) // bytes of a name
                .whole();
    }

    static ByteBuffer limits(int id, int handles) {
        return new SftpReply(EXTENDED)
                .number(id)
                .number((long) SftpRequest.LONGEST)
                .number(256L * 1024)
                .number(256L * 1024)
                .number((long) handles)
                .whole();
    }

    /** The names for numbers of users and groups; empty for those that mean nobody. */
    static ByteBuffer names(int id, int[] users, int[] groups, Owners owners) {
        SftpReply reply = new SftpReply(EXTENDED).number(id);
        for (int[] numbers : List.of(users, groups)) {
            SftpReply inner = new SftpReply(0);
            inner.packet.clear();
            for (int number : numbers) {
                inner.string(owners.name(number));
            }
            byte[] all = inner.packet.array();
            reply.string(Arrays.copyOf(all, inner.packet.position()));
        }
        return reply.whole();
    }
}
