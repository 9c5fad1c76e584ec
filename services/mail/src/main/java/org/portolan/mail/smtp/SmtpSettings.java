package org.portolan.mail.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;
import org.portolan.kernel.Size;

/**
 * What an administrator can set.
 *
 * @param messageSize the largest message
 * @param recipients of one message
 * @param idle how long a silent peer is kept
 * @param relayFrom networks that may send to the world without logging in
 * @param ownSenders whether who logs in may send as themselves only
 */
public record SmtpSettings(
        Size messageSize,
        int recipients,
        Duration idle,
        List<Network> relayFrom,
        boolean ownSenders) {
    /** Whether a machine at {@code address} may send to the world as it is. */
    boolean relaysFor(InetAddress address) {
        return relayFrom.stream().anyMatch(network -> network.contains(address));
    }

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
                        "How long a silent peer is kept before it gets 421 (RFC 5321: 5 min)."),
                in.list(
                        "relay_from",
                        List.of(),
                        "Networks whose machines may send to the world without logging in:"
                                + " \"10.0.7.0/24\".",
                        Network::of),
                in.flag(
                        "own_senders",
                        true,
                        "Whether who logs in may send from addresses that lead to them only."));
    }
}
