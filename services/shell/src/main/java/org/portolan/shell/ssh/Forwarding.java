package org.portolan.shell.ssh;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.sshd.server.session.ServerSession;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Network;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Ports.Listening;
import org.portolan.kernel.Service;
import org.portolan.shell.ssh.ForwardRule.Place;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.wire.Refusal;

/**
 * Ports that are forwarded (RFC 4254 §7), as the rules let an account have them. Its sockets are
 * the kernel's second ones, of a service of their own: {@code forward} in the table and the
 * metrics.
 */
final class Forwarding implements Service {
    /** Ports that one session may have opened. */
    private static final int MOST_LISTENING = 10;

    private final SshSettings settings;
    private final Accounts accounts;
    private final Events events;
    private final Ports ports;

    Forwarding(SshSettings settings, Accounts accounts, Events events, Ports ports) {
        this.settings = settings;
        this.accounts = accounts;
        this.events = events;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "forward";
    }

    @Override
    public List<Door> doors() {
        return List.of();
    }

    /** A destination that does not read keeps the client waiting, and is not hurried. */
    @Override
    public Limits limits() {
        Limits usual = Limits.USUAL;
        return new Limits(
                usual.lineBytes(),
                usual.refusals(),
                settings.idle(),
                usual.command(),
                SshService.LONGEST_SESSION,
                settings.idle(),
                usual.handshake());
    }

    Ports ports() {
        return ports;
    }

    boolean isOff() {
        return settings.forward().isEmpty();
    }

    // ---- reaching

    /**
     * Connects to {@code host} for whoever is logged in at {@code session}.
     *
     * @throws Refusal if no rule lets them
     */
    Connection reach(ServerSession session, String host, int port) throws IOException, Refusal {
        Account account = LogIns.account(session);
        Connection owner = LogIns.connection(session);
        List<Place> places =
                places(account, false).stream().filter(place -> place.hasPort(port)).toList();
        if (places.isEmpty()) { // no name is asked for in vain
            throw refused(owner, account, host + ":" + port);
        }
        InetAddress address = ports.lookUp(host);
        boolean mayBe = !address.isAnyLocalAddress() && !address.isMulticastAddress();
        if (!mayBe || places.stream().noneMatch(place -> place.has(host, address))) {
            throw refused(owner, account, host + ":" + port);
        }
        InetSocketAddress to = new InetSocketAddress(address, port);
        Connection second = ports.dial(owner, this, to);
        note(Events.Kind.FORWARDED, owner, account, "reaches " + host + ":" + port);
        return second;
    }

    // ---- listening

    /**
     * Opens a port for whoever is logged in at {@code session}.
     *
     * @param host as RFC 4254 §7.1 names addresses to listen at
     * @param port 0 for any that the rules allow
     * @return the port
     * @throws Refusal if no rule lets them, or they have enough
     */
    int listen(ServerSession session, String host, int port, Conversation conversation)
            throws IOException, Refusal {
        Account account = LogIns.account(session);
        Connection owner = LogIns.connection(session);
        InetAddress at = address(host);
        Map<InetSocketAddress, Listening> open = socket(session).listening();
        if (open.size() >= MOST_LISTENING) {
            throw new Refusal("there are " + MOST_LISTENING + " ports open already");
        }
        Optional<Place> place =
                places(account, true).stream()
                        .filter(each -> each.has(host, at) && (port == 0 || each.hasPort(port)))
                        .findFirst();
        if (place.isEmpty()) {
            throw refused(owner, account, "listening at " + host + ":" + port);
        }
        Listening listening = open(owner, at, port, place.get(), conversation);
        int opened = listening.at().getPort();
        open.put(new InetSocketAddress(at, opened), listening);
        note(Events.Kind.FORWARDED, owner, account, "listens at " + host + ":" + opened);
        return opened;
    }

    private Listening open(
            Connection owner, InetAddress at, int port, Place place, Conversation conversation)
            throws IOException {
        if (port != 0 || place.first() == 0) {
            return ports.listen(owner, this, new InetSocketAddress(at, port), conversation);
        }
        for (int free = place.first(); free <= place.last(); free++) {
            try {
                return ports.listen(owner, this, new InetSocketAddress(at, free), conversation);
            } catch (BindException taken) {
                // the next one may be free
            }
        }
        throw new BindException("all ports that the rules allow are taken");
    }

    /** RFC 4254 §7.1, in IPv4 where it could be either. */
    private static InetAddress address(String host) throws Refusal {
        try {
            return switch (host) {
                case "", "*" -> Network.address("0.0.0.0");
                case "localhost" -> Network.address("127.0.0.1");
                default -> Network.address(host);
            };
        } catch (IllegalArgumentException e) {
            throw new Refusal("no address to listen at");
        }
    }

    /** Closes a port again; false if it is not open. */
    boolean cancel(ServerSession session, String host, int port) throws Refusal {
        Listening listening =
                socket(session).listening().remove(new InetSocketAddress(address(host), port));
        if (listening == null) {
            return false;
        }
        listening.close();
        return true;
    }

    private static KernelSession socket(ServerSession session) {
        return (KernelSession) session.getIoSession();
    }

    // ---- rules

    private List<Place> places(Account account, boolean listens) throws IOException {
        Set<String> names = new TreeSet<>();
        names.add(account.name());
        try {
            names.addAll(accounts.groupsOf(account));
        } catch (StoreException e) {
            throw new IOException("the groups of an account cannot be read", e);
        }
        return settings.forward().stream()
                .filter(rule -> rule.listens() == listens && rule.concerns(names))
                .flatMap(rule -> rule.places().stream())
                .toList();
    }

    private Refusal refused(Connection owner, Account account, String what) {
        note(Events.Kind.REFUSED, owner, account, "forwarding: " + what);
        return new Refusal("no rule of this site lets " + account.name() + " have that forwarded");
    }

    private void note(Events.Kind kind, Connection owner, Account account, String words) {
        owner.trace(words);
        events.note(
                kind,
                owner.service().name(),
                owner.id(),
                owner.peer().toString(),
                account.name(),
                words);
    }
}
