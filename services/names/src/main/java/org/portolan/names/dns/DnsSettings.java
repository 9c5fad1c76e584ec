package org.portolan.names.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param udpSize the most bytes of a datagram
 * @param rateLimit answers of one kind to one network in a second; 0 for any number
 * @param slip one of so many withheld answers is sent truncated
 * @param rateLimitExempt networks that are not limited
 * @param transferTo networks that may have whole zones
 * @param notified who is told when a zone changes
 * @param cookiesRequired whether who asks by UDP has to show a cookie
 * @param cookieSecret 16 bytes, shared by servers of one address; empty for a random one
 * @param version what is said of our version; empty for nothing
 * @param hostname what is said of our name; empty for nothing
 * @param idle how long a silent peer is kept
 */
public record DnsSettings(
        int udpSize,
        int rateLimit,
        int slip,
        List<Network> rateLimitExempt,
        List<Network> transferTo,
        List<InetSocketAddress> notified,
        boolean cookiesRequired,
        Optional<byte[]> cookieSecret,
        String version,
        String hostname,
        Duration idle) {
    private static final int SECRET_BYTES = 16;
    private static final int PORT = 53;

    /** Reads them, with their sentences and defaults. */
    public static DnsSettings read(Section in) {
        return new DnsSettings(
                in.number(
                        "udp_size",
                        1232, // what passes everywhere without fragments
                        512,
                        DnsService.LONGEST_DATAGRAM,
                        "The most bytes of an answer by UDP, also for who would take more."),
                in.number(
                        "rate_limit",
                        200,
                        0,
                        60_000,
                        "Like answers by UDP to one network (/24, /56) in a second; 0: no limit."),
                in.number(
                        "slip",
                        2,
                        0,
                        100,
                        "One of so many withheld answers is sent truncated; 0 for none."),
                in.list(
                        "rate_limit_exempt",
                        List.of("127.0.0.0/8", "::1"),
                        "The networks that rate_limit does not hold for.",
                        Network::of),
                in.list(
                        "transfer_to",
                        List.of(),
                        "The networks that may have whole zones (AXFR); empty for nobody.",
                        Network::of),
                in.list(
                        "notify",
                        List.of(),
                        "The servers that are told when a zone changes: \"192.0.2.7\", or"
                                + " \"192.0.2.7 5300\" for another port than 53.",
                        DnsSettings::server),
                in.flag(
                        "cookies_required",
                        false,
                        "Whether UDP without a valid cookie (RFC 7873) is sent on to TCP."),
                secret(in),
                in.text(
                        "version",
                        "",
                        "What version.bind in class CHAOS is answered; empty for a refusal."),
                in.text(
                        "hostname",
                        "",
                        "What hostname.bind in class CHAOS is answered; empty for a refusal."),
                in.duration("idle", "10 s", "How long a silent peer is kept (RFC 7766 §6.2.3)."));
    }

    private static Optional<byte[]> secret(Section in) {
        String hex =
                in.text(
                        "cookie_secret",
                        "",
                        "32 hexadecimal digits, the same on all servers of one address; empty for"
                                + " a random one at each start.");
        if (hex.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] secret = HexFormat.of().parseHex(hex);
            if (secret.length == SECRET_BYTES) {
                return Optional.of(secret);
            }
        } catch (IllegalArgumentException e) {
            in.problem("cookie_secret", "32 hexadecimal digits are wanted");
            return Optional.empty();
        }
        in.problem("cookie_secret", "32 hexadecimal digits are wanted");
        return Optional.empty();
    }

    private static InetSocketAddress server(String text) {
        String[] words = text.strip().split(" +", 2);
        InetAddress address = Network.address(words[0]);
        if (words.length == 1) {
            return new InetSocketAddress(address, PORT);
        }
        try {
            return new InetSocketAddress(address, Integer.parseInt(words[1]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "an address is wanted, or an address and a port, not \"" + text + "\"", e);
        }
    }
}
