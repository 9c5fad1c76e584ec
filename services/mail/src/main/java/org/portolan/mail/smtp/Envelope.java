package org.portolan.mail.smtp;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.portolan.stores.Account;

/** A transaction (RFC 5321 §3.3): from MAIL to the dot; its life is not the conversation's. */
final class Envelope {
    private final Optional<Address> from;
    private final boolean utf8;
    private final Set<Address> recipients = new LinkedHashSet<>();
    private final Set<Account> accounts = new LinkedHashSet<>();

    Envelope(Optional<Address> from, boolean utf8) {
        this.from = from;
        this.utf8 = utf8;
    }

    Optional<Address> from() {
        return from;
    }

    boolean utf8() {
        return utf8;
    }

    /** Adds a recipient and the accounts that it reaches; one account gets one copy. */
    void add(Address recipient, Set<Account> reached) {
        recipients.add(recipient);
        accounts.addAll(reached);
    }

    Set<Address> recipients() {
        return recipients;
    }

    Set<Account> accounts() {
        return accounts;
    }
}
