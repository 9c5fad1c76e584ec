package org.portolan.mail.imap;

import java.io.IOException;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Optional;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Copied;
import org.portolan.stores.mail.FlagChange;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Place;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.Stored;
import org.portolan.stores.mail.UidSet;
import org.portolan.wire.Refusal;

/**
 * What is done with the messages of the open mailbox (RFC 9051 §6.4). Each returns the words of its
 * tagged answer, before which the session tells what else changed; {@code [HIGHESTMODSEQ]} in them
 * stands for what has been told then.
 */
final class MessageVerbs {
    private final Mail mail;
    private final InstantSource clock;
    private final ImapPeer peer;
    private final Selection selection;
    private final String tag;

    MessageVerbs(Mail mail, InstantSource clock, ImapPeer peer, Selection selection, String tag) {
        this.mail = mail;
        this.clock = clock;
        this.peer = peer;
        this.selection = selection;
        this.tag = tag;
    }

    String fetch(ImapCommand.Fetch command) throws IOException, StoreException, Refusal {
        if (command.vanished() && !peer.has(Extension.QRESYNC)) {
            throw ImapReply.syntax("ENABLE QRESYNC comes first"); // RFC 7162 §3.2.6
        }
        if (FetchVerb.enablesModSeq(command)) {
            beginModSeq();
        }
        return "OK " + words(command.uid()) + new FetchVerb(mail, peer, selection, command).run();
    }

    private static String words(boolean uid) {
        return uid ? "UID " : "";
    }

    /** RFC 7162 §3.1: the first use switches it on, and is told where things stand. */
    private void beginModSeq() throws IOException {
        if (peer.enable(Extension.CONDSTORE)) {
            peer.say("* OK [HIGHESTMODSEQ " + selection.toldModSeq() + "] the latest");
        }
    }

    String search(ImapCommand.Search command) throws IOException, StoreException, Refusal {
        if (SearchVerb.asksForModSeq(command.key())) {
            beginModSeq();
        }
        new SearchVerb(mail, clock, peer, selection, tag).search(command);
        return "OK " + words(command.uid()) + "SEARCH completed";
    }

    String sort(ImapCommand.Sort command) throws IOException, StoreException, Refusal {
        if (SearchVerb.asksForModSeq(command.key())) {
            beginModSeq();
        }
        new SearchVerb(mail, clock, peer, selection, tag).sort(command);
        return "OK " + words(command.uid()) + "SORT completed";
    }

    String store(ImapCommand.Store command) throws IOException, StoreException, Refusal {
        FlagWords.Named named = FlagWords.named(command.flags());
        writable();
        allowed(command, named.system());
        if (command.unchangedSince().isPresent()) {
            beginModSeq();
        }
        BitSet numbers = selection.numbers(command.set(), command.uid());
        UidSet uids = selection.uids(numbers);
        FlagChange change =
                new FlagChange(kind(command.change()), named.system(), named.keywords());
        Snapshot before = selection.told();
        boolean gone = !command.uid() && anyGone(numbers);
        Stored stored;
        try {
            stored = mail.store(selection.id(), uids, change, command.unchangedSince());
        } catch (StoreException e) {
            throw MailboxVerbs.refusal(e, ImapReply.noSuchMailbox());
        }
        BitSet told = (BitSet) numbers.clone();
        stored.refused().stream().forEach(uid -> told.clear(selection.number(uid)));
        selection.withUids(command.uid());
        selection.tell(command.uid(), new Selection.Own(told, command.silent(), change, before));
        if (!stored.refused().isEmpty()) { // RFC 7162 §3.1.3
            return "OK [MODIFIED %s] %sSTORE completed in part"
                    .formatted(modified(stored.refused(), command.uid()), words(command.uid()));
        }
        if (gone) {
            throw ImapReply.expungeIssued();
        }
        return "OK " + words(command.uid()) + "STORE completed";
    }

    private String modified(UidSet refused, boolean uid) {
        if (uid) {
            return refused.toString();
        }
        return UidSet.of(refused.stream().map(selection::number).toArray()).toString();
    }

    private static FlagChange.Kind kind(ImapCommand.Change change) {
        return switch (change) {
            case ADD -> FlagChange.Kind.ADD;
            case REMOVE -> FlagChange.Kind.REMOVE;
            case REPLACE -> FlagChange.Kind.REPLACE;
        };
    }

    private boolean anyGone(BitSet numbers) {
        Snapshot now = selection.now();
        if (now == selection.base()) {
            return false;
        }
        return numbers.stream().anyMatch(number -> selection.place(now, number) < 0);
    }

    private void writable() throws Refusal {
        if (selection.readOnly()) {
            throw ImapReply.readOnly();
        }
    }

    /** RFC 4314 §4: \Seen, \Deleted and all others have a right each. */
    private void allowed(ImapCommand.Store command, long system) throws Refusal {
        Place mailbox = selection.mailbox();
        boolean replaces = command.change() == ImapCommand.Change.REPLACE;
        boolean others =
                (system & ~(Flags.SEEN | Flags.DELETED)) != 0
                        || command.flags().stream().anyMatch(word -> word.charAt(0) != '\\');
        if ((system & Flags.SEEN) != 0 || replaces) {
            MailboxVerbs.allowed(mailbox, 's');
        }
        if ((system & Flags.DELETED) != 0 || replaces) {
            MailboxVerbs.allowed(mailbox, 't');
        }
        if (others || replaces) {
            MailboxVerbs.allowed(mailbox, 'w');
        }
    }

    /** COPY, and MOVE (RFC 6851), each all or nothing. */
    String copy(ImapCommand.Copy command, MailboxVerbs mailboxes)
            throws IOException, StoreException, Refusal {
        String verb = words(command.uid()) + (command.move() ? "MOVE" : "COPY");
        if (command.move()) {
            writable();
            MailboxVerbs.allowed(selection.mailbox(), 'e');
        }
        BitSet numbers = selection.numbers(command.set(), command.uid());
        Place target = mailboxes.target(command.mailbox());
        if (!command.uid() && anyGone(numbers)) {
            throw ImapReply.expungeIssued();
        }
        UidSet uids = selection.uids(numbers);
        if (uids.isEmpty()) {
            return "OK " + verb + " completed, of no message";
        }
        Copied copied;
        try {
            copied =
                    command.move()
                            ? mail.move(selection.id(), uids, target.id())
                            : mail.copy(selection.id(), uids, target.id());
        } catch (StoreException e) {
            throw MailboxVerbs.refusal(e, ImapReply.tryCreate());
        }
        if (copied.from().length == 0) {
            return "OK " + verb + " completed, of no message";
        }
        String code = // RFC 4315 §3
                "[COPYUID %d %s %s]"
                        .formatted(
                                copied.uidValidity(),
                                UidSet.of(copied.from()),
                                UidSet.of(copied.to()));
        if (!command.move()) {
            return "OK " + code + " " + verb + " completed";
        }
        peer.say("* OK " + code + " moved"); // RFC 6851 §4.3: before what is gone
        return "OK " + resumable() + verb + " completed";
    }

    /** RFC 7162 §3.2.7: where the client stands when it has heard all of this. */
    private String resumable() {
        return peer.has(Extension.QRESYNC) ? "[HIGHESTMODSEQ] " : "";
    }

    String expunge(ImapCommand.Expunge command) throws StoreException, Refusal {
        writable();
        MailboxVerbs.allowed(selection.mailbox(), 'e');
        Optional<SequenceSet> set = command.uids();
        UidSet uids =
                set.isEmpty() ? UidSet.ALL : selection.uids(selection.numbers(set.get(), true));
        mail.expunge(selection.id(), uids, true);
        return "OK " + resumable() + words(set.isPresent()) + "EXPUNGE completed";
    }

    /** CLOSE (RFC 9051 §6.4.1): as EXPUNGE, and nobody here is told. */
    void expungeSilently() throws StoreException {
        if (!selection.readOnly() && selection.mailbox().may('e')) {
            mail.expunge(selection.id(), UidSet.ALL, true);
        }
    }
}
