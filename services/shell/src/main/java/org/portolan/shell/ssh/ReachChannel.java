package org.portolan.shell.ssh;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.future.SshFutureListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.apache.sshd.server.session.ServerSession;
import org.portolan.kernel.Connection;
import org.portolan.wire.Refusal;

/** A channel that a client opens to reach a port of another host (RFC 4254 §7.2). */
final class ReachChannel extends AbstractServerChannel {
    private final Forwarding forwarding;
    private final Tunnel tunnel;

    ReachChannel(Forwarding forwarding) {
        super("direct-tcpip", List.of(), null);
        this.forwarding = forwarding;
        this.tunnel = new Tunnel(this, forwarding.ports());
    }

    /** Makes them as clients open them. */
    record Kind(Forwarding forwarding) implements ChannelFactory {
        @Override
        public String getName() {
            return "direct-tcpip";
        }

        @Override
        public Channel createChannel(Session session) {
            return new ReachChannel(forwarding);
        }
    }

    /** Begins when somebody listens to it: the answer has to leave before what is carried. */
    private final class Opening extends DefaultOpenFuture {
        private final String host;
        private final int port;

        Opening(String host, int port) {
            super(host, futureLock);
            this.host = host;
            this.port = port;
        }

        @Override
        public OpenFuture addListener(SshFutureListener<OpenFuture> listener) {
            super.addListener(listener);
            String id = LogIns.connection((ServerSession) getSession()).id();
            forwarding.ports().inBackground(id + "-forward", () -> open(this, host, port));
            return this;
        }
    }

    @Override
    protected OpenFuture doInit(Buffer buffer) {
        String host = buffer.getString();
        int port = buffer.getInt();
        buffer.getString(); // whoever connected to the client, who may say what it likes
        buffer.getInt();
        return new Opening(host, port);
    }

    private void open(OpenFuture opening, String host, int port) {
        try {
            if (forwarding.isOff()) {
                throw new Refusal("ports are not forwarded at this site");
            }
            if (port < 1 || port > 65_535) {
                throw new Refusal("there is no such port");
            }
            Connection reached = forwarding.reach((ServerSession) getSession(), host, port);
            try {
                signalChannelOpenSuccess();
                opening.setOpened();
                tunnel.carry(reached);
                close(false);
            } finally {
                forwarding.ports().hangUp(reached);
            }
        } catch (Refusal e) { // RFC 4254 §5.1
            fail(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, e.reply());
        } catch (UnknownHostException e) {
            fail(SshConstants.SSH_OPEN_CONNECT_FAILED, "that host is not known");
        } catch (ConnectException e) {
            fail(SshConstants.SSH_OPEN_CONNECT_FAILED, "nobody answers there");
        } catch (IOException e) {
            fail(
                    SshConstants.SSH_OPEN_CONNECT_FAILED,
                    "it could not be reached: " + e.getMessage());
        }
    }

    private void fail(int code, String words) {
        new OpenFailure(code, words).say(this, getSession());
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
