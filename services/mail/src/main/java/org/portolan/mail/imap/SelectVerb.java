package org.portolan.mail.imap;

import java.io.IOException;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.OpenMailbox;
import org.portolan.stores.mail.Place;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.UidSet;
import org.portolan.wire.Refusal;

/** SELECT and EXAMINE (RFC 9051 §6.3.2), for who comes for the first time or back (RFC 7162). */
final class SelectVerb {
    private final Mail mail;
    private final ImapPeer peer;
    private final MailboxVerbs mailboxes;
    private final Idling idling;

    SelectVerb(Mail mail, ImapPeer peer, MailboxVerbs mailboxes, Idling idling) {
        this.mail = mail;
        this.peer = peer;
        this.mailboxes = mailboxes;
        this.idling = idling;
    }

    Selection open(ImapCommand.Select command) throws StoreException, Refusal {
        if (command.resumption().isPresent() && !peer.has(Extension.QRESYNC)) {
            throw ImapReply.syntax("ENABLE QRESYNC comes first"); // RFC 7162 §3.2.5
        }
        Place mailbox = mailboxes.opened(command.mailbox());
        if (command.condStore()) {
            peer.enable(Extension.CONDSTORE);
        }
        boolean readOnly =
                command.readOnly() || !(mailbox.may('w') || mailbox.may('s') || mailbox.may('t'));
        try {
            OpenMailbox open = mail.open(mailbox.id(), idling);
            return new Selection(peer, mailbox, open, idling, readOnly);
        } catch (StoreException e) {
            throw MailboxVerbs.refusal(e, ImapReply.noSuchMailbox());
        }
    }

    void tell(ImapCommand.Select command, Selection selection) throws IOException, StoreException {
        Snapshot now = selection.base();
        ImapOutput out = peer.output();
        boolean rev2 = peer.has(Extension.IMAP4REV2);
        out.add("* FLAGS (").add(FlagWords.all(now.keywords())).add(')').line();
        out.add("* ").add(now.count()).add(" EXISTS").line();
        if (!rev2) {
            out.add("* 0 RECENT").line();
            int unseen = now.firstWithout(Flags.SEEN);
            if (unseen >= 0) {
                out.add("* OK [UNSEEN ").add(unseen + 1L).add("] the first unseen").line();
            }
        }
        out.add("* OK [PERMANENTFLAGS (").add(selection.permanentFlags()).add(")] kept").line();
        out.add("* OK [UIDVALIDITY ").add(now.uidValidity()).add("] of the mailbox").line();
        out.add("* OK [UIDNEXT ").add(now.uidNext()).add("] the next").line();
        out.add("* OK [HIGHESTMODSEQ ").add(selection.toldModSeq()).add("] the latest").line();
        out.add("* OK [MAILBOXID (F").add(selection.id()).add(")] for ever").line();
        if (rev2) { // RFC 9051 §6.3.2
            out.add("* LIST () \"/\" ").quotedName(shownName(command)).line();
        }
        if (command.resumption().isPresent()) {
            resume(command.resumption().get(), selection, now);
        }
        out.flush();
    }

    private static String shownName(ImapCommand.Select command) {
        return MailboxName.inboxFirst(command.mailbox());
    }

    /** RFC 7162 §3.2.5: what is gone, then what changed, since the client was here last. */
    private void resume(ImapCommand.Resumption known, Selection selection, Snapshot now)
            throws IOException, StoreException {
        if (known.uidValidity() != now.uidValidity()) {
            return; // another mailbox of that name: all the client knows is void
        }
        UidSet asked =
                known.known()
                        .map(set -> UidSet.ofRanges(set.resolved(now.uidNext() - 1)))
                        .orElse(UidSet.range(1, now.uidNext() - 1));
        ImapOutput out = peer.output();
        UidSet vanished = mail.vanishedSince(selection.id(), known.modSeq()).and(asked);
        if (!vanished.isEmpty()) {
            out.add("* VANISHED (EARLIER) ").add(vanished.toString()).line();
        }
        FlagWords words = new FlagWords();
        for (int place : now.changedSince(known.modSeq())) {
            if (asked.contains(now.uid(place))) {
                out.add("* ").add(place + 1L).add(" FETCH (UID ").add(now.uid(place)).add(' ');
                words.write(out, now.flags(place), now.keywords());
                out.add(" MODSEQ (").add(now.modseq(place)).add("))").line();
            }
        }
    }
}
