package org.portolan.kernel;

import java.io.IOException;
import java.util.Optional;

/** The talk with one peer, in a virtual thread of its own. Returning hangs up. */
public interface Conversation {
    /**
     * Speaks with {@code client} until one of them is done.
     *
     * @throws Hangup when the peer is gone, too slow or no longer welcome; the kernel says the
     *     {@link #farewell} and closes
     * @throws IOException when the connection broke
     */
    void converse(Connection client) throws IOException;

    /**
     * The protocol's own last word for {@code reason}, without its line end; empty where it has
     * none. Also said to a peer that is turned away before its conversation begins.
     */
    default Optional<String> farewell(Hangup.Reason reason) {
        return Optional.empty();
    }

    /** {@code line} as a trace may show it: secrets replaced by {@code ***}. */
    default String masked(String line) {
        return line;
    }
}
