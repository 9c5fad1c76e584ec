package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct mmsghdr} and what each of them points to: one vector, a peer's name,
 * control data. Offsets are those of 64-bit Linux.
 *
 * <pre>
 * struct mmsghdr {                    struct cmsghdr {
 *    0  void *msg_name                   0  size_t cmsg_len, these 16 bytes included
 *    8  socklen_t msg_namelen            8  int cmsg_level
 *   16  struct iovec *msg_iov           12  int cmsg_type
 *   24  size_t msg_iovlen               16  data, filled up to a multiple of 8
 *   32  void *msg_control             }
 *   40  size_t msg_controllen         struct iovec {
 *   48  int msg_flags                    0  void *iov_base
 *   56  unsigned int msg_len             8  size_t iov_len
 * }                                   }
 * </pre>
 */
final class Messages {
    /** Room for a {@code struct sockaddr_in6}, of 28 bytes. */
    static final int NAME = 32;

    /** Room for the address asked (40 bytes), a time stamp (32) and a count of losses (24). */
    static final int CONTROL = 128;

    static final int CONTROL_HEAD = 16;

    private static final int HEADER = 64;
    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_AT = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    private static final int VECTOR = 16;

    final MemorySegment headers;
    final MemorySegment names;
    final MemorySegment controls;
    final MemorySegment content;
    private final MemorySegment vectors;

    /**
     * {@code count} messages with {@code bytes} of content, of which none has any yet.
     *
     * @param arena where they live
     */
    Messages(Arena arena, int count, long bytes) {
        headers = arena.allocate((long) HEADER * count, 8);
        vectors = arena.allocate((long) VECTOR * count, 8);
        names = arena.allocate((long) NAME * count, 8);
        controls = arena.allocate((long) CONTROL * count, 8);
        content = arena.allocate(bytes, 8);
        for (int i = 0; i < count; i++) {
            long header = (long) HEADER * i;
            headers.set(JAVA_LONG, header, names.address() + (long) NAME * i);
            headers.set(JAVA_LONG, header + 16, vectors.address() + (long) VECTOR * i);
            headers.set(JAVA_LONG, header + 24, 1);
        }
    }

    /** Makes message {@code i} ready to be received into {@code length} bytes of the content. */
    void expect(int i, long from, long length) {
        vectors.set(JAVA_LONG, (long) VECTOR * i, content.address() + from);
        vectors.set(JAVA_LONG, (long) VECTOR * i + 8, length);
        headers.set(
                JAVA_LONG, (long) HEADER * i + CONTROL_AT, controls.address() + (long) CONTROL * i);
        restore(i);
    }

    /** Undoes what receiving wrote over. */
    void restore(int i) {
        headers.set(JAVA_INT, (long) HEADER * i + NAME_LENGTH, NAME);
        headers.set(JAVA_LONG, (long) HEADER * i + CONTROL_LENGTH, CONTROL);
    }

    /**
     * Makes message {@code i} ready to be sent.
     *
     * @param control how much of its control data counts; 0 for none
     */
    void say(int i, long from, long length, long name, int nameLength, int control) {
        long header = (long) HEADER * i;
        vectors.set(JAVA_LONG, (long) VECTOR * i, content.address() + from);
        vectors.set(JAVA_LONG, (long) VECTOR * i + 8, length);
        headers.set(JAVA_LONG, header, name);
        headers.set(JAVA_INT, header + NAME_LENGTH, nameLength);
        headers.set(
                JAVA_LONG,
                header + CONTROL_AT,
                control == 0 ? 0 : controls.address() + (long) CONTROL * i);
        headers.set(JAVA_LONG, header + CONTROL_LENGTH, control);
    }

    /** The headers from message {@code i} on. */
    MemorySegment from(int i) {
        return i == 0 ? headers : headers.asSlice((long) HEADER * i);
    }

    int length(int i) {
        return headers.get(JAVA_INT, (long) HEADER * i + LENGTH);
    }

    boolean cut(int i) {
        return (headers.get(JAVA_INT, (long) HEADER * i + FLAGS) & Posix.MSG_TRUNC) != 0;
    }

    int nameLength(int i) {
        return headers.get(JAVA_INT, (long) HEADER * i + NAME_LENGTH);
    }

    /** How many bytes of control data came. */
    int controlLength(int i) {
        return (int) headers.get(JAVA_LONG, (long) HEADER * i + CONTROL_LENGTH);
    }

    /**
     * Where the data of the control message of {@code level} and {@code type} lies in {@link
     * #controls}; -1 if message {@code i} has none.
     */
    long control(int i, int level, int type) {
        long at = (long) CONTROL * i;
        long end = at + controlLength(i);
        while (at + CONTROL_HEAD <= end) {
            long length = controls.get(JAVA_LONG, at);
            if (controls.get(JAVA_INT, at + 8) == level
                    && controls.get(JAVA_INT, at + 12) == type) {
                return at + CONTROL_HEAD;
            }
            if (length < CONTROL_HEAD) { // cut off: the system had no room for more
                return -1;
            }
            at += (length + 7) & -8;
        }
        return -1;
    }

    /** Begins the control data of message {@code i}; its data goes to where this says. */
    long beginControl(int i, int level, int type, int dataLength) {
        long at = (long) CONTROL * i;
        controls.set(JAVA_LONG, at, CONTROL_HEAD + dataLength);
        controls.set(JAVA_INT, at + 8, level);
        controls.set(JAVA_INT, at + 12, type);
        return at + CONTROL_HEAD;
    }

    /** What a control message with so much data takes up. */
    static int space(int dataLength) {
        return CONTROL_HEAD + ((dataLength + 7) & -8);
    }
}
