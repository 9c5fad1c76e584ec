package org.portolan.mail.imap;

import java.time.LocalDate;
import java.util.List;

/** What a message is searched for by (RFC 9051 §6.4.4, RFC 5032, RFC 7162, RFC 8474, RFC 8514). */
sealed interface SearchKey {
    /** Every message. */
    record All() implements SearchKey {}

    /** Those that all of {@code keys} find. */
    record And(List<SearchKey> keys) implements SearchKey {}

    /** Those that one or the other finds. */
    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    /** Those that {@code key} does not find. */
    record Not(SearchKey key) implements SearchKey {}

    /** Those with a flag or keyword, or without it. */
    record Flag(String name, boolean set) implements SearchKey {}

    /** NEW, RECENT and their like: no message is recent to us. */
    record Recent(boolean set) implements SearchKey {}

    /** Sequence numbers. */
    record Numbers(SequenceSet set) implements SearchKey {}

    /** Unique identifiers. */
    record Uids(SequenceSet set) implements SearchKey {}

    /** A header field that holds {@code text}; the empty text is in every such field. */
    record Header(String field, String text) implements SearchKey {}

    /** The text somewhere in the message. */
    record Text(String text) implements SearchKey {}

    /** The text somewhere in the body. */
    record Body(String text) implements SearchKey {}

    /** Which of a message's days a {@link Day} looks at. */
    enum Which {
        RECEIVED,
        SENT,
        SAVED
    }

    /** How a {@link Day} compares. */
    enum Relation {
        BEFORE,
        ON,
        SINCE
    }

    /** BEFORE, ON, SINCE and those with SENT and SAVED in front. */
    record Day(Which which, Relation relation, LocalDate day) implements SearchKey {}

    /** YOUNGER and OLDER, in seconds (RFC 5032). */
    record Age(boolean younger, long seconds) implements SearchKey {}

    /** LARGER and SMALLER. */
    record Size(boolean larger, long bytes) implements SearchKey {}

    /** MODSEQ (RFC 7162 §3.1.5). */
    record ModSeq(long least) implements SearchKey {}

    /** EMAILID (RFC 8474 §6). */
    record EmailId(String id) implements SearchKey {}

    /** THREADID: none is known here (RFC 8474 §5.3). */
    record ThreadId(String id) implements SearchKey {}

    /** SAVEDATESUPPORTED (RFC 8514 §4.3): true in all our mailboxes. */
    record SaveDateSupported() implements SearchKey {}
}
