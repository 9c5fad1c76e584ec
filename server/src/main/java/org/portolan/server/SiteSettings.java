package org.portolan.server;

import ch.qos.logback.classic.Level;
import java.net.IDN;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;
import org.portolan.kernel.Size;
import org.portolan.kernel.firewall.Rule;
import org.portolan.mail.queue.Lifetime;
import org.portolan.mail.screening.ScreeningSettings;
import org.portolan.stores.files.FileRules;
import org.portolan.stores.zones.SiteZone;

/**
 * The settings of the site as a whole.
 *
 * @param name what services greet with, and what certificates are made out to
 * @param domains whose mail ends here
 * @param addresses where every port is opened
 * @param portOffset added to every well-known port
 * @param drain how long a stop waits
 * @param limits connections in all, per peer, per network
 * @param rules of the firewall, in their order
 * @param lockOut of who guesses passwords
 * @param resolver whom to ask for names
 * @param screening of mail that comes
 * @param files of the file tree
 * @param fileEvents whether what is changed in it is an event
 * @param logLevel of the log
 * @param logFormat text or json
 * @param metricsPort of the metrics page; 0 for none
 * @param lifetime of messages in the queue
 */
record SiteSettings(
        String name,
        List<String> domains,
        List<InetAddress> addresses,
        int portOffset,
        Duration drain,
        ConnectionLimits limits,
        List<Rule> rules,
        LoginGuard.Limits lockOut,
        ResolverSettings resolver,
        ScreeningSettings screening,
        FileRules files,
        boolean fileEvents,
        Level logLevel,
        LogFormat logFormat,
        int metricsPort,
        Lifetime lifetime) {

    /** Letters, digits and hyphens in labels between dots (RFC 1123 §2.1), and underscores. */
    private static final Pattern HOST =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    /** How a line of the log looks. */
    enum LogFormat {
        TEXT,
        JSON
    }

    /** Who is not refused. */
    private record Trusted(List<Network> networks) implements Predicate<InetAddress> {
        @Override
        public boolean test(InetAddress from) {
            return networks.stream().anyMatch(network -> network.contains(from));
        }
    }

    /** How many may be connected. */
    record ConnectionLimits(int connections, int perPeer, int perNetwork, int datagramsPerPeer) {}

    static SiteSettings read(SettingsFile file) {
        Section top = file.top();
        String name = name(top);
        List<String> domains =
                top.list(
                        "domains",
                        List.of("portolan.localhost", "localhost"),
                        "The domains whose mail ends here; `portolan domain add` adds more.",
                        SiteSettings::domain);
        if (domains.isEmpty()) {
            top.problem("domains", "at least one is wanted");
        }
        List<InetAddress> addresses =
                top.list(
                        "addresses",
                        List.of("127.0.0.1", "::1"),
                        "Where every port is opened: \"0.0.0.0\" and \"::\" are all of the host's.",
                        SiteSettings::address);
        if (addresses.isEmpty()) {
            top.problem("addresses", "at least one is wanted");
        }
        int offset =
                top.number(
                        "port_offset",
                        10_000,
                        0,
                        50_000,
                        "Added to every well-known port (25 becomes 10025); 0 for the real ports.");
        Duration drain =
                top.duration("drain", "10 s", "How long a stop waits for conversations to finish.");
        ConnectionLimits limits = limits(file.section("limits"));
        List<Rule> rules =
                file.section("firewall")
                        .list(
                                "rules",
                                List.of(),
                                "Who may reach what, the first that applies decides: \"allow smtp"
                                        + " from 10.0.0.0/8\"; without rules only this host may.",
                                Rule::of);
        LoginGuard.Limits lockOut = lockOut(file.section("lockout"));
        ResolverSettings resolver = ResolverSettings.read(file.section("resolver"));
        ScreeningSettings screening = ScreeningSettings.read(file.section("screening"));
        FileRules files = files(file.section("files"));
        boolean fileEvents = fileEvents(file.section("files"));
        Section log = file.section("log");
        Level level =
                Level.toLevel(
                        choice(log, "level", "info", "error, warn, info or debug."), Level.INFO);
        String format = choice(log, "format", "text", "text or json: how a line of the log looks.");
        int metrics =
                file.section("metrics")
                        .number(
                                "port",
                                0,
                                0,
                                65_535,
                                "Serves http://localhost:PORT/metrics for Prometheus; 0 for not.");
        return new SiteSettings(
                name,
                domains,
                addresses,
                offset,
                drain,
                limits,
                rules,
                lockOut,
                resolver,
                screening,
                files,
                fileEvents,
                level,
                format.equals("json") ? LogFormat.JSON : LogFormat.TEXT,
                metrics,
                Lifetime.read(file.section("queue")));
    }

    private static String name(Section top) {
        String name =
                top.text(
                        "name",
                        "portolan.localhost",
                        "The site's name: services greet with it, certificates are made out to"
                                + " it.");
        if (!HOST.matcher(name).matches()) {
            top.problem("name", "a host name is wanted, like \"mail.example.org\"");
        }
        return name;
    }

    /** The ASCII form of a domain's name, in which everything else compares it (RFC 5890). */
    private static String domain(String text) {
        String ascii = text;
        try {
            ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            ascii = ""; // no domain, as is said below
        }
        if (!HOST.matcher(ascii).matches()) {
            throw new IllegalArgumentException(
                    "a domain is wanted, like \"example.org\", not \"" + text + "\"");
        }
        return ascii;
    }

    private static LoginGuard.Limits lockOut(Section in) {
        Duration window =
                in.duration("window", "15 min", "Within which failed log-ins are counted.");
        int perAddress =
                in.number(
                        "per_address",
                        10,
                        2,
                        1_000_000,
                        "Failed log-ins of one address (IPv6: /64) before it is refused.");
        int perNetwork =
                in.number("per_network", 50, 2, 1_000_000, "The same of one IPv4 /24 or IPv6 /48.");
        int perAccount =
                in.number(
                        "per_account",
                        100,
                        2,
                        1_000_000,
                        "The same to one account; where it logged in from before stays open.");
        Duration delay =
                in.duration(
                        "delay",
                        "250 ms",
                        "How long the answer to a third failure waits; it doubles with each.");
        Duration refusal =
                in.duration(
                        "refusal",
                        "15 min",
                        "How long log-ins are refused; the next time twice that.");
        List<Network> trusted =
                in.list(
                        "trusted",
                        List.of(),
                        "Networks that are slowed down but never refused; this host is one.",
                        Network::of);
        return new LoginGuard.Limits(
                window, perAddress, perNetwork, perAccount, delay, refusal, new Trusted(trusted));
    }

    private static boolean fileEvents(Section in) {
        return in.flag(
                "events",
                true,
                "Whether each file that is added, changed, renamed or removed is an event; an"
                        + " account causes 1000 at once at most, and one a second.");
    }

    private static FileRules files(Section in) {
        boolean whole =
                in.flag(
                        "whole_uploads",
                        true,
                        "A file that is uploaded is seen when all of it is on disk; false: at once,"
                                + " and what breaks off stays.");
        boolean follows =
                in.flag(
                        "follow_links",
                        true,
                        "Symbolic links are followed where they stay inside their home or shared"
                                + " folder.");
        boolean makes =
                in.flag(
                        "make_links",
                        false,
                        "Who may write may make symbolic and hard links, as SFTP can.");
        Size home = in.size("home_quota", "0 B", "How much a home may hold; \"0 B\" for no limit.");
        Size shared =
                in.size(
                        "shared_quota",
                        "0 B",
                        "The same of a shared folder, and of the drop folder.");
        if (makes && !follows) {
            in.problem("make_links", "links that are not followed need not be made");
        }
        FileRules.Links links =
                makes
                        ? FileRules.Links.MADE
                        : follows ? FileRules.Links.FOLLOWED : FileRules.Links.IGNORED;
        return new FileRules(
                whole ? FileRules.Uploads.WHOLE : FileRules.Uploads.IN_PLACE,
                links,
                home.bytes(),
                shared.bytes());
    }

    private static ConnectionLimits limits(Section limits) {
        return new ConnectionLimits(
                limits.number(
                        "connections", 20_000, 1, 1_000_000, "The most connections of all peers."),
                limits.number(
                        "per_peer", 250, 1, 1_000_000, "The most connections of one address."),
                limits.number(
                        "per_network",
                        1000,
                        1,
                        1_000_000,
                        "The most connections of one IPv4 /24 or IPv6 /64."),
                limits.number(
                        "datagrams_per_peer",
                        20_000,
                        1,
                        100_000_000,
                        "The most UDP requests a second of one address other than the host's."));
    }

    private static String choice(Section in, String key, String standard, String sentence) {
        String given = in.text(key, standard, sentence).toLowerCase(Locale.ROOT);
        List<String> choices = List.of(sentence.split("[^a-z]+"));
        if (!choices.contains(given)) {
            in.problem(key, "choose one of: " + sentence);
            return standard;
        }
        return given;
    }

    private static InetAddress address(String text) {
        try {
            return Network.address(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "an IP address is wanted, like \"192.0.2.7\" or \"::1\", not \"" + text + "\"",
                    e);
        }
    }

    /** Whether another server that calls {@code address} for mail would reach this site. */
    boolean takesMailAt(InetAddress address) {
        return portOffset == 0 && HostAddresses.of(addresses).contains(address);
    }

    /** What its own zone says: for "all addresses" those that others can reach it at. */
    SiteZone ownZone() {
        return SiteZone.of(name, domains, HostAddresses.of(addresses));
    }

    /** What the kernel needs of it. */
    KernelSettings forKernel(Path traces, Set<String> traced) {
        return new KernelSettings(
                addresses,
                portOffset,
                limits.connections,
                limits.perPeer,
                limits.perNetwork,
                limits.datagramsPerPeer,
                drain,
                Optional.of(traces),
                traced);
    }
}
