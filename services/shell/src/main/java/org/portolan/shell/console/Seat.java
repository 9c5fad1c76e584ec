package org.portolan.shell.console;

import java.io.OutputStream;
import java.util.Optional;
import org.portolan.stores.Account;

/**
 * Where somebody sits who has logged in.
 *
 * @param account who
 * @param conversation in which they logged in
 * @param in what they type or send
 * @param out what they see
 * @param err what they see beside it; the same where there is but one
 * @param window of their terminal, if they have one
 */
public record Seat(
        Account account,
        String conversation,
        Keystrokes in,
        OutputStream out,
        OutputStream err,
        Optional<Window> window) {}
