package org.portolan.shell.telnet;

import java.time.Duration;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param anywhere whether peers beyond this host may log in
 * @param idle how long a silent peer is kept
 */
public record TelnetSettings(boolean anywhere, Duration idle) {
    /** Reads them, with their sentences and defaults. */
    public static TelnetSettings read(Section in) {
        return new TelnetSettings(
                in.flag(
                        "anywhere",
                        false,
                        "Lets peers beyond this host log in, whose passwords anybody on the way"
                                + " reads; SSH is there for that."),
                in.duration("idle", "1 h", "How long a peer is kept from which nothing comes."));
    }
}
