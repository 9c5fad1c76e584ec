package org.portolan.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A door at one address that is open now. */
sealed interface OpenDoor permits Listener, DatagramListener {
    /** Whether this is {@code service}'s {@code door} at {@code address}. */
    boolean is(Service service, Door door, SocketAddress address);

    /**
     * Lets {@code door} answer from now on; conversations that have begun go on as they are.
     *
     * @param door one that this {@link #is}
     */
    void answerWith(Service service, Door door);

    /** Where it is, with the port in use. */
    InetSocketAddress at() throws IOException;

    /** The port is free when this returns. */
    void close();
}
