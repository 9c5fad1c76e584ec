package org.portolan.shell.ssh;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.ChannelListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;

/**
 * Channels of one kind, of which a session has so many open at once; one more is declined. (Where
 * the library counts, one more ends the session.)
 */
final class BoundedChannels implements ChannelFactory {
    private final ChannelFactory kind;
    private final int most;
    private final AttributeKey<AtomicInteger> open = new AttributeKey<>();

    BoundedChannels(ChannelFactory kind, int most) {
        this.kind = kind;
        this.most = most;
    }

    @Override
    public String getName() {
        return kind.getName();
    }

    @Override
    public Channel createChannel(Session session) throws IOException {
        AtomicInteger count = session.computeAttributeIfAbsent(open, key -> new AtomicInteger());
        if (count.get() >= most) {
            return new Declined(kind.getName(), most);
        }
        Channel channel = kind.createChannel(session);
        count.incrementAndGet();
        channel.addChannelListener(
                new ChannelListener() {
                    @Override
                    public void channelClosed(Channel closed, @Nullable Throwable why) {
                        count.decrementAndGet();
                    }
                });
        return channel;
    }

    /** One too many. */
    private static final class Declined extends AbstractServerChannel {
        private final int most;

        Declined(String kind, int most) {
            super(kind, List.of(), null);
            this.most = most;
        }

        @Override
        protected OpenFuture doInit(Buffer buffer) {
            new OpenFailure(
                            SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                            "there are " + most + " open already")
                    .say(this, getSession());
            return new DefaultOpenFuture(this, futureLock);
        }

        @Override
        protected void doWriteData(byte[] data, int from, long count) throws IOException {
            throw new IOException("it was never open");
        }

        @Override
        protected void doWriteExtendedData(byte[] data, int from, long count) throws IOException {
            throw new IOException("it was never open");
        }
    }
}
