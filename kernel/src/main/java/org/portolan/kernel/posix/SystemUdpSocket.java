package org.portolan.kernel.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** {@link UdpSocket} over {@code recvmmsg} and {@code sendmmsg}. */
final class SystemUdpSocket implements UdpSocket {
    private static final int LEAST_REPLY_ROOM = 64 * 1024;
    private static final int FOUR_INFO = 12; // struct in_pktinfo: interface, local, destination
    private static final int SIX_INFO = 20; // struct in6_pktinfo: destination, interface

    private final Options options;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment error = arena.allocate(Posix.ERROR);
    private final boolean six;
    private final boolean everyAddress; // only then a reply has to say where it comes from
    private final int descriptor;
    private final InetSocketAddress at;
    private final Messages received;
    private final Messages replies;
    private int waiting; // messages of the last batch
    private int said; // replies that wait for send
    private long used; // of their content
    private int refused; // replies that the system did not take
    private long overflown;
    private volatile boolean woken;
    private boolean closed; // guarded by this

    static boolean supported() {
        return Posix.supported();
    }

    SystemUdpSocket(InetSocketAddress wanted, Options options) throws IOException {
        this.options = options;
        six = wanted.getAddress() instanceof Inet6Address;
        everyAddress = wanted.getAddress().isAnyLocalAddress();
        descriptor =
                Posix.socket(
                        error,
                        six ? Posix.AF_INET6 : Posix.AF_INET,
                        Posix.SOCK_DGRAM | Posix.SOCK_CLOEXEC);
        try {
            check("socket", descriptor);
            configure();
            at = bind(wanted);
        } catch (IOException e) {
            close();
            throw e;
        }
        received = new Messages(arena, MOST, (long) MOST * options.longest());
        for (int i = 0; i < MOST; i++) {
            received.expect(i, (long) i * options.longest(), options.longest());
        }
        replies = new Messages(arena, MOST, Math.max(LEAST_REPLY_ROOM, 2 * options.longest()));
    }

    private void check(String call, int result) throws IOException {
        if (result < 0) {
            throw Posix.exception(call, Posix.errno(error));
        }
    }

    private void set(int level, int option, int value) throws IOException {
        check("setsockopt", Posix.setsockopt(error, descriptor, level, option, value));
    }

    private void configure() throws IOException {
        if (options.shared()) {
            set(Posix.SOL_SOCKET, Posix.SO_REUSEPORT, 1);
        }
        if (options.stamped()) {
            set(Posix.SOL_SOCKET, Posix.SO_TIMESTAMPNS, 1);
        }
        set(Posix.SOL_SOCKET, Posix.SO_RXQ_OVFL, 1);
        // Who forges "fragmentation needed" must not make us send fragments that can be replaced.
        if (six) {
            set(Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, everyAddress ? 0 : 1);
            set(Posix.IPPROTO_IPV6, Posix.IPV6_MTU_DISCOVER, Posix.IPV6_PMTUDISC_OMIT);
            set(Posix.IPPROTO_IPV6, Posix.IPV6_RECVPKTINFO, everyAddress ? 1 : 0);
        } else {
            set(Posix.IPPROTO_IP, Posix.IP_MTU_DISCOVER, Posix.IP_PMTUDISC_OMIT);
            set(Posix.IPPROTO_IP, Posix.IP_PKTINFO, everyAddress ? 1 : 0);
        }
        buffer(Posix.SO_RCVBUFFORCE, Posix.SO_RCVBUF);
        buffer(Posix.SO_SNDBUFFORCE, Posix.SO_SNDBUF);
    }

    /** The system's limit counts for whoever may not exceed it. */
    private void buffer(int beyondLimit, int withinLimit) throws IOException {
        int size = options.receiveBuffer();
        if (Posix.setsockopt(error, descriptor, Posix.SOL_SOCKET, beyondLimit, size) < 0) {
            set(Posix.SOL_SOCKET, withinLimit, size);
        }
    }

    private InetSocketAddress bind(InetSocketAddress wanted) throws IOException {
        MemorySegment name = arena.allocate(Messages.NAME, 8);
        check("bind", Posix.bind(error, descriptor, name, SocketNames.put(name, wanted)));
        MemorySegment length = arena.allocateFrom(JAVA_INT, Messages.NAME);
        check("getsockname", Posix.getsockname(error, descriptor, name, length));
        return new InetSocketAddress(wanted.getAddress(), SocketNames.port(name, 0));
    }

    @Override
    public InetSocketAddress at() {
        return at;
    }

    @Override
    public int receive() throws IOException {
        for (int i = 0; i < waiting; i++) {
            received.restore(i);
        }
        waiting = 0;
        if (woken) {
            return -1;
        }
        int count = Posix.recvmmsg(error, descriptor, received.headers, MOST);
        if (woken) { // what a socket that was shut down gives is not a datagram
            return -1;
        }
        if (count < 0) {
            int errno = Posix.errno(error);
            if (errno == Posix.EINTR) {
                return 0;
            }
            throw Posix.exception("recvmmsg", errno);
        }
        waiting = count;
        return count;
    }

    @Override
    public int length(int i) {
        return received.cut(i) ? options.longest() + 1 : received.length(i);
    }

    @Override
    public void copy(int i, byte[] into) {
        MemorySegment.copy(
                received.content,
                JAVA_BYTE,
                (long) i * options.longest(),
                into,
                0,
                received.length(i));
    }

    @Override
    public boolean ipv4(int i) {
        return SocketNames.ipv4(received.names, (long) Messages.NAME * i);
    }

    @Override
    public void copyAddress(int i, byte[] into) {
        SocketNames.copyAddress(received.names, (long) Messages.NAME * i, into);
    }

    @Override
    public int port(int i) {
        return SocketNames.port(received.names, (long) Messages.NAME * i);
    }

    @Override
    public int scope(int i) {
        return SocketNames.scope(received.names, (long) Messages.NAME * i);
    }

    @Override
    public InetAddress asked(int i) {
        long info =
                six
                        ? received.control(i, Posix.IPPROTO_IPV6, Posix.IPV6_PKTINFO)
                        : received.control(i, Posix.IPPROTO_IP, Posix.IP_PKTINFO);
        if (info < 0) {
            return at.getAddress();
        }
        byte[] bytes = new byte[six ? 16 : 4];
        MemorySegment.copy(
                received.controls, JAVA_BYTE, info + (six ? 0 : 4), bytes, 0, bytes.length);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // it has 4 bytes or 16
        }
    }

    @Override
    public long arrived(int i) {
        long at = received.control(i, Posix.SOL_SOCKET, Posix.SO_TIMESTAMPNS);
        return at < 0
                ? 0
                : received.controls.get(JAVA_LONG, at) * 1_000_000_000L
                        + received.controls.get(JAVA_LONG, at + 8);
    }

    /** The system tells it with the last datagram, if there were losses at all. */
    @Override
    public long overflown() {
        int last = waiting - 1;
        if (last >= 0 && received.controlLength(last) > 0) {
            long at = received.control(last, Posix.SOL_SOCKET, Posix.SO_RXQ_OVFL);
            if (at >= 0) {
                overflown = Integer.toUnsignedLong(received.controls.get(JAVA_INT, at));
            }
        }
        return overflown;
    }

    @Override
    public void reply(int i, byte[] bytes, int length) {
        if (said == MOST || used + length > replies.content.byteSize()) {
            sendAll();
        }
        long name = received.names.address() + (long) Messages.NAME * i;
        MemorySegment.copy(bytes, 0, replies.content, JAVA_BYTE, used, length);
        replies.say(said, used, length, name, received.nameLength(i), askedAt(i, replies, said));
        used += length;
        said++;
    }

    /**
     * Makes message {@code to} leave from the address that datagram {@code i} was sent to; without
     * it, the system would choose the one next to the peer.
     *
     * @return the length of the control data
     */
    private int askedAt(int i, Messages messages, int to) {
        if (!everyAddress) {
            return 0;
        }
        int level = six ? Posix.IPPROTO_IPV6 : Posix.IPPROTO_IP;
        int type = six ? Posix.IPV6_PKTINFO : Posix.IP_PKTINFO;
        int size = six ? SIX_INFO : FOUR_INFO;
        long info = received.control(i, level, type);
        if (info < 0) {
            return 0;
        }
        int first = Byte.toUnsignedInt(received.controls.get(JAVA_BYTE, info));
        if (six && first == 0xff) { // a group is nobody's address
            return 0;
        }
        long data = messages.beginControl(to, level, type, size);
        MemorySegment.copy(received.controls, info, messages.controls, data, size);
        if (!six) {
            messages.controls.set(JAVA_INT, data, 0); // routes decide, not where it came in
        } else if (first != 0xfe) { // link-local addresses need their interface
            messages.controls.set(JAVA_INT, data + 16, 0);
        }
        return Messages.space(size);
    }

    private void sendAll() {
        int done = 0;
        while (done < said) {
            int sent = Posix.sendmmsg(error, descriptor, replies.from(done), said - done);
            if (sent <= 0 && Posix.errno(error) == Posix.EINTR) {
                continue;
            }
            if (sent <= 0) { // the first one is at fault; the others may leave
                refused++;
                sent = 1;
            }
            done += sent;
        }
        said = 0;
        used = 0;
    }

    @Override
    public int send() {
        sendAll();
        int lost = refused;
        refused = 0;
        return lost;
    }

    @Override
    public WayBack wayBack(int i) {
        byte[] name = new byte[received.nameLength(i)];
        MemorySegment.copy(
                received.names, JAVA_BYTE, (long) Messages.NAME * i, name, 0, name.length);
        try (Arena shortLived = Arena.ofConfined()) {
            Messages one = new Messages(shortLived, 1, 0);
            byte[] control = new byte[askedAt(i, one, 0)];
            MemorySegment.copy(one.controls, JAVA_BYTE, 0, control, 0, control.length);
            return bytes -> replyLater(name, control, bytes);
        }
    }

    private synchronized boolean replyLater(byte[] name, byte[] control, byte[] bytes) {
        if (closed || bytes.length > options.longest()) {
            return false;
        }
        try (Arena shortLived = Arena.ofConfined()) {
            MemorySegment failure = shortLived.allocate(Posix.ERROR);
            Messages one = new Messages(shortLived, 1, bytes.length);
            MemorySegment.copy(name, 0, one.names, JAVA_BYTE, 0, name.length);
            MemorySegment.copy(control, 0, one.controls, JAVA_BYTE, 0, control.length);
            MemorySegment.copy(bytes, 0, one.content, JAVA_BYTE, 0, bytes.length);
            one.say(0, 0, bytes.length, one.names.address(), name.length, control.length);
            return Posix.sendmmsg(failure, descriptor, one.headers, 1) == 1;
        }
    }

    /** A shut down socket wakes who waits at it, though the call itself says it failed. */
    @Override
    public synchronized void wake() {
        woken = true;
        if (!closed) {
            try (Arena shortLived = Arena.ofConfined()) {
                Posix.shutdown(shortLived.allocate(Posix.ERROR), descriptor);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (descriptor >= 0) {
                Posix.close(error, descriptor);
            }
            arena.close();
        }
    }
}
