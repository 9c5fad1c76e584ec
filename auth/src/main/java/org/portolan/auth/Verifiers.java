package org.portolan.auth;

import java.util.Optional;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.ScramVerifier;
import org.portolan.stores.StoreException;

/** What the mechanisms ask about people: of the site's accounts, or of an example in an RFC. */
interface Verifiers {
    /** As {@link Accounts#verify}. */
    Optional<Account> verify(String login, String password) throws StoreException;

    /** As {@link Accounts#appPassword}; the people of an RFC's example have none. */
    default Optional<String> appPassword(String login, String shown, String service)
            throws StoreException {
        return Optional.empty();
    }

    /** As {@link Accounts#forLogin}. */
    Optional<Account> forLogin(String login) throws StoreException;

    /** As {@link Accounts#scramVerifier}. */
    ScramVerifier scramVerifier(String login) throws StoreException;

    /** Those of the site. */
    static Verifiers of(Accounts accounts) {
        return new Verifiers() {
            @Override
            public Optional<Account> verify(String login, String password) throws StoreException {
                return accounts.verify(login, password);
            }

            @Override
            public Optional<String> appPassword(String login, String shown, String service)
                    throws StoreException {
                return accounts.appPassword(login, shown, service);
            }

            @Override
            public Optional<Account> forLogin(String login) throws StoreException {
                return accounts.forLogin(login);
            }

            @Override
            public ScramVerifier scramVerifier(String login) throws StoreException {
                return accounts.scramVerifier(login);
            }
        };
    }
}
