package org.portolan.shell.ssh;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;
import org.portolan.kernel.Connection;
import org.portolan.wire.Refusal;

/** Requests to open a port here for a client, and to close it again (RFC 4254 §7.1). */
record ListenRequests(Forwarding forwarding) implements RequestHandler<ConnectionService> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public Result process(
            ConnectionService service, String request, boolean wantsReply, Buffer buffer)
            throws IOException {
        if (!request.equals("tcpip-forward") && !request.equals("cancel-tcpip-forward")) {
            return Result.Unsupported;
        }
        ServerSession session = (ServerSession) service.getSession();
        String host = buffer.getString();
        int port = buffer.getInt();
        try {
            if (port < 0 || port > 65_535 || forwarding.isOff()) {
                return Result.ReplyFailure;
            }
            if (request.startsWith("cancel")) {
                return forwarding.cancel(session, host, port)
                        ? Result.ReplySuccess
                        : Result.ReplyFailure;
            }
            int opened = forwarding.listen(session, host, port, peer -> bring(service, host, peer));
            if (port != 0 || !wantsReply) {
                return Result.ReplySuccess;
            }
            Buffer reply = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS, 8);
            reply.putUInt(opened);
            session.writePacket(reply);
            return Result.Replied;
        } catch (Refusal | IOException e) {
            LogIns.connection(session)
                    .log()
                    .info("opens no port: {}", String.valueOf(e.getMessage()));
            return Result.ReplyFailure;
        }
    }

    /** Somebody came to the port: the client is offered a channel, which it may decline. */
    private void bring(ConnectionService service, String asked, Connection peer)
            throws IOException {
        ReturnChannel channel = new ReturnChannel(forwarding, asked, peer);
        try {
            service.registerChannel(channel);
            channel.open().verify(PATIENCE);
        } catch (IOException | IllegalStateException e) { // which says that there are too many
            peer.log().info("the client does not take it: {}", String.valueOf(e.getMessage()));
            channel.close(true);
            return;
        }
        channel.carry();
    }
}
