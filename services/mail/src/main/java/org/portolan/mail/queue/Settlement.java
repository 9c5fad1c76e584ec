package org.portolan.mail.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.MailQueue.Queued;
import org.portolan.stores.mail.MailQueue.Recipient;
import org.portolan.stores.mail.MailQueue.Result;
import org.portolan.stores.mail.MailQueue.State;
import org.portolan.stores.mail.MailQueue.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of a message, and tells its sender: both in one transaction, so that
 * nothing is told twice or never.
 */
final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.queue");

    private final Mail mail;
    private final Reports reports;
    private final Events events;
    private final Schedule schedule;
    private final Lifetime lifetime;

    Settlement(Mail mail, Reports reports, Events events, Schedule schedule, Lifetime lifetime) {
        this.mail = mail;
        this.reports = reports;
        this.events = events;
        this.schedule = schedule;
        this.lifetime = lifetime;
    }

    // ---- after a try

    /**
     * Notes the {@code outcomes} for the recipients of {@code work}, in their order.
     *
     * @param server the name of who answered; empty if none did
     */
    void settle(Work work, List<Outcome> outcomes, String server, Instant now)
            throws StoreException, IOException {
        List<Result> results = new ArrayList<>();
        List<Report.Entry> told = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Recipient recipient = work.recipients().get(i);
            Outcome outcome = outcomes.get(i);
            results.add(result(work.message(), recipient, outcome, now));
            entry(recipient, outcome, server).ifPresent(told::add);
        }
        write(work.message(), results, told, now);
        for (int i = 0; i < outcomes.size(); i++) {
            note(work.message(), work.recipients().get(i), outcomes.get(i), server);
        }
    }

    private Result result(Queued message, Recipient recipient, Outcome outcome, Instant now) {
        State state =
                switch (outcome) {
                    case Outcome.Delivered _ -> State.DELIVERED;
                    case Outcome.Failed _ -> State.FAILED;
                    case Outcome.Deferred _ -> State.WAITING;
                };
        Instant due = schedule.next(now, recipient.tries() + 1);
        if (due.isAfter(message.expires())) { // one last try, and then the notice
            due = message.expires();
        }
        return new Result(recipient.number(), state, due, true, outcome.reply());
    }

    /** RFC 3461 §5.2: what the sender hears of it, and whether. */
    private static Optional<Report.Entry> entry(
            Recipient recipient, Outcome outcome, String server) {
        return switch (outcome) {
            case Outcome.Deferred _ -> Optional.empty();
            case Outcome.Failed failed ->
                    wants(recipient, "FAILURE", true)
                            ? Optional.of(
                                    entry(
                                            recipient,
                                            Report.Action.FAILED,
                                            failed.status(),
                                            server,
                                            failed.reply(),
                                            Optional.empty()))
                            : Optional.empty();
            case Outcome.Delivered delivered ->
                    wants(recipient, "SUCCESS", false) && !delivered.reports()
                            ? Optional.of(
                                    entry(
                                            recipient,
                                            Report.Action.RELAYED,
                                            delivered.status(),
                                            server,
                                            delivered.reply(),
                                            Optional.empty()))
                            : Optional.empty();
        };
    }

    private static Report.Entry entry(
            Recipient recipient,
            Report.Action action,
            String status,
            String server,
            String said,
            Optional<Instant> until) {
        return new Report.Entry(
                recipient.address(), recipient.original(), action, status, server, said, until);
    }

    private static boolean wants(Recipient recipient, String word, boolean usually) {
        return recipient.wishes().isEmpty()
                ? usually
                : List.of(recipient.wishes().split(",")).contains(word);
    }

    private void note(Queued message, Recipient recipient, Outcome outcome, String server) {
        Events.Kind kind =
                switch (outcome) {
                    case Outcome.Delivered _ -> Events.Kind.SENT;
                    case Outcome.Deferred _ -> Events.Kind.DEFERRED;
                    case Outcome.Failed _ -> Events.Kind.BOUNCED;
                };
        events.note(
                kind,
                "queue",
                message.id(),
                server,
                message.account(),
                "<%s>: %s".formatted(recipient.address(), outcome.reply()));
    }

    // ---- when nobody answers

    /** Nobody can be spoken to at {@code destination}: it has to wait. */
    void unreachable(String destination, Outcome outcome, Instant now) throws StoreException {
        int failures =
                mail.queue()
                        .unreachable(
                                destination, tries -> schedule.next(now, tries), outcome.reply());
        LOG.info("{} has to wait, for the {}. time: {}", destination, failures, outcome.reply());
        events.note(
                Events.Kind.DEFERRED,
                "queue",
                "",
                "",
                "",
                "mail for %s waits: %s".formatted(destination, outcome.reply()));
    }

    // ---- when it takes too long

    /** Tells the sender of {@code work} that it still waits, or that it is given up. */
    void notice(Work work, Instant now) throws StoreException {
        Queued message = work.message();
        boolean over = !now.isBefore(message.expires());
        List<Result> results = new ArrayList<>();
        List<Report.Entry> told = new ArrayList<>();
        for (Recipient recipient : work.recipients()) {
            String last =
                    recipient.reply().isEmpty()
                            ? mail.queue().reply(recipient.destination())
                            : recipient.reply();
            String why = over ? "given up after " + lifetime.giveUp().toHours() + " hours" : "";
            String said = why.isEmpty() ? last : why + (last.isEmpty() ? "" : "; last: " + last);
            if (over) {
                results.add(new Result(recipient.number(), State.FAILED, now, false, said));
            }
            if (wants(recipient, over ? "FAILURE" : "DELAY", true)) {
                told.add(
                        entry(
                                recipient,
                                over ? Report.Action.FAILED : Report.Action.DELAYED,
                                over ? "4.4.7" : "4.4.1",
                                "",
                                said,
                                over ? Optional.empty() : Optional.of(message.expires())));
            }
        }
        if (over) {
            write(message, results, told, now);
            for (Recipient recipient : work.recipients()) {
                note(message, recipient, new Outcome.Failed("given up", "4.4.7"), "");
            }
        } else {
            reports.tell(message, told, MailQueue.warning(message, work.recipients()), now);
        }
    }

    // ---- reports

    private void write(Queued message, List<Result> results, List<Report.Entry> told, Instant now)
            throws StoreException {
        MailQueue.Settling settling = mail.queue().settling(message, results);
        reports.tell(message, told, settling, now);
        settling.done();
    }
}
