package org.portolan.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What lies between a connection and its socket: nothing, TLS, or DEFLATE over one of them. */
sealed interface Layer permits ClearLayer, TlsLayer, DeflateLayer {
    /**
     * Adds at least one byte to {@code into}, which is ready to be written to.
     *
     * @return {@code into}, or a larger buffer with the same content where one was needed
     */
    ByteBuffer read(ByteBuffer into, long due, Hangup.Reason late) throws IOException;

    /**
     * Adds at least one byte to {@code into}, which has room for a record of TLS.
     *
     * @return false, and nothing added, when the peer has ended its side in good order
     */
    boolean receive(ByteBuffer into, long due) throws IOException;

    /** Sends all of {@code from}; the caller holds the connection's write lock. */
    void write(ByteBuffer from) throws IOException;

    /**
     * Sends all of {@code last} and tells the peer that nothing more will come, as far as that
     * needs no waiting; in one piece, where it is little.
     */
    void goodbye(ByteBuffer last) throws IOException;

    /** Gives back what is not needed while the peer is silent. */
    void rest();

    /** Gives back everything; nobody reads or writes any more. */
    default void release() {}
}
