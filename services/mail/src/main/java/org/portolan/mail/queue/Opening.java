package org.portolan.mail.queue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.kernel.Trust;
import org.portolan.mail.queue.QueueSettings.Security;
import org.portolan.wire.Ascii;

/** Begins conversations with other servers: to where MAIL may be said. */
final class Opening {
    private static final int SUBMISSIONS = 465;

    private final String site;
    private final QueueSettings settings;
    private final Ports ports;
    private final Service service;
    private final Authorities authorities;

    Opening(
            String site,
            QueueSettings settings,
            Ports ports,
            Service service,
            Authorities authorities) {
        this.site = site;
        this.settings = settings;
        this.ports = ports;
        this.service = service;
        this.authorities = authorities;
    }

    /** Whom to trust; read with the first handshake, because that takes a while. */
    interface Authorities {
        Trust trust() throws IOException;
    }

    /**
     * A conversation with the first of {@code hosts} that is willing.
     *
     * @throws Unreachable if none is
     */
    SmtpClient to(List<Host> hosts) throws Unreachable {
        Optional<Unreachable> problem = Optional.empty();
        for (Host host : hosts) {
            Reaching reaching = new Reaching(ports, service, host.addresses());
            try {
                Optional<Connection> answered = reaching.next();
                while (answered.isPresent()) {
                    try {
                        return ready(answered.get(), host);
                    } catch (Unreachable e) {
                        problem = Optional.of(e);
                    }
                    answered = reaching.next();
                }
            } finally {
                reaching.close();
            }
            if (problem.isEmpty()) {
                problem =
                        Optional.of(
                                Unreachable.forNow(
                                        host.name() + " does not answer: " + reaching.problems(),
                                        "4.4.1"));
            }
        }
        throw problem.orElseGet(() -> Unreachable.forNow("there is no server", "4.4.4"));
    }

    private SmtpClient ready(Connection connection, Host host) throws Unreachable {
        try {
            return introduced(connection, host, true);
        } catch (TlsTrouble e) {
            if (settings.security() != Security.OPPORTUNISTIC || isRelay(host)) {
                throw Unreachable.forNow(said(host, why(e)), "4.7.5");
            }
            return inTheClear(connection, host);
        }
    }

    /** Who cannot shake hands may be spoken to in the clear, where that is allowed at all. */
    private SmtpClient inTheClear(Connection failed, Host host) throws Unreachable {
        InetSocketAddress again =
                new InetSocketAddress(failed.peer().address(), failed.peer().port());
        try {
            return introduced(ports.dial(service, again, Optional.empty()), host, false);
        } catch (IOException | TlsTrouble e) {
            throw Unreachable.forNow(said(host, why(e)), "4.4.1");
        }
    }

    private static final class TlsTrouble extends Exception {
        private static final long serialVersionUID = 1L;

        TlsTrouble(String why) {
            super(why);
        }
    }

    private SmtpClient introduced(Connection connection, Host host, boolean mayTls)
            throws Unreachable, TlsTrouble {
        SmtpClient client = new SmtpClient(connection, site);
        boolean kept = false;
        try {
            introduce(client, host, mayTls);
            if (host.secure()) {
                client.trusted();
            }
            kept = true;
            return client;
        } catch (IOException e) {
            throw Unreachable.forNow(said(host, why(e)), "4.4.2");
        } finally {
            if (!kept) {
                client.quit();
                ports.hangUp(connection);
            }
        }
    }

    private void introduce(SmtpClient client, Host host, boolean mayTls)
            throws IOException, Unreachable, TlsTrouble {
        boolean atOnce = client.connection().peer().port() == SUBMISSIONS;
        if (atOnce) {
            secure(client, host, true);
        }
        check(client.greeting(), host);
        greet(client, host);
        if (!atOnce && mayTls && client.offers("STARTTLS")) {
            secure(client, host, false);
            greet(client, host);
        }
        boolean secured = client.connection().tls().isPresent();
        if (settings.security() != Security.OPPORTUNISTIC && !secured) {
            throw Unreachable.forNow(said(host, "it offers no TLS"), "4.7.10");
        }
        if (settings.security() == Security.VERIFIED && !client.verified()) {
            throw Unreachable.forNow(said(host, "its certificate is not good"), "4.7.5");
        }
        if (isRelay(host)) {
            logIn(client, host);
        }
    }

    private void secure(SmtpClient client, Host host, boolean atOnce)
            throws IOException, Unreachable, TlsTrouble {
        Trust trust = authorities.trust();
        try {
            if (atOnce) {
                client.secure(host.name(), trust);
            } else {
                ServerReply reply = client.startTls(host.name(), trust);
                if (!reply.positive()) {
                    throw new TlsTrouble("STARTTLS: " + reply);
                }
            }
        } catch (SmtpClient.Broken e) {
            throw Unreachable.forNow(said(host, why(e)), "4.7.0");
        } catch (IOException e) {
            throw new TlsTrouble("TLS: " + why(e));
        }
    }

    private void greet(SmtpClient client, Host host) throws IOException, Unreachable {
        check(client.hello(), host);
        if (Ascii.same(client.name(), site)) { // it would come back, and leave again
            throw Unreachable.forEver(said(host, "it is this site itself"), "5.4.6");
        }
    }

    private static void check(ServerReply reply, Host host) throws Unreachable {
        if (reply.code() == 521 || reply.code() == 556) { // RFC 7504: it takes no mail, ever
            throw new Unreachable(new Outcome.Failed(said(host, reply.toString()), reply.status()));
        }
        if (!reply.positive()) {
            throw Unreachable.forNow(
                    said(host, reply.toString()), "4" + reply.status().substring(1));
        }
    }

    private boolean isRelay(Host host) {
        return settings.relay().isPresent() && settings.relay().get().host().equals(host.name());
    }

    private void logIn(SmtpClient client, Host host) throws IOException, Unreachable {
        QueueSettings.Relay relay = settings.relay().orElseThrow();
        if (!client.verified() && !client.connection().peer().loopback()) {
            throw Unreachable.forNow(
                    said(host, "the password is not sent without verified TLS"), "4.7.5");
        }
        List<String> lines = Files.readAllLines(relay.passwordFile());
        ServerReply reply = client.logIn(relay.user(), lines.isEmpty() ? "" : lines.getFirst());
        if (!reply.positive()) {
            throw Unreachable.forNow(said(host, "log-in: " + reply), "4.7.8");
        }
    }

    private static String why(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static String said(Host host, String what) {
        return host.name() + ": " + ServerReply.printable(what);
    }
}
