package org.portolan.mail.imap;

import java.util.List;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Addition;
import org.portolan.stores.mail.Copied;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Place;
import org.portolan.stores.mail.UidSet;
import org.portolan.wire.Refusal;

/** Messages that have come become those of a mailbox (RFC 9051 §6.3.12, RFC 8508). */
final class Additions {
    private final Mail mail;
    private final MailboxVerbs mailboxes;

    Additions(Mail mail, MailboxVerbs mailboxes) {
        this.mail = mail;
        this.mailboxes = mailboxes;
    }

    String append(ImapCommand.Append command, List<Addition> additions)
            throws StoreException, Refusal {
        Place target = mailboxes.target(command.mailbox());
        try {
            return "OK " + code(mail.append(target.id(), additions)) + " APPEND completed";
        } catch (StoreException e) {
            throw MailboxVerbs.refusal(e, ImapReply.tryCreate());
        }
    }

    String replace(ImapCommand.Replace command, List<Addition> additions, Selection selection)
            throws StoreException, Refusal {
        Place target = mailboxes.target(command.mailbox());
        long uid = checked(selection, command);
        try {
            Copied added = mail.replace(selection.id(), uid, target.id(), additions.getFirst());
            return "OK " + code(added) + " REPLACE completed";
        } catch (StoreException e) {
            throw MailboxVerbs.refusal(e, ImapReply.expungeIssued());
        }
    }

    /** The unique id of the message that is to be replaced. */
    static long checked(Selection selection, ImapCommand.Replace command) throws Refusal {
        if (selection.readOnly()) {
            throw ImapReply.readOnly();
        }
        MailboxVerbs.allowed(selection.mailbox(), 'e');
        long named = command.message();
        int number =
                named == SequenceSet.LAST
                        ? selection.count()
                        : command.uid()
                                ? selection.number(named)
                                : (int) Math.min(named, Integer.MAX_VALUE);
        if (number == 0 || number > selection.count()) {
            throw ImapReply.noSuchMessage();
        }
        return selection.uid(number);
    }

    /** RFC 4315 §3. */
    private static String code(Copied added) {
        return "[APPENDUID " + added.uidValidity() + " " + UidSet.of(added.to()) + "]";
    }
}
