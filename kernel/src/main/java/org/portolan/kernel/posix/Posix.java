package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.BindException;
import java.net.SocketException;
import java.util.Locale;

/** The C library's socket calls, with constants as Linux numbers them on 64-bit machines. */
final class Posix {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SHUT_RDWR = 2;

    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_TIMESTAMPNS = 35;
    static final int SO_RXQ_OVFL = 40;

    static final int IPPROTO_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IP_MTU_DISCOVER = 10;
    static final int IP_PMTUDISC_OMIT = 5;

    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_MTU_DISCOVER = 23;
    static final int IPV6_PMTUDISC_OMIT = 5;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_WAITFORONE = 0x10000;

    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;

    /** Where a call leaves its error number. */
    static final StructLayout ERROR = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = ERROR.varHandle(PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = call("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            call("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SENDMMSG =
            call("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SHUTDOWN = call("shutdown", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);

    private Posix() {}

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

    static int socket(MemorySegment error, int family, int type) {
        try {
            return (int) SOCKET.invokeExact(error, family, type, 0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int bind(MemorySegment error, int socket, MemorySegment name, int length) {
        try {
            return (int) BIND.invokeExact(error, socket, name, length);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int getsockname(
            MemorySegment error, int socket, MemorySegment name, MemorySegment length) {
        try {
            return (int) GETSOCKNAME.invokeExact(error, socket, name, length);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Sets an option that is an {@code int}. */
    static int setsockopt(MemorySegment error, int socket, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = arena.allocateFrom(JAVA_INT, value);
            return (int) SETSOCKOPT.invokeExact(error, socket, level, option, at, Integer.BYTES);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int recvmmsg(MemorySegment error, int socket, MemorySegment headers, int count) {
        try {
            return (int)
                    RECVMMSG.invokeExact(
                            error, socket, headers, count, MSG_WAITFORONE, MemorySegment.NULL);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Never waits: a datagram for which there is no room is lost, as on any network. */
    static int sendmmsg(MemorySegment error, int socket, MemorySegment headers, int count) {
        try {
            return (int) SENDMMSG.invokeExact(error, socket, headers, count, MSG_DONTWAIT);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int shutdown(MemorySegment error, int socket) {
        try {
            return (int) SHUTDOWN.invokeExact(error, socket, SHUT_RDWR);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int close(MemorySegment error, int socket) {
        try {
            return (int) CLOSE.invokeExact(error, socket);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Calls into C throw nothing, unless the memory they are given is closed. */
    private static RuntimeException impossible(Throwable e) {
        if (e instanceof RuntimeException ours) {
            return ours;
        }
        if (e instanceof Error fatal) {
            throw fatal;
        }
        return new IllegalStateException(e);
    }

    static int errno(MemorySegment error) {
        return (int) ERRNO.get(error, 0L);
    }

    /** What error {@code errno} of a socket call is in Java, in the words Java has for it. */
    static IOException exception(String call, int errno) {
        return switch (errno) {
            case EACCES -> new BindException("Permission denied");
            case EADDRINUSE -> new BindException("Address already in use");
            case EADDRNOTAVAIL -> new BindException("Cannot assign requested address");
            default -> new SocketException(call + " failed with error " + errno);
        };
    }
}
