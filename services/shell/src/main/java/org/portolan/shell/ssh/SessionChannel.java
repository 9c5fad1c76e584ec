package org.portolan.shell.ssh;

import java.io.IOException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A channel with a shell, a command or a subsystem (RFC 4254 §6).
 *
 * <p>Its status is said before the end of what it says: a client that has ended its own side closes
 * the channel when it hears that end (PuTTY does), and hears no status that comes later.
 */
final class SessionChannel extends ChannelSession {
    /** Makes them as clients open them. */
    static final ChannelFactory FACTORY =
            new ChannelFactory() {
                @Override
                public String getName() {
                    return "session";
                }

                @Override
                public Channel createChannel(Session session) {
                    return new SessionChannel();
                }
            };

    @Override
    protected void closeShell(int status, boolean immediately) throws IOException {
        if (!isClosing()) {
            sendExitStatus(status); // RFC 4254 §6.10
            sendEof();
        }
        commandExitFuture.setClosed();
        close(immediately);
    }
}
