package org.portolan.auth;

import java.util.Optional;
import org.portolan.stores.Account;
import org.portolan.stores.StoreException;

/** One SASL exchange (RFC 4422), seen from the server. */
public interface Sasl {
    /** What to do after a message of the client. */
    sealed interface Step {
        /** Send {@code data} and wait for the client's answer. */
        record Challenge(byte[] data) implements Step {}

        /**
         * The client is who it says.
         *
         * @param last what the server still has to say, before or with the success
         */
        record Success(Account account, Optional<byte[]> last) implements Step {}

        /**
         * It is not.
         *
         * @param login the name it gave, for the event; empty if it gave none
         */
        record Failure(String login) implements Step {}

        /** What came is not a message of the mechanism. */
        record Malformed(String why) implements Step {}
    }

    /**
     * Whether the client speaks first; then an exchange without an initial response begins empty.
     */
    boolean clientFirst();

    /**
     * The exchange's next step.
     *
     * @param message the client's; empty at the beginning of a mechanism in which the server is
     *     first
     */
    Step next(byte[] message) throws StoreException;
}
