package org.portolan.kernel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/**
 * One request as it came. The kernel fills the same object again and again, so that a request costs
 * no garbage: whoever keeps anything of it copies it.
 */
public final class Datagram {
    private final byte[] bytes;
    private final byte[] four = new byte[4];
    private final byte[] sixteen = new byte[16];
    private byte[] address = four;
    private int length;
    private int port;
    private int scope;
    private long arrived;

    /** An empty one with room for {@code longest} bytes. */
    public Datagram(int longest) {
        bytes = new byte[longest];
    }

    /** One that came from {@code peer} at {@code arrived}: what a test, or a replay, hands in. */
    public static Datagram of(byte[] content, InetSocketAddress peer, Instant arrived) {
        Datagram datagram = new Datagram(content.length);
        System.arraycopy(content, 0, datagram.bytes, 0, content.length);
        byte[] from = peer.getAddress().getAddress();
        System.arraycopy(from, 0, datagram.addressOf(from.length), 0, from.length);
        datagram.filled(content.length, peer.getPort(), 0, nanos(arrived));
        return datagram;
    }

    private static long nanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    /** Where the request lies, from 0 up to {@link #length}. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The peer's IP address: 4 bytes, or 16. An IPv4 peer of an IPv6 socket has 4. */
    public byte[] address() {
        return address;
    }

    /** The peer's port. */
    public int port() {
        return port;
    }

    /** When the system took it from the network: nanoseconds since 1970, by the host's clock. */
    public long arrived() {
        return arrived;
    }

    /** Who asked. Makes objects, so it is not for every request. */
    public Peer peer() {
        return new Peer(inetAddress(), port);
    }

    InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // it has 4 bytes or 16
        }
    }

    /** The zone of a link-local IPv6 address; 0 for none. */
    int scope() {
        return scope;
    }

    /** The array for an address of so many bytes, which becomes {@link #address}. */
    byte[] addressOf(int size) {
        address = size == 4 ? four : sixteen;
        return address;
    }

    /** Says what now lies in {@link #bytes} and {@link #addressOf}. */
    void filled(int count, int peerPort, int peerScope, long at) {
        length = count;
        port = peerPort;
        scope = peerScope;
        arrived = at;
    }
}
