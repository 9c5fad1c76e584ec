package org.portolan.stores.mail;

import java.util.Optional;

/**
 * A mailbox as it stood when it was asked for.
 *
 * @param id its own for ever, kept by a rename and never used again (RFC 8474 §4: MAILBOXID)
 * @param owner the account that it belongs to; 0 for one of the site itself
 * @param name its whole name, levels divided by '/'
 * @param subscribed whether the account that asked has subscribed to it
 * @param rights what the account that asked may do, letters of RFC 4314 §2.1
 * @param uidValidity grows whenever a mailbox is made; fits in 32 bits (RFC 9051 §2.3.1.1)
 * @param uidNext the lowest unique id that the next message may get
 * @param highestModseq of all its changes so far (RFC 7162 §3.1.2)
 * @param bytes the sizes of its messages together
 */
public record Mailbox(
        long id,
        long owner,
        String name,
        Optional<SpecialUse> specialUse,
        boolean subscribed,
        String rights,
        long uidValidity,
        long uidNext,
        long highestModseq,
        long messages,
        long unseen,
        long deleted,
        long bytes) {
    /** The name that every account has, in whatever case it is asked for. */
    public static final String INBOX = "INBOX";

    /** All the rights of RFC 4314 §2.1: the owner's. */
    public static final String ALL_RIGHTS = "lrswipkxtea";

    /** It without its counts. */
    public Place place() {
        return new Place(id, owner, name, rights);
    }

    /** Whether the account that asked has right {@code letter}. */
    public boolean may(char letter) {
        return rights.indexOf(letter) >= 0;
    }
}
