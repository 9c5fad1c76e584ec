package org.portolan.shell.ssh;

import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param loginTime until when a peer must have logged in
 * @param idle how long a silent peer is kept
 * @param keepAlive after how long a silence a peer is asked whether it is there; zero: never
 * @param passwords whether a password logs in, beside keys
 * @param forward who may have ports forwarded
 */
public record SshSettings(
        Duration loginTime,
        Duration idle,
        Duration keepAlive,
        boolean passwords,
        List<ForwardRule> forward) {
    /** Reads them, with their sentences and defaults. */
    public static SshSettings read(Section in) {
        return new SshSettings(
                in.duration(
                        "login_time", "1 min", "How long a peer may take to log in, keys and all."),
                in.duration("idle", "12 h", "How long a peer is kept from which nothing comes."),
                in.duration(
                        "keep_alive",
                        "5 min",
                        "After how long a silence a peer is asked whether it is still there; three"
                                + " questions without an answer end the conversation, \"0 s\" asks"
                                + " nobody."),
                in.flag("passwords", true, "Whether a password logs in, beside keys."),
                in.list(
                        "forward",
                        List.of(),
                        "Who may have ports forwarded, like \"crew may reach db.example:5432\" or"
                                + " \"ada may listen at 8000-8099\"; nobody without a rule.",
                        ForwardRule::of));
    }
}
