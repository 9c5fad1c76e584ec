package org.portolan.mail.imap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.portolan.wire.Refusal;

/** LIST with its options (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154), LSUB, STATUS's items. */
final class ListParser {
    private static final int MOST_PATTERNS = 100;

    private static final Set<String> STATUS_ITEMS =
            Set.of(
                    "MESSAGES",
                    "RECENT",
                    "UIDNEXT",
                    "UIDVALIDITY",
                    "UNSEEN",
                    "DELETED",
                    "SIZE",
                    "HIGHESTMODSEQ",
                    "APPENDLIMIT",
                    "MAILBOXID",
                    "DELETED-STORAGE");

    private static final Set<String> SELECT =
            Set.of("SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE");

    private static final Set<String> RETURN =
            Set.of("SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS");

    private final CommandText text;
    private List<String> status = List.of();

    ListParser(CommandText text) {
        this.text = text;
    }

    ImapCommand list() throws Refusal {
        Set<String> select = new LinkedHashSet<>();
        boolean extended = text.peek() == '(';
        if (extended) {
            select.addAll(text.list(() -> known(SELECT)));
            text.space();
        }
        if (select.contains("RECURSIVEMATCH") && !select.contains("SUBSCRIBED")) {
            throw ImapReply.syntax("RECURSIVEMATCH needs SUBSCRIBED"); // RFC 5258 §3.1
        }
        String reference = text.astring();
        text.space();
        List<String> patterns = new ArrayList<>();
        if (text.peek() == '(') {
            extended = true;
            patterns.addAll(text.list(text::listMailbox));
        } else {
            patterns.add(text.listMailbox());
        }
        if (patterns.isEmpty() || patterns.size() > MOST_PATTERNS) {
            throw ImapReply.syntax("LIST takes from one to " + MOST_PATTERNS + " patterns");
        }
        Set<String> wanted = new LinkedHashSet<>();
        if (text.peek() == ' ') {
            text.space();
            if (!text.takeWord("RETURN")) {
                throw ImapReply.syntax("RETURN is wanted behind the patterns");
            }
            text.space();
            extended = true;
            wanted.addAll(text.list(this::returnOption));
        }
        return new ImapCommand.ListMailboxes(
                reference, patterns, select, wanted, status, false, extended);
    }

    private String returnOption() throws Refusal {
        String option = known(RETURN);
        if (option.equals("STATUS")) {
            text.space();
            status = statusItems(text.list(text::keyword));
        }
        return option;
    }

    private String known(Set<String> options) throws Refusal {
        String option = text.keyword();
        if (!options.contains(option)) {
            throw ImapReply.syntax("LIST has no option " + option);
        }
        return option;
    }

    static List<String> statusItems(List<String> items) throws Refusal {
        for (String item : items) {
            if (!STATUS_ITEMS.contains(item)) {
                throw ImapReply.syntax("STATUS has no item " + item);
            }
        }
        if (items.isEmpty()) {
            throw ImapReply.syntax("STATUS needs an item");
        }
        return List.copyOf(new LinkedHashSet<>(items));
    }

    ImapCommand lsub() throws Refusal {
        String reference = text.astring();
        text.space();
        return new ImapCommand.ListMailboxes(
                reference,
                List.of(text.listMailbox()),
                Set.of("SUBSCRIBED"),
                Set.of(),
                List.of(),
                true,
                false);
    }
}
