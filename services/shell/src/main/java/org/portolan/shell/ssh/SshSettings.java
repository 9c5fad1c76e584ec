package org.portolan.shell.ssh;

import java.time.Duration;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param loginTime until when a peer must have logged in
 * @param idle how long a silent peer is kept
 * @param passwords whether a password logs in, beside keys
 */
public record SshSettings(Duration loginTime, Duration idle, boolean passwords) {
    /** Reads them, with their sentences and defaults. */
    public static SshSettings read(Section in) {
        return new SshSettings(
                in.duration(
                        "login_time", "1 min", "How long a peer may take to log in, keys and all."),
                in.duration("idle", "12 h", "How long a peer is kept from which nothing comes."),
                in.flag("passwords", true, "Whether a password logs in, beside keys."));
    }
}
