package org.portolan.stores.mail;

import org.portolan.stores.Account;
import org.portolan.stores.Accounts;

/**
 * Where a message is to be delivered.
 *
 * @param account the id of the one that the mailbox belongs to; 0 for the site itself
 * @param mailbox its name; where there is none of that name, the inbox is meant
 */
public record Destination(long account, String mailbox) {
    /** What an address leads to. */
    public static Destination of(Accounts.Reached reached) {
        return new Destination(reached.account().id(), reached.mailbox());
    }

    /** The inbox of {@code account}. */
    public static Destination inbox(Account account) {
        return new Destination(account.id(), Mailbox.INBOX);
    }
}
