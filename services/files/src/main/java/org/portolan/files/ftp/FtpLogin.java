package org.portolan.files.ftp;

import java.io.IOException;
import java.util.Optional;
import org.portolan.auth.Attempt;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.wire.Refusal;

/** USER and PASS under the eyes of the guard. */
final class FtpLogin {
    /** A peer gets this many guesses in one conversation. */
    private static final int MOST_FAILURES = 3;

    private final Accounts accounts;
    private final LoginGuard guard;
    private final Events events;
    private final Connection client;
    private int failures;

    FtpLogin(Accounts accounts, LoginGuard guard, Events events, Connection client) {
        this.accounts = accounts;
        this.guard = guard;
        this.events = events;
        this.client = client;
    }

    /**
     * Lets the peer in with a name and a password that it showed.
     *
     * @throws Refusal when they are wrong
     * @throws Hangup when that was once too often
     */
    Account password(String login, String password) throws IOException, Refusal, StoreException {
        Attempt attempt =
                guard.attempt(accounts, client.peer().address(), false, client.service().name());
        if (attempt.refused().isPresent()) {
            countFailure();
            throw FtpReply.tooManyGuesses();
        }
        Optional<Account> account = attempt.verify(login, password);
        if (account.isEmpty()) {
            throw failed(attempt, login);
        }
        attempt.succeeded(account.get());
        client.loggedIn(account.get().name());
        note(Events.Kind.LOGGED_IN, account.get().name(), attempt.how());
        return account.get();
    }

    private Refusal failed(Attempt attempt, String login) throws IOException, StoreException {
        boolean refused = attempt.refused().isPresent();
        client.log().info("log-in {} for {}", refused ? "refused" : "failed", login);
        note(
                Events.Kind.LOGIN_FAILED,
                login,
                refused ? "too many failures before" : "wrong name or password");
        client.pause(attempt.failed(login));
        countFailure();
        return refused ? FtpReply.tooManyGuesses() : FtpReply.wrongPassword();
    }

    private void countFailure() throws Hangup {
        failures++;
        if (failures >= MOST_FAILURES) {
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
        }
    }

    private void note(Events.Kind kind, String account, String words) {
        events.note(
                kind,
                client.service().name(),
                client.id(),
                client.peer().toString(),
                account,
                words);
    }
}
