package org.portolan.kernel;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a service listens, and who answers there. */
public sealed interface Door {
    /** A door that has a number, which peers of the network find. */
    sealed interface PortDoor extends Door {
        Port port();

        /**
         * A command that can be pasted to try the door; {@code {host}} and {@code {port}} stand for
         * where it is, {@code {ca}} for the site's CA file, {@code {account}} and {@code {domain}}
         * for the first account and domain.
         */
        String usage();

        /** {@code tcp} or {@code udp}. */
        String transport();

        Tls tls();
    }

    /**
     * A TCP port.
     *
     * @param conversation what is said to each peer
     */
    record StreamDoor(Port port, Tls tls, Conversation conversation, String usage)
            implements PortDoor {
        @Override
        public String transport() {
            return "tcp";
        }
    }

    /**
     * A UDP port.
     *
     * @param reception how its datagrams are taken in
     */
    record DatagramDoor(Port port, Reception reception, Answers answers, String usage)
            implements PortDoor {
        @Override
        public String transport() {
            return "udp";
        }

        @Override
        public Tls tls() {
            return Tls.NEVER;
        }
    }

    /**
     * How datagrams are taken in.
     *
     * @param longest the most bytes of a request, and of a reply; a longer request is dropped and
     *     counted
     * @param onePerCore whether as many sockets as there are cores share the port, the system
     *     spreading the peers over them; not where broadcasts come, of which each would get a copy
     * @param stamped whether {@link Datagram#arrived} is to be the system's own, exact time stamp
     *     instead of when the batch was taken in
     */
    record Reception(int longest, boolean onePerCore, boolean stamped) {
        /** What most protocols want. */
        public static Reception upTo(int longest) {
            return new Reception(longest, true, false);
        }

        public Reception withOneSocket() {
            return new Reception(longest, false, stamped);
        }

        public Reception withTimeStamps() {
            return new Reception(longest, onePerCore, true);
        }
    }

    /** A Unix-domain socket that only the process's own user, and root, may open. */
    record LocalDoor(Path path, Conversation conversation) implements Door {
        /** A connection to a local door of another process; no deadlines, no table. */
        public static SocketChannel dial(Path path) throws IOException {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        }
    }
}
