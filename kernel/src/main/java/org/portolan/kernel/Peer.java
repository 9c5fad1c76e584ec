package org.portolan.kernel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The other end.
 *
 * @param address its IP address; the loopback address for a local (Unix-domain) peer
 * @param port its ephemeral port; 0 for a local peer
 */
public record Peer(InetAddress address, int port) {
    static final Peer LOCAL = new Peer(InetAddress.getLoopbackAddress(), 0);

    public static Peer at(InetSocketAddress address) {
        return new Peer(address.getAddress(), address.getPort());
    }

    /** Whether what is said to this peer never leaves the machine. */
    public boolean loopback() {
        return address.isLoopbackAddress();
    }

    /** The address's /24 (IPv4) or /64 (IPv6): who shares it counts as one network. */
    public InetAddress network() {
        byte[] bytes = address.getAddress();
        int kept = bytes.length == 4 ? 3 : 8;
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // the length came from an address
        }
    }

    /** {@code 192.0.2.7:49152} or {@code [2001:db8::7]:49152}. */
    @Override
    public String toString() {
        String host = address.getHostAddress();
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
