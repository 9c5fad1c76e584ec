package org.portolan.kernel.posix;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * {@link UdpSocket} where the system has no calls for batches: one datagram at a time. The system
 * chooses the address that a reply of a socket for all addresses comes from.
 */
final class ChannelUdpSocket implements UdpSocket {
    private final DatagramChannel channel;
    private final int longest;
    private final ByteBuffer content;
    private @Nullable InetSocketAddress peer;
    private int refused;

    ChannelUdpSocket(InetSocketAddress wanted, Options options) throws IOException {
        longest = options.longest();
        content = ByteBuffer.allocateDirect(longest + 1); // one more shows that it did not fit
        channel =
                DatagramChannel.open(
                        wanted.getAddress() instanceof Inet6Address
                                ? StandardProtocolFamily.INET6
                                : StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
            channel.bind(wanted);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress at() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("already closed", e);
        }
    }

    @Override
    public int receive() throws IOException {
        try {
            peer = (InetSocketAddress) channel.receive(content.clear());
            content.flip();
            return 1;
        } catch (ClosedChannelException woken) {
            return -1;
        }
    }

    @Override
    public int length(int i) {
        return content.limit();
    }

    @Override
    public void copy(int i, byte[] into) {
        content.get(0, into, 0, content.limit());
    }

    private InetSocketAddress peer() {
        if (peer == null) {
            throw new IllegalStateException("nothing came yet");
        }
        return peer;
    }

    @Override
    public boolean ipv4(int i) {
        return peer().getAddress().getAddress().length == 4; // Java maps no IPv4 address
    }

    @Override
    public void copyAddress(int i, byte[] into) {
        System.arraycopy(peer().getAddress().getAddress(), 0, into, 0, into.length);
    }

    @Override
    public int port(int i) {
        return peer().getPort();
    }

    @Override
    public int scope(int i) {
        InetAddress address = peer().getAddress();
        return address instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    @Override
    public InetAddress asked(int i) {
        return at().getAddress();
    }

    @Override
    public long arrived(int i) {
        return 0;
    }

    @Override
    public long overflown() {
        return 0;
    }

    @Override
    public void reply(int i, byte[] bytes, int length) {
        refused += sent(peer(), ByteBuffer.wrap(bytes, 0, length)) ? 0 : 1;
    }

    private boolean sent(InetSocketAddress to, ByteBuffer reply) {
        try {
            return channel.send(reply, to) > 0;
        } catch (IOException lost) { // as datagrams are; the caller counts them
            return false;
        }
    }

    @Override
    public int send() {
        int lost = refused;
        refused = 0;
        return lost;
    }

    @Override
    public WayBack wayBack(int i) {
        InetSocketAddress to = peer();
        return bytes -> bytes.length <= longest && sent(to, ByteBuffer.wrap(bytes));
    }

    @Override
    public void wake() {
        close();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a UDP socket did not close", e);
        }
    }
}
