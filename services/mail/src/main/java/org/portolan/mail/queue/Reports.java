package org.portolan.mail.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.portolan.mail.Address;
import org.portolan.mail.Signing;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Destination;
import org.portolan.stores.mail.Draft;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.MailQueue;
import org.portolan.stores.mail.MailQueue.Queued;
import org.portolan.stores.mail.Outgoing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells senders what became of their messages: into their mailbox here, or by way of the queue. */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.queue");

    private final String site;
    private final Mail mail;
    private final Accounts accounts;
    private final Lifetime lifetime;
    private final Signing signing;

    /**
     * @param site the name of who reports
     * @param signing what reports are signed with when they leave
     */
    public Reports(String site, Mail mail, Accounts accounts, Lifetime lifetime, Signing signing) {
        this.site = site;
        this.mail = mail;
        this.accounts = accounts;
        this.lifetime = lifetime;
        this.signing = signing;
    }

    /** Somebody who was reached here, as their sender wants to hear (RFC 3461 §5.2.3). */
    public record Reached(String address, String original) {}

    /** Tells the sender of a message, whose body is still there, whom it reached here. */
    public void delivered(Queued about, List<Reached> reached, Instant now) throws StoreException {
        List<Report.Entry> entries =
                reached.stream()
                        .map(
                                to ->
                                        new Report.Entry(
                                                to.address(),
                                                to.original(),
                                                Report.Action.DELIVERED,
                                                "2.1.5",
                                                "",
                                                "",
                                                Optional.empty()))
                        .toList();
        tell(about, entries, (sql, body, size) -> {}, now);
    }

    /** Does {@code step}, together with the report about it if anybody is to hear of it. */
    void tell(Queued message, List<Report.Entry> told, Mail.Also step, Instant now)
            throws StoreException {
        // RFC 5321 §4.5.5, §6.1: of a report that cannot be delivered nobody is told
        Optional<Address> sender =
                message.sender().isEmpty() ? Optional.empty() : Address.parse(message.sender());
        if (told.isEmpty() || sender.isEmpty()) {
            mail.queue().write(step);
            return;
        }
        Address to = sender.get();
        boolean here = accounts.isLocal(to.domain());
        Set<Destination> inboxes = here ? inboxes(accounts.reached(to.toString())) : Set.of();
        if (here && inboxes.isEmpty()) { // the account is gone
            mail.queue().write(step);
            return;
        }
        report(message, told, step, now, to, inboxes);
    }

    private static Set<Destination> inboxes(Set<Accounts.Reached> reached) {
        return reached.stream().map(Destination::of).collect(Collectors.toSet());
    }

    private void report(
            Queued message,
            List<Report.Entry> told,
            Mail.Also step,
            Instant now,
            Address to,
            Set<Destination> inboxes)
            throws StoreException {
        Report report = new Report(site, message, told, now);
        Draft draft = mail.draft();
        String id = "report-" + Long.toString(now.toEpochMilli(), 36) + "-" + draft.number();
        boolean delivered = false;
        try (FileChannel original = mail.queue().open(message)) {
            byte[] text = report.text(id, original);
            draft.append(text, 0, text.length);
            Optional<Outgoing> leaves =
                    inboxes.isEmpty()
                            ? Optional.of(outgoing(id, report, signed(text), to, now))
                            : Optional.empty();
            mail.deliver(
                    draft,
                    inboxes,
                    (sql, body, size) -> {
                        step.in(sql, body, size);
                        if (leaves.isPresent()) {
                            MailQueue.insert(sql, body, size, leaves.get(), now);
                        }
                    });
            delivered = true;
            mail.queue().nudge();
        } catch (IOException e) { // the original's file is gone, as no store should let it
            LOG.error("no report about {}", message.id(), e);
            mail.queue().write(step);
        } finally {
            if (!delivered) {
                draft.discard();
            }
        }
    }

    /** The fields to put before {@code text} when it leaves. */
    private String signed(byte[] text) {
        Signing.Signature signature = signing.begin();
        int from = Report.skipped();
        signature.take(text, from, text.length - from);
        return signature.fields();
    }

    private Outgoing outgoing(String id, Report report, String fields, Address to, Instant now) {
        return new Outgoing(
                id,
                "",
                "",
                new Outgoing.Demands(
                        report.eightBit(),
                        to.international(),
                        report.about().demands().utf8(),
                        false),
                "",
                "",
                fields,
                Report.skipped(),
                now.plus(lifetime.warnAfter()),
                now.plus(lifetime.giveUp()),
                List.of(
                        new Outgoing.Recipient(
                                to.written(),
                                Destinations.of(to.domain().toLowerCase(Locale.ROOT)),
                                "NEVER",
                                "")));
    }
}
