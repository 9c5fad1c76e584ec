package org.portolan.shell.ssh;

import java.io.IOException;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Peer;

/** A channel that we open to a client for a peer at a port that it had opened (RFC 4254 §7.2). */
final class ReturnChannel extends AbstractClientChannel {
    private final Tunnel tunnel;
    private final String asked;
    private final Connection second;

    /**
     * @param asked the address to listen at, as the client had named it, which knows it again
     */
    ReturnChannel(Forwarding forwarding, String asked, Connection second) {
        super("forwarded-tcpip");
        this.tunnel = new Tunnel(this, forwarding.ports());
        this.asked = asked;
        this.second = second;
    }

    /** Carries until both sides have said their last. */
    void carry() {
        tunnel.carry(second);
        close(false);
    }

    @Override
    public synchronized OpenFuture open() throws IOException {
        openFuture = new DefaultOpenFuture(asked, futureLock);
        Peer peer = second.peer();
        Buffer open = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
        open.putString(getChannelType());
        open.putUInt(getChannelId());
        open.putUInt(getLocalWindow().getSize());
        open.putUInt(getLocalWindow().getPacketSize());
        open.putString(asked);
        open.putUInt(second.port().number());
        open.putString(peer.address().getHostAddress());
        open.putUInt(peer.port());
        getSession().writePacket(open); // writePacket of the channel waits until it is open
        return openFuture;
    }

    @Override
    protected void doOpen() {
        // whoever opened it carries
    }

    @Override
    protected void doWriteData(byte[] data, int from, long count) {
        tunnel.came(data, from, count);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int from, long count) throws IOException {
        throw new IOException("there is no such kind of data here");
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        tunnel.end();
    }

    @Override
    protected void preClose() {
        tunnel.leave();
        super.preClose();
    }
}
