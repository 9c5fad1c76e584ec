package org.portolan.mail.queue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.kernel.Section;

/**
 * What an administrator can set about mail that leaves.
 *
 * @param routes the first that fits decides; a smart host is the last of them
 * @param relay where to log in, and as whom; only the smart host is told the password
 * @param security of the way to other servers
 * @param authorities whom to trust instead of the public ones
 * @param schedule of tries
 * @param perDestination conversations at once with one destination
 * @param connections at once in all
 */
public record QueueSettings(
        List<Route> routes,
        Optional<Relay> relay,
        Security security,
        Optional<Path> authorities,
        Schedule schedule,
        int perDestination,
        int connections) {

    /** A server that takes mail for everybody, from those who log in. */
    record Relay(String host, String user, Path passwordFile) {}

    /** What is asked of TLS on the way to another server. */
    enum Security {
        /** Used where it is offered. */
        OPPORTUNISTIC,
        /** Without it nothing is sent. */
        REQUIRED,
        /** The same, and the certificate has to be good for the server's name. */
        VERIFIED
    }

    /** Reads them, with their sentences and defaults. */
    public static QueueSettings read(Section in) {
        List<Route> routes =
                new ArrayList<>(
                        in.list(
                                "routes",
                                List.of(),
                                "Where mail for a domain goes instead of to its MX: \"example.org"
                                        + " mx.example.org:25\"; \".example.org\" is all below it.",
                                Route::of));
        String smartHost =
                in.text(
                        "smart_host",
                        "",
                        "A server that takes all mail for which there is no route:"
                                + " \"smtp.example.net:587\"; empty for none.");
        if (!smartHost.isEmpty()) {
            addSmartHost(in, routes, smartHost);
        }
        String user =
                in.text("smart_host_user", "", "As whom to log in there; empty for no log-in.");
        String password =
                in.text(
                        "smart_host_password_file",
                        "",
                        "A file whose first line is the password; it is sent over verified TLS"
                                + " only.");
        Optional<Relay> relay =
                user.isEmpty() || routes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Relay(routes.getLast().host(), user, Path.of(password)));
        return new QueueSettings(
                List.copyOf(routes),
                relay,
                security(in),
                authorities(in),
                new Schedule(
                        in.duration("first_retry", "5 min", "How long after a failure to retry."),
                        in.duration(
                                "longest_retry",
                                "4 h",
                                "The wait doubles with each failure, up to this.")),
                in.number(
                        "per_destination",
                        10,
                        1,
                        1000,
                        "The most conversations at once with the servers of one domain."),
                in.number("connections", 100, 1, 10_000, "The most conversations at once in all."));
    }

    private static void addSmartHost(Section in, List<Route> routes, String smartHost) {
        try {
            routes.add(Route.of("* " + smartHost));
        } catch (IllegalArgumentException e) {
            in.problem("smart_host", "written like \"smtp.example.net:587\", please");
        }
    }

    private static Security security(Section in) {
        String given =
                in.text(
                        "tls",
                        "opportunistic",
                        "opportunistic: used where it is offered; required: nothing is sent"
                                + " without; verified: nor to who cannot prove its name.");
        try {
            return Security.valueOf(given.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            in.problem("tls", "choose one of: opportunistic, required, verified");
            return Security.OPPORTUNISTIC;
        }
    }

    private static Optional<Path> authorities(Section in) {
        String file =
                in.text(
                        "authorities",
                        "",
                        "A PEM file of the authorities to trust; empty for the public ones.");
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }
}
