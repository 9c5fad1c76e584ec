package org.portolan.stores.mail;

/**
 * The flags of a message as bits of a long: the system's own (RFC 9051 §2.3.2), then a bit for each
 * keyword of the mailbox, {@link #keyword} of its place in {@link Snapshot#keywords}.
 */
public final class Flags {
    public static final long SEEN = 1;
    public static final long ANSWERED = 2;
    public static final long FLAGGED = 4;
    public static final long DELETED = 8;
    public static final long DRAFT = 16;

    /** All that are not keywords. */
    public static final long SYSTEM = 31;

    /** A mailbox has at most so many keywords in the course of its life. */
    public static final int MOST_KEYWORDS = 58;

    private static final int FIRST_KEYWORD = 5;

    private Flags() {}

    /** The bit of keyword {@code place}, counted from 0. */
    public static long keyword(int place) {
        return 1L << (FIRST_KEYWORD + place);
    }
}
