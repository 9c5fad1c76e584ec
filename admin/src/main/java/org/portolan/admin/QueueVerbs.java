package org.portolan.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.MailQueue.Line;
import org.portolan.stores.mail.MailQueue.Recipient;
import org.portolan.stores.mail.MailQueue.Totals;
import org.portolan.stores.mail.MailQueue.Wanted;
import org.portolan.stores.mail.MailQueue.Work;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan queue …}: mail on its way out. */
final class QueueVerbs {
    private static final int PAGE = 500;
    private static final int MOST_SECONDS = 240;

    /** A reply in a table; {@code show} has all of it. */
    private static final int SHORT = 70;

    private final Mail mail;
    private final Clock clock;
    private final Journal journal;
    private final Operator operator;

    QueueVerbs(Mail mail, Clock clock, Journal journal, Operator operator) {
        this.mail = mail;
        this.clock = clock;
        this.journal = journal;
        this.operator = operator;
    }

    /** What is to be done with messages. */
    private interface Step {
        int on(Wanted wanted) throws StoreException;
    }

    @Command(
            name = "list",
            header = "Lists the messages that are on their way out.",
            description = {
                "The oldest first: id, age, size, sender, how many recipients still wait (of all),"
                        + " the first of their domains, when it is tried next, and what was said"
                        + " last.",
                "",
                "With --json: a list of objects with id, accepted, size, sender, account, waiting,"
                        + " held, done, destination, tries, next, expires, sending and reply."
            },
            footer = {
                "  portolan queue list",
                "  portolan queue list --destination example.org",
                "  portolan queue list --follow",
                "  portolan queue list --json | jq length"
            })
    int list(
            @Mixin QueueFilter filter,
            @Option(names = "--json", description = "For programs.") boolean json,
            @Option(
                            names = {"--follow", "--watch"},
                            arity = "0..1",
                            fallbackValue = "2",
                            paramLabel = "SECONDS",
                            description =
                                    "Again and again, every 2 seconds if left out, until Ctrl-C.")
                    @Nullable String follow)
            throws IOException, StoreException, Refusal {
        if (follow == null) {
            page(filter, json);
            return Verbs.DONE;
        }
        int seconds = follow.matches("[0-9]{1,3}") ? Integer.parseInt(follow) : 0;
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw Refusal.usage("--follow takes a number of seconds from 1 to " + MOST_SECONDS);
        }
        boolean screen = operator.terminal() && !json;
        operator.say(screen ? Screen.CLEAR : "");
        while (true) {
            if (screen) {
                operator.say(Screen.redraw(beginning(filter), operator));
            } else {
                page(filter, json);
            }
            operator.pause(Duration.ofSeconds(seconds));
        }
    }

    /** What a screen may show of it: the totals, and the oldest rows. */
    private String beginning(QueueFilter filter) throws StoreException {
        List<Line> lines = mail.queue().list(filter.wanted(""), 0, PAGE);
        String totals = totals(mail.queue().totals());
        return lines.isEmpty() ? totals : totals + table(lines, clock.instant());
    }

    /** A page of rows at a time: there may be a hundred thousand. */
    private void page(QueueFilter filter, boolean json) throws IOException, StoreException {
        long after = 0;
        boolean first = true;
        Instant now = clock.instant();
        while (true) {
            List<Line> lines = mail.queue().list(filter.wanted(""), after, PAGE);
            if (json) {
                say(lines, first);
            } else if (!lines.isEmpty()) {
                operator.say(table(lines, now));
            }
            first = first && lines.isEmpty();
            if (lines.size() < PAGE) {
                break;
            }
            after = lines.getLast().message().number();
        }
        operator.say(json ? (first ? "[]\n" : "\n]\n") : totals(mail.queue().totals()));
    }

    private void say(List<Line> lines, boolean first) throws IOException {
        boolean begun = !first;
        for (Line line : lines) {
            operator.say((begun ? ",\n" : "[\n") + Json.line(entry(line)));
            begun = true;
        }
    }

    private static String totals(Totals totals) {
        return "%s (%s), %d waiting and %d held, for %s\n"
                .formatted(
                        Words.count(totals.messages(), "message"),
                        Words.bytes(totals.bytes()),
                        totals.waiting(),
                        totals.held(),
                        Words.count(totals.destinations(), "domain"));
    }

    private String table(List<Line> lines, Instant now) {
        Table table = new Table("ID", "AGE", "SIZE", "SENDER", "LEFT", "TO", "NEXT TRY", "SAID");
        for (Line line : lines) {
            table.row(
                    line.message().id(),
                    Words.duration(Duration.between(line.message().accepted(), now)),
                    Words.bytes(line.message().size()),
                    "<" + line.message().sender() + ">",
                    line.waiting()
                            + line.held()
                            + "/"
                            + (line.waiting() + line.held() + line.done()),
                    line.destination(),
                    next(line, now),
                    shortened(line.reply()));
        }
        return table.toString();
    }

    private String next(Line line, Instant now) {
        if (mail.queue().busy(line.message().number())) {
            return "now";
        }
        return line.next().isEmpty() ? "held" : when(line.next().get(), now);
    }

    private static String when(Instant due, Instant now) {
        return due.isAfter(now) ? "in " + Words.duration(Duration.between(now, due)) : "now";
    }

    private static String shortened(String reply) {
        return reply.length() > SHORT ? reply.substring(0, SHORT) + "…" : reply;
    }

    private Map<String, Object> entry(Line line) {
        MailQueue.Queued message = line.message();
        return Json.entries(
                "id", message.id(),
                "accepted", message.accepted().toString(),
                "size", message.size(),
                "sender", message.sender(),
                "account", message.account(),
                "waiting", line.waiting(),
                "held", line.held(),
                "done", line.done(),
                "destination", line.destination(),
                "tries", line.tries(),
                "next", line.next().map(Instant::toString).orElse(""),
                "expires", message.expires().toString(),
                "sending", mail.queue().busy(message.number()),
                "reply", line.reply());
    }

    @Command(
            name = "show",
            header = "Shows a message and how it stands with each recipient.",
            description =
                    "With --json: an object with the keys of `queue list` as far as they are the"
                            + " message's, and recipients: address, destination, state, tries,"
                            + " next, reply.",
            footer = "  portolan queue show smtp-mwq5p7rs-7.1")
    int show(
            @Parameters(paramLabel = "ID", description = "As `queue list` names it.") String id,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Work found = mail.queue().find(id).orElseThrow(() -> noSuch(id));
        MailQueue.Queued message = found.message();
        Instant now = clock.instant();
        if (json) {
            operator.say(Json.page(entry(found)));
            return Verbs.DONE;
        }
        operator.say(
                "%s from <%s>, %s, taken %s, given up %s%s\n"
                        .formatted(
                                message.id(),
                                message.sender(),
                                Words.bytes(message.size()),
                                Words.time(message.accepted()),
                                Words.time(message.expires()),
                                mail.queue().busy(message.number()) ? "; being sent now" : ""));
        Table table = new Table("RECIPIENT", "STATE", "TRIES", "NEXT TRY", "SAID");
        for (Recipient recipient : found.recipients()) {
            table.row(
                    "<" + recipient.address() + ">",
                    state(recipient),
                    recipient.tries(),
                    waits(recipient) ? when(next(recipient), now) : "",
                    said(recipient));
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Refusal noSuch(String id) {
        return Refusal.failed(
                "no message %s is in the queue; `portolan queue list` shows those that are"
                        .formatted(id));
    }

    private static String state(Recipient recipient) {
        return switch (recipient.state()) {
            case WAITING -> "waiting";
            case HELD -> "held";
            case DELIVERED -> "sent";
            case FAILED -> "failed";
        };
    }

    private static boolean waits(Recipient recipient) {
        return recipient.state() == MailQueue.State.WAITING;
    }

    /** A destination that does not answer has its own time. */
    private Instant next(Recipient recipient) throws StoreException {
        Optional<MailQueue.Destination> destination =
                mail.queue().destination(recipient.destination());
        return destination.isPresent() && destination.get().due().isAfter(recipient.due())
                ? destination.get().due()
                : recipient.due();
    }

    private String said(Recipient recipient) throws StoreException {
        return recipient.reply().isEmpty() && waits(recipient)
                ? mail.queue().reply(recipient.destination())
                : recipient.reply();
    }

    private Map<String, Object> entry(Work found) throws StoreException {
        MailQueue.Queued message = found.message();
        List<Map<String, Object>> recipients = new ArrayList<>();
        for (Recipient recipient : found.recipients()) {
            recipients.add(
                    Json.entries(
                            "address", recipient.address(),
                            "destination", recipient.destination(),
                            "state", state(recipient),
                            "tries", recipient.tries(),
                            "next", waits(recipient) ? next(recipient).toString() : "",
                            "reply", said(recipient)));
        }
        return Json.entries(
                "id", message.id(),
                "accepted", message.accepted().toString(),
                "size", message.size(),
                "sender", message.sender(),
                "account", message.account(),
                "expires", message.expires().toString(),
                "sending", mail.queue().busy(message.number()),
                "recipients", recipients);
    }

    // ---- what changes something

    @Command(
            name = "retry",
            header = "Tries messages again now.",
            description = "Those that wait; what is held has to be released first.",
            footer = {
                "  portolan queue retry smtp-mwq5p7rs-7.1",
                "  portolan queue retry --destination example.org"
            })
    int retry(
            @Mixin QueueFilter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..*",
                            description = "As `queue list` names them.")
                    @Nullable List<String> ids)
            throws IOException, StoreException, Refusal {
        Instant now = clock.instant();
        return change("tried now", filter, ids, wanted -> mail.queue().retry(wanted, now));
    }

    @Command(
            name = "hold",
            header = "Keeps messages from leaving.",
            description = "They stay until they are released; their time does not run out.",
            footer = {
                "  portolan queue hold smtp-mwq5p7rs-7.1",
                "  portolan queue hold --sender ada@example.org"
            })
    int hold(
            @Mixin QueueFilter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..*",
                            description = "As `queue list` names them.")
                    @Nullable List<String> ids)
            throws IOException, StoreException, Refusal {
        Instant now = clock.instant();
        return change("held", filter, ids, wanted -> mail.queue().hold(wanted, now));
    }

    @Command(
            name = "release",
            header = "Lets messages that were held leave.",
            footer = "  portolan queue release --all")
    int release(
            @Mixin QueueFilter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..*",
                            description = "As `queue list` names them.")
                    @Nullable List<String> ids)
            throws IOException, StoreException, Refusal {
        Instant now = clock.instant();
        return change("released", filter, ids, wanted -> mail.queue().release(wanted, now));
    }

    @Command(
            name = "cancel",
            header = "Forgets messages without telling their senders.",
            description =
                    "With --destination: for the recipients there only. What is being sent at this"
                            + " moment may still arrive.",
            footer = {
                "  portolan queue cancel smtp-mwq5p7rs-7.1",
                "  portolan queue cancel --sender ada@example.org --destination example.net"
            })
    int cancel(
            @Mixin QueueFilter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..*",
                            description = "As `queue list` names them.")
                    @Nullable List<String> ids)
            throws IOException, StoreException, Refusal {
        return change("cancelled", filter, ids, wanted -> mail.queue().cancel(wanted));
    }

    private int change(String done, QueueFilter filter, @Nullable List<String> ids, Step step)
            throws IOException, StoreException, Refusal {
        List<String> named = ids == null ? List.of() : ids;
        if (named.isEmpty() && filter.isEmpty()) {
            throw Refusal.usage("say which: an ID, --destination, --sender or --all");
        }
        int changed = 0;
        for (String id : named.isEmpty() ? List.of("") : named) {
            if (!id.isEmpty() && mail.queue().find(id).isEmpty()) {
                throw noSuch(id);
            }
            changed += step.on(filter.wanted(id));
        }
        String what = Words.count(changed, "message") + " " + done;
        if (changed > 0) {
            journal.changed("queue: " + what);
        }
        operator.say(what + ".\n");
        return Verbs.DONE;
    }
}
