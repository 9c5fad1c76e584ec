package org.portolan.mail.pop3;

import java.time.Duration;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param idle how long a silent peer is kept
 */
public record Pop3Settings(Duration idle) {
    /** Reads them, with their sentences and defaults. */
    public static Pop3Settings read(Section in) {
        return new Pop3Settings(
                in.duration(
                        "idle",
                        "10 min",
                        "How long a silent peer is kept (RFC 1939: at least 10 min)."));
    }
}
