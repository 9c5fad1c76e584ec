package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6} at an offset of some memory.
 *
 * <pre>
 *  0  family   2  port, most significant byte first   4  IPv4 address
 *                                                     8  IPv6 address   24  zone
 * </pre>
 */
final class SocketNames {
    private static final java.lang.foreign.ValueLayout.OfShort PORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int FOUR_AT = 4;
    private static final int SIX_AT = 8;
    private static final int ZONE_AT = 24;
    private static final int MAPPED = 0xffff0000; // the bytes 00 00 ff ff, read on a little end

    private SocketNames() {}

    /** Writes {@code address}; returns the length of what was written. */
    static int put(MemorySegment memory, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        memory.fill((byte) 0);
        memory.set(PORT, 2, (short) address.getPort());
        if (address.getAddress() instanceof Inet6Address six) {
            memory.set(JAVA_SHORT, 0, (short) Posix.AF_INET6);
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, SIX_AT, 16);
            memory.set(JAVA_INT, ZONE_AT, six.getScopeId());
            return 28;
        }
        memory.set(JAVA_SHORT, 0, (short) Posix.AF_INET);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, FOUR_AT, 4);
        return 16;
    }

    static InetSocketAddress get(MemorySegment memory) {
        byte[] bytes = new byte[ipv4(memory, 0) ? 4 : 16];
        copyAddress(memory, 0, bytes);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port(memory, 0));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // it has 4 bytes or 16
        }
    }

    private static boolean six(MemorySegment memory, long at) {
        return memory.get(JAVA_SHORT, at) == Posix.AF_INET6;
    }

    /** Whether it is IPv4, also where an IPv6 socket writes it as {@code ::ffff:192.0.2.1}. */
    static boolean ipv4(MemorySegment memory, long at) {
        return !six(memory, at)
                || (memory.get(JAVA_INT, at + SIX_AT) == 0
                        && memory.get(JAVA_INT, at + SIX_AT + 4) == 0
                        && memory.get(JAVA_INT, at + SIX_AT + 8) == MAPPED);
    }

    /** Copies the address: 4 bytes, the last of a mapped one, if {@link #ipv4}, else 16. */
    static void copyAddress(MemorySegment memory, long at, byte[] into) {
        long from = !six(memory, at) ? FOUR_AT : into.length == 4 ? SIX_AT + 12 : SIX_AT;
        MemorySegment.copy(memory, JAVA_BYTE, at + from, into, 0, into.length);
    }

    static int port(MemorySegment memory, long at) {
        return Short.toUnsignedInt(memory.get(PORT, at + 2));
    }

    static int scope(MemorySegment memory, long at) {
        return six(memory, at) ? memory.get(JAVA_INT, at + ZONE_AT) : 0;
    }
}
