package org.portolan.shell.console;

import java.io.IOException;
import java.time.Duration;
import org.portolan.stores.Account;

/** Who gives a command at the console: at a terminal, or by a program on their behalf. */
public interface Person {
    Account account();

    /** The conversation in which they are logged in. */
    String conversation();

    /** Whether they can be asked, and see pages drawn over each other. */
    boolean terminal();

    /** How many characters fit into a line of the screen. */
    int columns();

    /** How many lines the screen has; 0 if there is none. */
    int rows();

    /** Says what was asked for; lines end with {@code \n}. */
    void say(String text) throws IOException;

    /** Says what is not part of the answer: what is wrong, or what a person should know. */
    void remark(String text) throws IOException;

    /**
     * Asks something.
     *
     * @param secret whether what is typed must not be shown
     * @throws IOException when nobody answers
     */
    String ask(String prompt, boolean secret) throws IOException;

    /** Waits until they have had enough of what other threads say meanwhile. */
    void awaitEnd() throws IOException;

    /**
     * Waits before more is said.
     *
     * @throws IOException when they have had enough, or are gone
     */
    void pause(Duration time) throws IOException;
}
