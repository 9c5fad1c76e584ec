package org.portolan.mail.imap;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.portolan.mail.imap.ImapCommand.Criterion;
import org.portolan.mail.imap.SearchKey.Relation;
import org.portolan.mail.imap.SearchKey.Which;
import org.portolan.wire.Refusal;

/** SEARCH and SORT (RFC 9051 §6.4.4, RFC 5256, RFC 5032, RFC 7162, RFC 8474, RFC 8514). */
final class SearchParser {
    private static final int MOST_KEYS = 2000;
    private static final int MOST_CRITERIA = 20;

    private static final Set<String> RETURN = Set.of("MIN", "MAX", "ALL", "COUNT", "SAVE");

    private static final Set<String> CRITERIA =
            Set.of(
                    "ARRIVAL",
                    "CC",
                    "DATE",
                    "FROM",
                    "SIZE",
                    "SUBJECT",
                    "TO",
                    "DISPLAYFROM",
                    "DISPLAYTO");

    private final CommandText text;
    private int keys;

    SearchParser(CommandText text) {
        this.text = text;
    }

    ImapCommand search(boolean uid) throws Refusal {
        Set<String> wanted = new LinkedHashSet<>();
        boolean extended = returnOptions(wanted);
        String charset = "US-ASCII";
        if (text.takeWord("CHARSET")) {
            text.space();
            charset = text.astring();
            text.space();
        }
        return new ImapCommand.Search(uid, wanted, extended, charset, program());
    }

    ImapCommand sort(boolean uid) throws Refusal {
        Set<String> wanted = new LinkedHashSet<>();
        boolean extended = returnOptions(wanted);
        List<Criterion> criteria = text.list(this::criterion);
        if (criteria.isEmpty() || criteria.size() > MOST_CRITERIA) {
            throw ImapReply.syntax("SORT takes from one to " + MOST_CRITERIA + " criteria");
        }
        text.space();
        String charset = text.astring();
        text.space();
        return new ImapCommand.Sort(uid, wanted, extended, criteria, charset, program());
    }

    private boolean returnOptions(Set<String> wanted) throws Refusal {
        if (!text.takeWord("RETURN")) {
            return false;
        }
        text.space();
        wanted.addAll(text.list(text::keyword));
        for (String option : wanted) {
            if (!RETURN.contains(option)) {
                throw ImapReply.syntax("there is no result option " + option);
            }
        }
        if (wanted.isEmpty()) {
            wanted.add("ALL"); // RFC 9051 §6.4.4
        }
        text.space();
        return true;
    }

    private Criterion criterion() throws Refusal {
        boolean reverse = text.takeWord("REVERSE");
        if (reverse) {
            text.space();
        }
        String word = text.keyword();
        if (!CRITERIA.contains(word)) {
            throw ImapReply.syntax("nothing is sorted by " + word);
        }
        return new Criterion(word, reverse);
    }

    /** search-key *(SP search-key). */
    private SearchKey program() throws Refusal {
        List<SearchKey> all = new ArrayList<>();
        all.add(key(0));
        while (text.peek() == ' ') {
            text.space();
            if (text.atEnd()) {
                break;
            }
            all.add(key(0));
        }
        return all.size() == 1 ? all.getFirst() : new SearchKey.And(all);
    }

    private SearchKey key(int depth) throws Refusal {
        if (++keys > MOST_KEYS || depth > CommandText.DEEPEST) {
            throw ImapReply.syntax("that search is too large");
        }
        if (text.peek() == '(') {
            List<SearchKey> members = text.list(() -> key(depth + 1));
            if (members.isEmpty()) {
                throw ImapReply.syntax("a search key is missing");
            }
            return new SearchKey.And(members);
        }
        char c = text.peek();
        if (c == '*' || c == '$' || (c >= '0' && c <= '9')) {
            return new SearchKey.Numbers(text.sequenceSet());
        }
        return named(text.keyword(), depth);
    }

    private SearchKey named(String word, int depth) throws Refusal {
        return switch (word) {
            case "ALL" -> new SearchKey.All();
            case "ANSWERED" -> new SearchKey.Flag("\\Answered", true);
            case "DELETED" -> new SearchKey.Flag("\\Deleted", true);
            case "DRAFT" -> new SearchKey.Flag("\\Draft", true);
            case "FLAGGED" -> new SearchKey.Flag("\\Flagged", true);
            case "SEEN" -> new SearchKey.Flag("\\Seen", true);
            case "UNANSWERED" -> new SearchKey.Flag("\\Answered", false);
            case "UNDELETED" -> new SearchKey.Flag("\\Deleted", false);
            case "UNDRAFT" -> new SearchKey.Flag("\\Draft", false);
            case "UNFLAGGED" -> new SearchKey.Flag("\\Flagged", false);
            case "UNSEEN" -> new SearchKey.Flag("\\Seen", false);
            case "NEW", "RECENT" -> new SearchKey.Recent(true); // RFC 3501; not in RFC 9051
            case "OLD" -> new SearchKey.Recent(false);
            case "SAVEDATESUPPORTED" -> new SearchKey.SaveDateSupported();
            default -> {
                text.space();
                yield withArgument(word, depth);
            }
        };
    }

    private SearchKey withArgument(String word, int depth) throws Refusal {
        return switch (word) {
            case "KEYWORD" -> new SearchKey.Flag(text.flag(), true);
            case "UNKEYWORD" -> new SearchKey.Flag(text.flag(), false);
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, text.astring());
            case "HEADER" -> header();
            case "TEXT" -> new SearchKey.Text(text.astring());
            case "BODY" -> new SearchKey.Body(text.astring());
            case "BEFORE" -> day(Which.RECEIVED, Relation.BEFORE);
            case "ON" -> day(Which.RECEIVED, Relation.ON);
            case "SINCE" -> day(Which.RECEIVED, Relation.SINCE);
            case "SENTBEFORE" -> day(Which.SENT, Relation.BEFORE);
            case "SENTON" -> day(Which.SENT, Relation.ON);
            case "SENTSINCE" -> day(Which.SENT, Relation.SINCE);
            case "SAVEDBEFORE" -> day(Which.SAVED, Relation.BEFORE);
            case "SAVEDON" -> day(Which.SAVED, Relation.ON);
            case "SAVEDSINCE" -> day(Which.SAVED, Relation.SINCE);
            case "YOUNGER" -> new SearchKey.Age(true, text.nzNumber());
            case "OLDER" -> new SearchKey.Age(false, text.nzNumber());
            case "LARGER" -> new SearchKey.Size(true, text.number());
            case "SMALLER" -> new SearchKey.Size(false, text.number());
            case "UID" -> new SearchKey.Uids(text.sequenceSet());
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> new SearchKey.EmailId(text.astring());
            case "THREADID" -> new SearchKey.ThreadId(text.astring());
            case "NOT" -> new SearchKey.Not(key(depth + 1));
            case "OR" -> {
                SearchKey one = key(depth + 1);
                text.space();
                yield new SearchKey.Or(one, key(depth + 1));
            }
            default -> throw ImapReply.syntax("there is no search key " + word);
        };
    }

    private SearchKey header() throws Refusal {
        String field = text.astring();
        text.space();
        return new SearchKey.Header(field, text.astring());
    }

    /** RFC 7162 §3.1.5: an entry's name may stand before the number, and means nothing here. */
    private SearchKey modSeq() throws Refusal {
        if (text.peek() == '"') {
            text.string();
            text.space();
            text.atom();
            text.space();
        }
        return new SearchKey.ModSeq(text.number());
    }

    /** {@code 1-Feb-1994}, in quotes or not. */
    private SearchKey day(Which which, Relation relation) throws Refusal {
        String[] parts = text.astring().split("-", -1);
        try {
            LocalDate day =
                    LocalDate.of(
                            Integer.parseInt(parts[2]),
                            CommandParser.month(parts[1]),
                            Integer.parseInt(parts[0]));
            return new SearchKey.Day(which, relation, day);
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
            throw ImapReply.syntax("a day looks like 1-Feb-1994");
        }
    }
}
