package org.portolan.kernel;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a service listens, and who answers there. */
public sealed interface Door {
    /** Who speaks with each peer. */
    Conversation conversation();

    /**
     * A TCP port.
     *
     * @param usage a command that can be pasted to try the door; {@code {port}} stands for the port
     *     in use, {@code {ca}} for the site's CA file, {@code {account}} and {@code {domain}} for
     *     the first account and domain
     */
    record StreamDoor(Port port, Tls tls, Conversation conversation, String usage)
            implements Door {}

    /** A Unix-domain socket that only the process's own user, and root, may open. */
    record LocalDoor(Path path, Conversation conversation) implements Door {
        /** A connection to a local door of another process; no deadlines, no table. */
        public static SocketChannel dial(Path path) throws IOException {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        }
    }
}
