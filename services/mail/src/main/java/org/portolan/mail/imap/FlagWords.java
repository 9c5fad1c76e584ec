package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.Snapshot;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/** Flags as bits and as words (RFC 9051 §2.3.2). */
final class FlagWords {
    private static final String[] SYSTEM = {
        "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"
    };

    private static final int LONGEST_KEYWORD = 100;

    /** What was written last: messages in a row mostly have the same flags. */
    private long lastFlags = -1;

    private List<String> lastKeywords = List.of();
    private byte[] lastBytes = new byte[0];

    /** Flags that a client named: the system's as bits, and the others. */
    record Named(long system, List<String> keywords) {}

    /** Reads {@code words}; RFC 9051 §2.3.2: another word behind a backslash is none of ours. */
    static Named named(List<String> words) throws Refusal {
        long system = 0;
        List<String> keywords = new ArrayList<>();
        for (String word : words) {
            if (word.charAt(0) == '\\') {
                system |= systemBit(word);
            } else if (word.length() > LONGEST_KEYWORD) {
                throw ImapReply.limit("that keyword is too long");
            } else {
                keywords.add(word);
            }
        }
        return new Named(system, keywords);
    }

    private static long systemBit(String word) throws Refusal {
        for (int i = 0; i < SYSTEM.length; i++) {
            if (Ascii.same(SYSTEM[i], word)) {
                return 1L << i;
            }
        }
        if (Ascii.same("\\Recent", word)) { // RFC 3501 §2.3.2: it cannot be altered
            return 0;
        }
        throw ImapReply.syntax("there is no flag " + word);
    }

    /** The bits of {@code word} in the mailbox; 0 for a keyword that it has not got. */
    static long bit(Snapshot mailbox, String word) throws Refusal {
        if (word.charAt(0) == '\\') {
            return systemBit(word);
        }
        return keywordBit(mailbox, word);
    }

    static long keywordBit(Snapshot mailbox, String word) {
        List<String> keywords = mailbox.keywords();
        for (int i = 0; i < keywords.size(); i++) {
            if (Ascii.same(keywords.get(i), word)) {
                return Flags.keyword(i);
            }
        }
        return 0;
    }

    /** Writes {@code FLAGS (…)}. */
    @SuppressWarnings("ReferenceEquality") // another list is only a reason to spell it again
    void write(ImapOutput out, long flags, List<String> keywords) {
        if (flags != lastFlags || keywords != lastKeywords) {
            lastBytes = ("FLAGS (" + words(flags, keywords) + ")").getBytes(ISO_8859_1);
            lastFlags = flags;
            lastKeywords = keywords;
        }
        out.add(lastBytes);
    }

    static String words(long flags, List<String> keywords) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < SYSTEM.length; i++) {
            if ((flags & 1L << i) != 0) {
                words.append(words.isEmpty() ? "" : " ").append(SYSTEM[i]);
            }
        }
        for (int i = 0; i < keywords.size(); i++) {
            if ((flags & Flags.keyword(i)) != 0) {
                words.append(words.isEmpty() ? "" : " ").append(keywords.get(i));
            }
        }
        return words.toString();
    }

    /** All flags of a mailbox. */
    static String all(List<String> keywords) {
        return words(-1L, keywords);
    }
}
