package org.portolan.stores.mail;

/**
 * A mailbox by its name, without its counts: enough to open it or to put something there.
 *
 * @param id its own for ever
 * @param owner the account that it belongs to; 0 for one of the site itself
 * @param rights what the account that asked may do, letters of RFC 4314 §2.1
 */
public record Place(long id, long owner, String name, String rights) {
    /** Whether the account that asked has right {@code letter}. */
    public boolean may(char letter) {
        return rights.indexOf(letter) >= 0;
    }
}
