package org.portolan.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Sockets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code portolan sockets}: the live table, and how to end what is in it. */
final class SocketVerbs implements Callable<Integer> {
    /** An event has room for a few names; a count says the rest. */
    private static final int MOST_NAMED = 10;

    private final Site site;
    private final Sockets sockets;
    private final Clock clock;
    private final Journal journal;
    private final Operator operator;
    private final SocketListing listing = new SocketListing();

    SocketVerbs(Site site, Sockets sockets, Clock clock, Journal journal, Operator operator) {
        this.site = site;
        this.sockets = sockets;
        this.clock = clock;
        this.journal = journal;
        this.operator = operator;
    }

    /** What {@code sockets} without a verb behind it is to show. */
    SocketListing listing() {
        return listing;
    }

    /** Shows the table, once or until the operator has seen enough. */
    @Override
    public Integer call() throws IOException, Refusal {
        Optional<Duration> pause = listing.pause();
        SocketOrder order = listing.order();
        if (pause.isEmpty()) {
            operator.say(page(order));
            return Verbs.DONE;
        }
        boolean screen = operator.terminal() && !listing.json();
        operator.say(screen ? Screen.CLEAR : "");
        while (true) {
            String page = page(order);
            if (screen) {
                operator.say(Screen.redraw(head() + page, operator));
            } else {
                operator.say(listing.json() ? page : head() + page + "\n");
            }
            operator.pause(pause.get());
        }
    }

    private String head() {
        return "%s, %s\n".formatted(site.name(), Words.time(clock.instant()));
    }

    private String page(SocketOrder order) throws Refusal {
        Instant now = clock.instant();
        List<SocketRow> rows = order.sorted(listing.filter().of(wanted(), known()));
        return listing.json()
                ? Json.page(rows.stream().map(row -> row.entry(now)).toList())
                : SocketTables.of(rows, now);
    }

    private List<SocketRow> wanted() {
        List<SocketRow> rows = new ArrayList<>();
        if (listing.tcp()) {
            rows.addAll(conversations());
        }
        if (listing.udp()) {
            sockets.peers().forEach(heard -> rows.add(SocketRow.of(heard)));
            sockets.lines().forEach(line -> rows.add(SocketRow.of(line)));
        }
        return rows;
    }

    private List<SocketRow> conversations() {
        return sockets.open().stream().map(SocketRow::of).flatMap(Optional::stream).toList();
    }

    /** What may be named: services, and their ports. */
    private List<String> known() {
        Stream<String> doors =
                site.doors().stream()
                        .flatMap(d -> Stream.of(d.service().name(), d.door().port().name()));
        return Stream.concat(Stream.of("admin"), doors).distinct().toList();
    }

    @Command(
            name = "close",
            header = "Ends conversations.",
            description = {
                "Each peer hears its protocol's farewell, and its socket is closed: those named by"
                        + " their ids, or all that the options describe. Several options have to"
                        + " be true at once. Nothing keeps anybody from coming back.",
                "",
                "This very conversation is never meant, and those of other administrators only by"
                        + " their id or by --service admin. Peers over UDP have nothing that could"
                        + " be closed."
            },
            footer = {
                "  portolan sockets close smtp-mwq5p7rs-7",
                "  portolan sockets close --account ada",
                "  portolan sockets close --peer 192.0.2.0/24 --service pop3"
            })
    int close(
            @Mixin SocketFilter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..*",
                            description = "Conversations, as `portolan sockets` names them.")
                    @Nullable List<String> ids)
            throws IOException, Refusal {
        List<String> named = ids == null ? List.of() : ids;
        if (named.isEmpty() && filter.isEmpty()) {
            throw Refusal.usage("say which: an ID, --peer, --account or --service");
        }
        List<SocketRow> open = conversations();
        for (String id : named) {
            if (open.stream().noneMatch(row -> row.id().equals(id))) {
                throw Refusal.failed(
                        "no conversation %s is open; `portolan sockets` lists those that are"
                                .formatted(id));
            }
        }
        List<String> meant =
                filter.of(open, known()).stream()
                        .filter(row -> named.isEmpty() || named.contains(row.id()))
                        .filter(
                                row ->
                                        !row.isLocal()
                                                || filter.namesService()
                                                || named.contains(row.id()))
                        .map(SocketRow::id)
                        .filter(id -> !id.equals(operator.conversation()))
                        .toList();
        int closed = close(meant);
        if (closed == 0) {
            throw Refusal.failed("no conversation is open " + filter.words());
        }
        journal.changed("closed " + Words.count(closed, "conversation") + ": " + names(meant));
        operator.say("Closed " + Words.count(closed, "conversation") + ".\n");
        return Verbs.DONE;
    }

    private int close(List<String> ids) {
        int closed = 0;
        for (Connection connection : sockets.open()) {
            if (ids.contains(connection.id())) {
                connection.end(Hangup.Reason.CLOSED_BY_ADMINISTRATOR);
                closed++;
            }
        }
        return closed;
    }

    private static String names(List<String> ids) {
        String first = String.join(", ", ids.stream().limit(MOST_NAMED).toList());
        return ids.size() > MOST_NAMED
                ? first + " and " + (ids.size() - MOST_NAMED) + " more"
                : first;
    }
}
