package org.portolan.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.portolan.stores.Account;
import org.portolan.stores.StoreException;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd}. */
final class Plain implements Sasl {
    private final Verifiers verifiers;

    Plain(Verifiers verifiers) {
        this.verifiers = verifiers;
    }

    @Override
    public boolean clientFirst() {
        return true;
    }

    @Override
    public Step next(byte[] message) throws StoreException {
        String[] parts = new String(message, UTF_8).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return new Step.Malformed("PLAIN is: authorization NUL name NUL password");
        }
        Optional<Account> account = verifiers.verify(parts[1], parts[2]);
        // nobody may act for somebody else: an authorization identity has to be the same account
        boolean self =
                parts[0].isEmpty()
                        || (account.isPresent() && account.equals(verifiers.forLogin(parts[0])));
        return account.isPresent() && self
                ? new Step.Success(account.get(), Optional.empty())
                : new Step.Failure(parts[1]);
    }
}
