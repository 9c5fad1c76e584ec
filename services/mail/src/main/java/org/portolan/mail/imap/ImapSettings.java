package org.portolan.mail.imap;

import java.time.Duration;
import org.portolan.kernel.Section;
import org.portolan.kernel.Size;

/**
 * What an administrator can set.
 *
 * @param idle how long a silent peer is kept
 * @param messageSize the largest message that a client may add
 */
public record ImapSettings(Duration idle, Size messageSize) {
    /** Reads them, with their sentences and defaults. */
    public static ImapSettings read(Section in) {
        return new ImapSettings(
                in.duration(
                        "idle",
                        "30 min",
                        "How long a silent peer is kept (RFC 9051: at least 30 min)."),
                in.size(
                        "message_size",
                        "100 MB",
                        "The largest message that a client may add to a mailbox."));
    }
}
