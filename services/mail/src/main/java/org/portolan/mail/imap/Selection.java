package org.portolan.mail.imap;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.mail.FlagChange;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.OpenMailbox;
import org.portolan.stores.mail.Place;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.UidSet;
import org.portolan.wire.Refusal;

/**
 * A mailbox as this client knows it. Sequence numbers are those of what it was told: messages that
 * are gone keep theirs until it may hear of it (RFC 9051 §7.5.1).
 */
final class Selection implements AutoCloseable {
    private final Place mailbox;
    private final OpenMailbox open;
    private final Idling idling;
    private final boolean readOnly;
    private final ImapPeer peer;
    private final FlagWords words = new FlagWords();

    /** The messages by number: those of this snapshot, then {@link #appended}. */
    private Snapshot base;

    /** The mailbox as the client was told that it is, but for messages that are gone. */
    private Snapshot told;

    /** Uids told of since, while others that are gone could not be told of. */
    private long[] appended = {};

    /** The first uid the client has not been told of. */
    private long nextUid;

    /** Changes up to this one have been told, but for what is gone. */
    private long toldModSeq;

    private List<String> toldKeywords;

    /** Uids of the last SEARCH that was saved (RFC 5182). */
    private UidSet saved = UidSet.NONE;

    Selection(ImapPeer peer, Place mailbox, OpenMailbox open, Idling idling, boolean readOnly) {
        this.idling = idling;
        this.peer = peer;
        this.mailbox = mailbox;
        this.open = open;
        this.readOnly = readOnly;
        this.base = open.latest();
        this.told = base;
        this.nextUid = base.uidNext();
        this.toldModSeq = base.highestModseq();
        this.toldKeywords = base.keywords();
    }

    Place mailbox() {
        return mailbox;
    }

    long id() {
        return mailbox.id();
    }

    boolean readOnly() {
        return readOnly;
    }

    boolean gone() {
        return open.gone();
    }

    /** The messages as they are now, which may be more than the client knows. */
    Snapshot now() {
        return open.latest();
    }

    /** The mailbox as it was when it was opened, or when the client last heard of all of it. */
    Snapshot base() {
        return base;
    }

    /** What the client has been told: flags and dates are to be shown as they are there. */
    Snapshot told() {
        return told;
    }

    long toldModSeq() {
        return toldModSeq;
    }

    int count() {
        return base.count() + appended.length;
    }

    /** The unique id of message {@code number}. */
    long uid(int number) {
        return number <= base.count() ? base.uid(number - 1) : appended[number - 1 - base.count()];
    }

    /** The number of {@code uid}, or 0 if the client knows none. */
    int number(long uid) {
        int at = base.indexOf(uid);
        if (at >= 0) {
            return at + 1;
        }
        int behind = Arrays.binarySearch(appended, uid);
        return behind >= 0 ? base.count() + behind + 1 : 0;
    }

    /** Where message {@code number} is in {@code now}; negative if it is gone. */
    int place(Snapshot now, int number) {
        return now == base ? number - 1 : now.indexOf(uid(number));
    }

    Idling idling() {
        return idling;
    }

    UidSet saved() {
        return saved;
    }

    void save(UidSet uids) {
        saved = uids;
    }

    /**
     * The numbers that {@code set} names, of messages the client knows.
     *
     * @throws Refusal for a sequence number that there is not
     */
    BitSet numbers(SequenceSet set, boolean uid) throws Refusal {
        BitSet numbers = new BitSet();
        if (set.saved()) {
            addUids(numbers, saved);
        } else if (!uid) {
            if (set.exceeds(count())) {
                throw ImapReply.noSuchMessage();
            }
            long[] ranges = set.resolved(count());
            for (int i = 0; i < ranges.length; i += 2) {
                int to = (int) Math.min(ranges[i + 1], count()); // 5:* is 3:5 where 3 is the last
                numbers.set((int) Math.min(Math.max(1, ranges[i]), to + 1L), to + 1);
            }
            numbers.clear(0);
        } else {
            long last = count() == 0 ? 0 : uid(count());
            addUids(numbers, UidSet.ofRanges(set.resolved(last)));
        }
        return numbers;
    }

    private void addUids(BitSet numbers, UidSet uids) {
        for (int i = 0; i < uids.ranges(); i++) {
            int from = atLeast(uids.first(i));
            int to = atLeast(uids.last(i) + 1);
            numbers.set(from, Math.max(from, to));
        }
    }

    /** The lowest number whose uid is {@code uid} or more; one behind the last if there is none. */
    private int atLeast(long uid) {
        int at = base.indexOf(uid);
        int in = at >= 0 ? at : -at - 1;
        if (in < base.count()) {
            return in + 1;
        }
        int behind = Arrays.binarySearch(appended, uid);
        return base.count() + (behind >= 0 ? behind : -behind - 1) + 1;
    }

    /** The uids of {@code numbers}. */
    UidSet uids(BitSet numbers) {
        UidSet.Builder uids = new UidSet.Builder();
        for (int n = numbers.nextSetBit(1); n > 0; n = numbers.nextSetBit(n + 1)) {
            uids.add(uid(n));
        }
        return uids.build();
    }

    // ---- telling what became of it

    /** What a STORE of this client did: what it need not hear, or wants to. */
    record Own(BitSet numbers, boolean silent, FlagChange change, Snapshot before) {}

    /**
     * Tells the client what changed since it was told last.
     *
     * @param mayExpunge whether numbers may change now
     */
    void tell(boolean mayExpunge) throws IOException {
        tell(mayExpunge, null);
    }

    void tell(boolean mayExpunge, @Nullable Own own) throws IOException {
        Snapshot now = open.latest();
        if (now == told && own == null && (!mayExpunge || now == base)) {
            return;
        }
        ImapOutput out = peer.output();
        long since = toldModSeq;
        long known = nextUid;
        int[] gone = base.missingIn(now);
        boolean goneBehind = Arrays.stream(appended).anyMatch(uid -> now.indexOf(uid) < 0);
        boolean pending = gone.length > 0 || goneBehind;
        if (pending && mayExpunge) {
            tellExpunged(out, now, gone);
            pending = false;
        }
        if (now.uidNext() > known) {
            tellOfNew(out, now, known, pending);
        } else if (!pending) {
            base = now;
            appended = new long[0];
        }
        toldModSeq = now.highestModseq();
        told = now;
        tellKeywords(out, now);
        tellFlags(out, now, since, known, own);
        out.flush();
    }

    private void tellOfNew(ImapOutput out, Snapshot now, long known, boolean pending)
            throws IOException {
        int at = now.indexOf(known);
        int first = at >= 0 ? at : -at - 1;
        int fresh = now.count() - first;
        if (pending) {
            long[] longer = Arrays.copyOf(appended, appended.length + fresh);
            for (int i = 0; i < fresh; i++) {
                longer[appended.length + i] = now.uid(first + i);
            }
            appended = longer;
        } else {
            base = now;
            appended = new long[0];
        }
        nextUid = now.uidNext();
        if (fresh > 0) {
            out.add("* ").add(count()).add(" EXISTS").line();
            if (!peer.has(Extension.IMAP4REV2)) {
                out.add("* 0 RECENT").line(); // RFC 3501 §7.3.2; gone in RFC 9051
            }
        }
    }

    private void tellExpunged(ImapOutput out, Snapshot now, int[] gone) throws IOException {
        if (peer.has(Extension.QRESYNC)) { // RFC 7162 §3.2.10
            UidSet.Builder vanished = new UidSet.Builder();
            for (int place : gone) {
                vanished.add(base.uid(place));
            }
            for (long uid : appended) {
                if (now.indexOf(uid) < 0) {
                    vanished.add(uid);
                }
            }
            out.add("* VANISHED ").add(vanished.build().toString()).line();
            return;
        }
        for (int i = appended.length - 1; i >= 0; i--) { // from the end: no number moves another
            if (now.indexOf(appended[i]) < 0) {
                out.add("* ").add(base.count() + i + 1).add(" EXPUNGE").line();
            }
        }
        for (int i = gone.length - 1; i >= 0; i--) {
            out.add("* ").add(gone[i] + 1).add(" EXPUNGE").line();
        }
    }

    /** RFC 9051 §7.3.5: FLAGS, when the mailbox has a keyword more. */
    private void tellKeywords(ImapOutput out, Snapshot now) throws IOException {
        if (now.keywords().size() != toldKeywords.size()) {
            toldKeywords = now.keywords();
            out.add("* FLAGS (").add(FlagWords.all(toldKeywords)).add(')').line();
            out.add("* OK [PERMANENTFLAGS (" + permanentFlags() + ")] more keywords").line();
        }
    }

    String permanentFlags() {
        List<String> keywords = now().keywords();
        if (readOnly) {
            return "";
        }
        boolean more = keywords.size() < Flags.MOST_KEYWORDS;
        return FlagWords.all(keywords) + (more ? " \\*" : "");
    }

    private void tellFlags(ImapOutput out, Snapshot now, long since, long known, @Nullable Own own)
            throws IOException {
        BitSet done = new BitSet();
        for (int place : now.changedSince(since)) {
            long uid = now.uid(place);
            if (uid >= known) {
                break; // new ones are asked for
            }
            int number = number(uid);
            if (number == 0) {
                continue;
            }
            done.set(number);
            if (own == null || !expected(own, number, now, place)) {
                tellFlags(out, now, place, number, true);
            } else if (peer.has(Extension.CONDSTORE)) {
                tellFlags(out, now, place, number, false); // RFC 7162 §3.1.3: MODSEQ even so
            }
        }
        if (own == null || own.silent()) {
            return;
        }
        BitSet rest = (BitSet) own.numbers().clone();
        rest.andNot(done);
        for (int n = rest.nextSetBit(1); n > 0; n = rest.nextSetBit(n + 1)) {
            int place = place(now, n);
            if (place >= 0) {
                tellFlags(out, now, place, n, true);
            }
        }
    }

    /** Whether a silent STORE made of the flags what its client has to think that it made. */
    private static boolean expected(Own own, int number, Snapshot now, int at) {
        if (!own.silent() || !own.numbers().get(number)) {
            return false;
        }
        int place = own.before().indexOf(now.uid(at));
        long named = own.change().system();
        for (String keyword : own.change().keywords()) {
            named |= FlagWords.keywordBit(now, keyword);
        }
        return place >= 0 && apply(own, own.before().flags(place), named) == now.flags(at);
    }

    private static long apply(Own own, long before, long named) {
        return switch (own.change().kind()) {
            case ADD -> before | named;
            case REMOVE -> before & ~named;
            case REPLACE -> named;
        };
    }

    private void tellFlags(ImapOutput out, Snapshot now, int place, int number, boolean flags)
            throws IOException {
        out.add("* ").add(number).add(" FETCH (");
        boolean uid = peer.has(Extension.QRESYNC) || withUids;
        if (uid) {
            out.add("UID ").add(now.uid(place));
        }
        if (flags) {
            if (uid) {
                out.add(' ');
            }
            words.write(out, now.flags(place), now.keywords());
        }
        if (peer.has(Extension.CONDSTORE)) {
            out.add(uid || flags ? " MODSEQ (" : "MODSEQ (").add(now.modseq(place)).add(')');
        }
        out.add(')').line();
    }

    private boolean withUids;

    /** Whether responses name unique ids: those to a UID command do (RFC 9051 §6.4.9). */
    void withUids(boolean named) {
        withUids = named;
    }

    Optional<String> codeOfModSeq() {
        return peer.has(Extension.QRESYNC)
                ? Optional.of("[HIGHESTMODSEQ " + toldModSeq + "] ")
                : Optional.empty();
    }

    @Override
    public void close() {
        open.close();
    }
}
