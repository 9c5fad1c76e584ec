package org.portolan.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.portolan.stores.Account;
import org.portolan.stores.ScramVerifier;
import org.portolan.stores.StoreException;

/**
 * One log-in under the eyes of the {@link LoginGuard}: who is refused gets no password compared,
 * which costs the site nothing and tells the guesser nothing.
 */
public final class Attempt {
    private final LoginGuard guard;
    private final Verifiers verifiers;
    private final InetAddress from;
    private final boolean forgeable;
    private final String service;
    private Optional<String> password = Optional.empty();
    private Optional<String> label = Optional.empty();
    private Optional<Instant> refused;

    Attempt(
            LoginGuard guard,
            Verifiers verifiers,
            InetAddress from,
            boolean forgeable,
            String service) {
        this.guard = guard;
        this.verifiers = verifiers;
        this.from = from;
        this.forgeable = forgeable;
        this.service = service;
        this.refused = guard.refused(from);
    }

    /** Until when this log-in is refused, whatever it says: known at once, or from its name on. */
    public Optional<Instant> refused() {
        return refused;
    }

    /**
     * Begins an exchange of {@code mechanism}.
     *
     * @param binding the TLS session's tls-exporter, where the service offers to bind to it
     */
    public Sasl begin(Mechanism mechanism, Optional<byte[]> binding) {
        return mechanism.begin(watched(), binding);
    }

    /**
     * The account that {@code login} and {@code password}, its own or an app password, together
     * name.
     */
    public Optional<Account> verify(String login, String password) throws StoreException {
        return watched().verify(login, password);
    }

    /**
     * The account that logs in as {@code login}, for proofs other than a password; nobody where
     * this peer may not try.
     */
    public Optional<Account> named(String login) throws StoreException {
        return mayTry(login) ? verifiers.forLogin(login) : Optional.empty();
    }

    /** What was shown, if it was not the account's own password, in words for the event. */
    public String how() {
        return label.map(name -> "app password " + name).orElse("");
    }

    private Verifiers watched() {
        return new Verifiers() {
            @Override
            public Optional<Account> verify(String login, String shown) throws StoreException {
                password = Optional.of(shown);
                if (!mayTry(login)) {
                    return Optional.empty();
                }
                label = verifiers.appPassword(login, shown, service);
                return label.isPresent()
                        ? verifiers.forLogin(login)
                        : verifiers.verify(login, shown);
            }

            @Override
            public Optional<Account> forLogin(String login) throws StoreException {
                return verifiers.forLogin(login);
            }

            @Override
            public ScramVerifier scramVerifier(String login) throws StoreException {
                return verifiers.scramVerifier(mayTry(login) ? login : "");
            }
        };
    }

    private boolean mayTry(String login) throws StoreException {
        if (refused.isEmpty()) {
            refused = guard.refused(nameOf(login), from);
        }
        return refused.isEmpty();
    }

    /** Both spellings of an account count as one; nobody's is counted as it is spelled. */
    private String nameOf(String login) throws StoreException {
        return verifiers.forLogin(login).map(Account::name).orElse(login);
    }

    /**
     * It failed.
     *
     * @return how long the peer should wait for its answer
     */
    public Duration failed(String login) throws StoreException {
        if (refused.isEmpty()) {
            guard.failed(from, forgeable, nameOf(login), password, service);
            refused = guard.refused(from);
        }
        return guard.delay(from);
    }

    /** It succeeded. */
    public void succeeded(Account account) {
        guard.succeeded(from, forgeable, account.name());
    }
}
