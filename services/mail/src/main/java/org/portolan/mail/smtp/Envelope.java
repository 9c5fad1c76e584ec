package org.portolan.mail.smtp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.mail.Address;
import org.portolan.mail.Screening;
import org.portolan.stores.Accounts.Reached;
import org.portolan.stores.mail.Outgoing;

/** A transaction (RFC 5321 §3.3): from MAIL to the dot; its life is not the conversation's. */
final class Envelope {
    private final String id;
    private final SmtpCommand.MailFrom mail;
    private final Screening.Sender sender;
    private final Set<Address> recipients = new LinkedHashSet<>();
    private final Set<Reached> reached = new LinkedHashSet<>();
    private final List<Outgoing.Recipient> leaving = new ArrayList<>();
    private final List<SmtpCommand.RcptTo> delivered = new ArrayList<>();

    /**
     * @param id of the message, from here on
     * @param sender what is known of it
     */
    Envelope(String id, SmtpCommand.MailFrom mail, Screening.Sender sender) {
        this.id = id;
        this.mail = mail;
        this.sender = sender;
    }

    String id() {
        return id;
    }

    SmtpCommand.MailFrom mail() {
        return mail;
    }

    Optional<Address> from() {
        return mail.from();
    }

    boolean utf8() {
        return mail.utf8();
    }

    /** Whether it comes as it is, NULs and all (RFC 3030 §3). */
    boolean binary() {
        return mail.body() == SmtpCommand.Body.BINARY;
    }

    Screening.Sender sender() {
        return sender;
    }

    /** Adds a recipient and the mailboxes that it reaches; one mailbox gets one copy. */
    void add(SmtpCommand.RcptTo recipient, Set<Reached> reached) {
        if (recipients.add(recipient.to())) {
            delivered.add(recipient);
        }
        this.reached.addAll(reached);
    }

    /** Adds a recipient elsewhere; one address gets one copy. */
    void add(SmtpCommand.RcptTo recipient, String destination) {
        if (recipients.add(recipient.to())) {
            leaving.add(
                    new Outgoing.Recipient(
                            recipient.to().written(),
                            destination,
                            recipient.wishes(),
                            recipient.original()));
        }
    }

    Set<Address> recipients() {
        return recipients;
    }

    /** Those that are reached here. */
    List<SmtpCommand.RcptTo> delivered() {
        return delivered;
    }

    Set<Reached> reached() {
        return reached;
    }

    /** Those that are reached elsewhere. */
    List<Outgoing.Recipient> leaving() {
        return leaving;
    }
}
