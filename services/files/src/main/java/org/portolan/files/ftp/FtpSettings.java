package org.portolan.files.ftp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.portolan.kernel.Ports.PortRange;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param idle how long a silent peer is kept
 * @param session how long a conversation may last
 * @param passive where data connections are waited for
 * @param outside the address that PASV tells
 * @param anonymous whether anybody may read what is public
 * @param clearText whether accounts may do without TLS beyond this machine
 * @param resumption whether a data connection has to resume the conversation's TLS session
 * @param closure whether an upload in TLS has to end with TLS's closing word
 */
public record FtpSettings(
        Duration idle,
        Duration session,
        PortRange passive,
        Optional<InetAddress> outside,
        boolean anonymous,
        boolean clearText,
        boolean resumption,
        boolean closure) {
    /** Reads them, with their sentences and defaults. */
    public static FtpSettings read(Section in) {
        return new FtpSettings(
                in.duration("idle", "5 min", "How long a silent peer is kept."),
                in.duration("session", "1 d", "How long one conversation may last."),
                passivePorts(in),
                outsideAddress(in),
                in.flag(
                        "anonymous",
                        false,
                        "Whether anybody may log in as anonymous, to read what is public."),
                in.flag(
                        "clear_text",
                        false,
                        "Whether accounts may log in and move files without TLS from other"
                                + " machines."),
                in.flag(
                        "tls_resumption",
                        true,
                        "Whether a data connection in TLS has to resume the session of the"
                                + " conversation, so that nobody else can take it; a few clients"
                                + " cannot."),
                in.flag(
                        "tls_closure",
                        false,
                        "Whether an upload in TLS has to end with TLS's closing word, so that"
                                + " nobody can cut it short; lftp often leaves it out."));
    }

    private static PortRange passivePorts(Section in) {
        String key = "passive_ports";
        String text =
                in.text(
                        key,
                        "",
                        "Where data connections are waited for, such as 40000-40999; any free port"
                                + " if empty.");
        if (text.isEmpty()) {
            return PortRange.ANY;
        }
        String[] ends = text.split("-", -1);
        try {
            int first = Integer.parseInt(ends[0].strip());
            int last = Integer.parseInt(ends[ends.length - 1].strip());
            if (ends.length <= 2 && first >= 1024 && last <= 65_535 && first <= last) {
                return new PortRange(first, last);
            }
        } catch (NumberFormatException e) {
            in.problem(key, "two numbers with a - between them are wanted, not " + text);
            return PortRange.ANY;
        }
        in.problem(key, "two ports from 1024 to 65535 are wanted, the smaller one first");
        return PortRange.ANY;
    }

    private static Optional<InetAddress> outsideAddress(Section in) {
        String key = "outside_address";
        String text =
                in.text(
                        key,
                        "",
                        "The IPv4 address that PASV tells peers beyond this network, where a router"
                                + " translates addresses.");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (address.getAddress().length == 4) {
                return Optional.of(address);
            }
        } catch (IllegalArgumentException e) {
            in.problem(key, "an IPv4 address is wanted, not " + text);
            return Optional.empty();
        }
        in.problem(key, "PASV has room for an IPv4 address only");
        return Optional.empty();
    }
}
