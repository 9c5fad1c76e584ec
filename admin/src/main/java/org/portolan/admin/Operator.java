package org.portolan.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.portolan.kernel.Connection;

/** Whoever runs a verb: a person at a terminal, or a script. */
public interface Operator {
    /** Who that is, for the events: a user of this machine, an account. */
    String name();

    /** The conversation in which the verb runs, or empty. */
    String conversation();

    /**
     * The network conversation in which the verb runs, for an administrator who is not at this
     * machine: what would keep them from coming back is refused unless it is forced.
     */
    default Optional<Connection> remote() {
        return Optional.empty();
    }

    /** Whether a person is there who can be asked. */
    boolean terminal();

    /** Where they are, for files that they name from there; empty if that is not known. */
    Path folder();

    /** How many characters fit into a line of the screen. */
    int columns();

    /** How many lines the screen has; 0 if that is not known. */
    int rows();

    /** Says what was asked for; lines end with {@code \n}. */
    void say(String text) throws IOException;

    /** Says what is not part of the answer: what is wrong, or what a person should know. */
    void remark(String text) throws IOException;

    /**
     * Hands over a part of a file that was asked for. Another thread than that of the verb may call
     * it, while the verb waits.
     *
     * @param total about how many bytes there will be in all
     */
    void hand(byte[] bytes, int from, int count, long total) throws IOException;

    /** Waits until the operator has had enough of what other threads say meanwhile. */
    void awaitEnd() throws IOException;

    /** Asks something; what is typed can be seen. */
    String ask(String prompt) throws IOException, Refusal;

    /** Asks for a secret; what is typed is not shown, and no trace keeps it. */
    String askSecret(String prompt) throws IOException, Refusal;

    /**
     * Waits before more is said.
     *
     * @param time less than five minutes
     * @throws IOException when the operator has gone, or the server stops
     */
    void pause(Duration time) throws IOException;
}
