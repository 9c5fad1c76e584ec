package org.portolan.mail.imap;

import java.io.IOException;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Set;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.UidSet;
import org.portolan.wire.Refusal;

/** SEARCH and SORT (RFC 9051 §6.4.4, RFC 4731, RFC 5182, RFC 5256, RFC 5267 §2). */
final class SearchVerb {
    private final Mail mail;
    private final InstantSource clock;
    private final ImapPeer peer;
    private final Selection selection;
    private final String tag;

    SearchVerb(Mail mail, InstantSource clock, ImapPeer peer, Selection selection, String tag) {
        this.mail = mail;
        this.clock = clock;
        this.peer = peer;
        this.selection = selection;
        this.tag = tag;
    }

    void search(ImapCommand.Search command) throws IOException, StoreException, Refusal {
        Snapshot now = selection.now();
        boolean saves = command.wanted().contains("SAVE");
        BitSet found;
        try {
            found = matcher(now, command.charset()).find(command.key());
        } catch (Refusal refusal) {
            if (saves) {
                selection.save(UidSet.NONE); // RFC 5182 §2.1: a NO leaves nothing saved
            }
            throw refusal;
        }
        int[] numbers = found.stream().toArray();
        if (saves) {
            selection.save(savedOf(command.wanted(), found, numbers));
        }
        boolean modSeq = asksForModSeq(command.key());
        if (command.extended() || peer.has(Extension.IMAP4REV2)) {
            Set<String> wanted = command.extended() ? command.wanted() : Set.of("ALL");
            extended(wanted, command.uid(), numbers, now, modSeq);
        } else {
            plain("SEARCH", command.uid(), numbers, now, modSeq);
        }
    }

    void sort(ImapCommand.Sort command) throws IOException, StoreException, Refusal {
        Snapshot now = selection.now();
        BitSet found = matcher(now, command.charset()).find(command.key());
        int[] sorted = new SortOrder(mail, selection, now).sorted(found, command.criteria());
        if (command.wanted().contains("SAVE")) {
            selection.save(savedOf(command.wanted(), found, sorted));
        }
        boolean modSeq = asksForModSeq(command.key());
        if (command.extended()) {
            extended(command.wanted(), command.uid(), sorted, now, modSeq);
        } else {
            plain("SORT", command.uid(), sorted, now, modSeq);
        }
    }

    private SearchMatcher matcher(Snapshot now, String charset) throws Refusal {
        return new SearchMatcher(
                mail, selection, now, TextSearch.Charset.named(charset), clock.instant());
    }

    /** RFC 5182 §2.1: with MIN or MAX alone, only those are saved. */
    private UidSet savedOf(Set<String> wanted, BitSet found, int[] order) {
        boolean some =
                (wanted.contains("MIN") || wanted.contains("MAX"))
                        && !wanted.contains("ALL")
                        && !wanted.contains("COUNT");
        if (!some || order.length == 0) {
            return selection.uids(found);
        }
        UidSet least = wanted.contains("MIN") ? one(order[0]) : UidSet.NONE;
        return wanted.contains("MAX") ? least.or(one(order[order.length - 1])) : least;
    }

    private UidSet one(int number) {
        return UidSet.of(selection.uid(number));
    }

    private long name(boolean uid, int number) {
        return uid ? selection.uid(number) : number;
    }

    private void plain(String word, boolean uid, int[] numbers, Snapshot now, boolean modSeq)
            throws IOException {
        ImapOutput out = peer.output();
        out.add("* ").add(word);
        for (int number : numbers) {
            out.add(' ').add(name(uid, number));
        }
        if (modSeq && numbers.length > 0) { // RFC 7162 §3.1.6
            out.add(" (MODSEQ ").add(highest(now, numbers)).add(')');
        }
        out.line();
        out.flush();
    }

    /** ESEARCH (RFC 9051 §7.3.4): of nothing found, MIN, MAX and ALL are left out. */
    private void extended(
            Set<String> wanted, boolean uid, int[] numbers, Snapshot now, boolean modSeq)
            throws IOException {
        if (wanted.equals(Set.of("SAVE"))) {
            return; // RFC 5182 §2.1: nothing is told
        }
        ImapOutput out = peer.output();
        out.add("* ESEARCH (TAG \"").add(tag).add("\")");
        if (uid) {
            out.add(" UID");
        }
        boolean any = numbers.length > 0;
        if (wanted.contains("MIN") && any) {
            out.add(" MIN ").add(name(uid, numbers[0]));
        }
        if (wanted.contains("MAX") && any) {
            out.add(" MAX ").add(name(uid, numbers[numbers.length - 1]));
        }
        if (wanted.contains("ALL") && any) {
            out.add(" ALL ");
            ranges(out, uid, numbers);
        }
        if (wanted.contains("COUNT")) {
            out.add(" COUNT ").add(numbers.length);
        }
        if (modSeq && any) {
            boolean ends = !wanted.contains("ALL") && !wanted.contains("COUNT");
            out.add(" MODSEQ ").add(ends ? ofEnds(now, wanted, numbers) : highest(now, numbers));
        }
        out.line();
        out.flush();
    }

    /** RFC 4731 §3.2: with MIN and MAX, the number of those alone. */
    private long ofEnds(Snapshot now, Set<String> wanted, int[] numbers) {
        long least = wanted.contains("MIN") ? highest(now, new int[] {numbers[0]}) : 0;
        long last =
                wanted.contains("MAX") ? highest(now, new int[] {numbers[numbers.length - 1]}) : 0;
        return Math.max(least, last);
    }

    private void ranges(ImapOutput out, boolean uid, int[] numbers) {
        int i = 0;
        while (i < numbers.length) {
            long from = name(uid, numbers[i]);
            int j = i;
            while (j + 1 < numbers.length
                    && name(uid, numbers[j + 1]) == name(uid, numbers[j]) + 1) {
                j++;
            }
            out.add(from);
            if (j > i) {
                out.add(':').add(name(uid, numbers[j]));
            }
            i = j + 1;
            if (i < numbers.length) {
                out.add(',');
            }
        }
    }

    private long highest(Snapshot now, int[] numbers) {
        long highest = 1;
        for (int number : numbers) {
            int place = selection.place(now, number);
            highest = place < 0 ? highest : Math.max(highest, now.modseq(place));
        }
        return highest;
    }

    /** Whether {@code key} asks for mod-sequences, which switches CONDSTORE on (RFC 7162 §3.1). */
    static boolean asksForModSeq(SearchKey key) {
        return switch (key) {
            case SearchKey.ModSeq _ -> true;
            case SearchKey.And and -> and.keys().stream().anyMatch(SearchVerb::asksForModSeq);
            case SearchKey.Or or -> asksForModSeq(or.one()) || asksForModSeq(or.other());
            case SearchKey.Not not -> asksForModSeq(not.key());
            case SearchKey.All _,
                    SearchKey.Flag _,
                    SearchKey.Recent _,
                    SearchKey.Numbers _,
                    SearchKey.Uids _,
                    SearchKey.Header _,
                    SearchKey.Text _,
                    SearchKey.Body _,
                    SearchKey.Day _,
                    SearchKey.Age _,
                    SearchKey.Size _,
                    SearchKey.EmailId _,
                    SearchKey.ThreadId _,
                    SearchKey.SaveDateSupported _ ->
                    false;
        };
    }
}
