package org.portolan.mail.smtp;

import java.time.Duration;
import org.portolan.kernel.Section;
import org.portolan.kernel.Size;

/**
 * What an administrator can set.
 *
 * @param messageSize the largest message
 * @param recipients of one message
 * @param idle how long a silent peer is kept
 */
public record SmtpSettings(Size messageSize, int recipients, Duration idle) {
    /** Reads them, with their sentences and defaults. */
    public static SmtpSettings read(Section in) {
        return new SmtpSettings(
                in.size(
                        "message_size",
                        "35 MB",
                        "The largest message accepted; EHLO tells it, and a larger one gets 552."),
                in.number(
                        "recipients",
                        1000,
                        100, // RFC 5321 §4.5.3.1.8
                        100_000,
                        "The most recipients of one message; further ones get 452."),
                in.duration(
                        "idle",
                        "5 min",
                        "How long a silent peer is kept before it gets 421 (RFC 5321: 5 min)."));
    }
}
