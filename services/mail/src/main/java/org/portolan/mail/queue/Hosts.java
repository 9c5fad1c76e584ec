package org.portolan.mail.queue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.mail.Names;
import org.portolan.mail.Names.Answer;
import org.portolan.mail.Names.Exchanger;
import org.portolan.wire.Ascii;

/** Finds the servers that take a destination's mail (RFC 5321 §5.1). */
final class Hosts {
    /** More servers of one domain, and more addresses of one server, are not tried. */
    private static final int MOST = 10;

    private final String site;
    private final List<Route> routes;
    private final Names names;
    private final Predicate<InetAddress> ours;

    /**
     * @param site our own name
     * @param routes the first that fits decides
     * @param ours whether an address is this site's own, where it takes mail itself
     */
    Hosts(String site, List<Route> routes, Names names, Predicate<InetAddress> ours) {
        this.site = site;
        this.routes = routes;
        this.names = names;
        this.ours = ours;
    }

    /** Whether an administrator named the servers for {@code domain}. */
    Optional<Route> route(String domain) {
        return routes.stream().filter(route -> route.fits(domain)).findFirst();
    }

    /**
     * The servers for {@code domain}, those to be tried first at the front.
     *
     * @throws Unreachable if there are none, or nobody can say now
     */
    List<Host> of(String domain) throws Unreachable {
        Optional<Route> route = route(domain);
        if (route.isPresent()) {
            Route to = route.get();
            return List.of(new Host(to.host(), addresses(to.host(), to.port(), domain), true));
        }
        if (domain.startsWith("[")) {
            InetAddress address = literal(domain);
            refuseOurs(address, domain);
            return List.of(
                    new Host(
                            address.getHostAddress(),
                            List.of(new InetSocketAddress(address, Route.SMTP)),
                            false));
        }
        Answer<Exchanger> answer = names.exchangers(domain);
        return switch (answer) {
            case Answer.Found<Exchanger> found ->
                    exchangers(domain, found.records(), found.secure());
            // RFC 5321 §5.1: without an MX the domain is its own
            case Answer.NoRecord<Exchanger> none ->
                    List.of(self(domain, addresses(domain, Route.SMTP, domain), none.secure()));
            case Answer.NoSuchName<Exchanger> _ ->
                    throw Unreachable.forEver("the domain " + domain + " does not exist", "5.1.2");
            case Answer.TryAgain<Exchanger> again ->
                    throw Unreachable.forNow(
                            "nobody says who takes mail for " + domain + ": " + again.why(),
                            "4.4.3");
        };
    }

    private Host self(String domain, List<InetSocketAddress> addresses, boolean secure)
            throws Unreachable {
        for (InetSocketAddress address : addresses) {
            refuseOurs(address.getAddress(), domain);
        }
        return new Host(domain, addresses, secure);
    }

    private void refuseOurs(InetAddress address, String domain) throws Unreachable {
        if (ours.test(address)) {
            throw loop(domain);
        }
    }

    private static Unreachable loop(String domain) {
        return Unreachable.forEver(
                "mail for " + domain + " leads back to this site, which does not take it", "5.4.6");
    }

    private List<Host> exchangers(String domain, List<Exchanger> found, boolean secure)
            throws Unreachable {
        if (found.stream().allMatch(exchanger -> exchanger.host().isEmpty())) {
            throw Unreachable.forEver(
                    "the domain " + domain + " takes no mail (null MX)", "5.1.10"); // RFC 7505 §3
        }
        List<Exchanger> sorted = new ArrayList<>(found);
        sorted.removeIf(exchanger -> exchanger.host().isEmpty());
        Collections.shuffle(sorted); // RFC 5321 §5.1: equals share the load
        sorted.sort(Comparator.comparingInt(Exchanger::preference));
        List<Host> hosts = new ArrayList<>();
        Optional<Unreachable> problem = Optional.empty();
        for (Exchanger exchanger : sorted.subList(0, Math.min(MOST, sorted.size()))) {
            try {
                List<InetSocketAddress> addresses = addresses(exchanger.host(), Route.SMTP, domain);
                if (Ascii.same(exchanger.host(), site)
                        || addresses.stream().map(InetSocketAddress::getAddress).anyMatch(ours)) {
                    // RFC 5321 §5.1: those that are no better than we are left out
                    hosts.removeIf(host -> preference(found, host) >= exchanger.preference());
                    if (hosts.isEmpty()) {
                        throw loop(domain);
                    }
                    return hosts;
                }
                hosts.add(new Host(exchanger.host(), addresses, secure));
            } catch (Unreachable e) {
                if (e.outcome().status().equals("5.4.6")) {
                    throw e;
                }
                problem = problem.isPresent() && isForNow(problem.get()) ? problem : Optional.of(e);
            }
        }
        if (hosts.isEmpty()) {
            throw problem.orElseGet(() -> loop(domain));
        }
        return hosts;
    }

    private static int preference(List<Exchanger> found, Host host) {
        return found.stream()
                .filter(exchanger -> exchanger.host().equals(host.name()))
                .mapToInt(Exchanger::preference)
                .min()
                .orElse(0);
    }

    private static boolean isForNow(Unreachable problem) {
        return problem.outcome() instanceof Outcome.Deferred;
    }

    /** IPv6 and IPv4 by turns, IPv6 first (RFC 8305 §4). */
    private List<InetSocketAddress> addresses(String host, int port, String domain)
            throws Unreachable {
        if (host.indexOf(':') >= 0 || host.matches("[0-9.]+")) {
            return List.of(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        }
        Answer<InetAddress> six = names.ipv6(host);
        Answer<InetAddress> four = names.ipv4(host);
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            for (Answer<InetAddress> answer : List.of(six, four)) {
                if (i < answer.records().size()) {
                    addresses.add(new InetSocketAddress(answer.records().get(i), port));
                }
            }
        }
        if (!addresses.isEmpty()) {
            return addresses;
        }
        Optional<String> trouble = Names.trouble(six).or(() -> Names.trouble(four));
        if (trouble.isPresent()) {
            throw Unreachable.forNow(
                    "the address of %s is not to be had now: %s".formatted(host, trouble.get()),
                    "4.4.3");
        }
        String which = host.equals(domain) ? "the domain " + domain : host + ", for " + domain;
        throw Unreachable.forEver(which + ", has no address", "5.1.2");
    }

    /** RFC 5321 §4.1.3 */
    private static InetAddress literal(String domain) throws Unreachable {
        String inside = domain.substring(1, domain.length() - 1);
        String text = Ascii.upper(inside).startsWith("IPV6:") ? inside.substring(5) : inside;
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (text.equals(inside) == address instanceof Inet6Address) {
                throw new IllegalArgumentException("the other kind");
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw Unreachable.forEver(domain + " is no address", "5.1.2");
        }
    }
}
