package org.portolan.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Optional;
import org.portolan.auth.Attempt;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.Mechanism;
import org.portolan.auth.Sasl;
import org.portolan.auth.Sasl.Step;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.wire.Refusal;

/**
 * A log-in as SMTP (RFC 4954) and POP3 (RFC 5034) frame it: base64 lines after a prompt, a single
 * {@code *} to give up, {@code =} for an empty initial response.
 */
public final class LoginDialogue {
    /** A peer gets this many guesses in one conversation. */
    private static final int MOST_FAILURES = 3;

    /** The protocol's own words for what may go wrong. */
    public record Words(
            String prompt, String cancelled, String malformed, String failed, String refused) {}

    private final Accounts accounts;
    private final LoginGuard guard;
    private final Events events;
    private final Connection client;
    private final Words words;
    private int failures;

    public LoginDialogue(
            Accounts accounts, LoginGuard guard, Events events, Connection client, Words words) {
        this.accounts = accounts;
        this.guard = guard;
        this.events = events;
        this.client = client;
        this.words = words;
    }

    /**
     * Lets the peer log in with {@code mechanism}.
     *
     * @param initial what it sent with the command, if anything
     * @param binding the TLS session's tls-exporter, where the protocol offers to bind to it
     * @throws Refusal when it did not succeed
     * @throws Hangup when it failed too often
     */
    public Account sasl(Mechanism mechanism, Optional<String> initial, Optional<byte[]> binding)
            throws IOException, Refusal, StoreException {
        Attempt attempt = attempt();
        Sasl sasl = attempt.begin(mechanism, binding);
        byte[] message = new byte[0];
        if (initial.isPresent()) {
            message = initial.get().equals("=") ? message : decode(initial.get());
            if (!sasl.clientFirst()) {
                Step prompt = sasl.next(new byte[0]); // answered already by the initial response
                if (!(prompt instanceof Step.Challenge)) {
                    throw new Refusal(words.malformed);
                }
            }
        } else if (sasl.clientFirst()) {
            message = ask(new byte[0]);
        }
        while (true) {
            switch (sasl.next(message)) {
                case Step.Challenge challenge -> message = ask(challenge.data());
                case Step.Success success -> {
                    if (success.last().isPresent()) {
                        ask(success.last().get()); // RFC 4954 §4: answered by an empty line
                    }
                    return succeeded(attempt, success.account());
                }
                case Step.Failure failure -> throw failed(attempt, failure.login());
                case Step.Malformed malformed -> {
                    client.log().info("a log-in made no sense: {}", malformed.why());
                    throw new Refusal(words.malformed);
                }
            }
        }
    }

    /** Lets the peer log in with a name and a password that it showed. */
    public Account password(String login, String password)
            throws IOException, Refusal, StoreException {
        Attempt attempt = attempt();
        Optional<Account> account = attempt.verify(login, password);
        if (account.isEmpty()) {
            throw failed(attempt, login);
        }
        return succeeded(attempt, account.get());
    }

    private Attempt attempt() throws Refusal, Hangup {
        InetAddress from = client.peer().address();
        Attempt attempt = guard.attempt(accounts, from, false, client.service().name());
        if (attempt.refused().isPresent()) {
            countFailure();
            throw new Refusal(words.refused);
        }
        return attempt;
    }

    private byte[] ask(byte[] challenge) throws IOException, Refusal {
        client.writeLine(words.prompt + Base64.getEncoder().encodeToString(challenge));
        String answer = client.readSecretLine();
        if (answer.equals("*")) {
            throw new Refusal(words.cancelled);
        }
        return decode(answer);
    }

    private byte[] decode(String base64) throws Refusal {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Refusal(words.malformed);
        }
    }

    private Account succeeded(Attempt attempt, Account account) throws Hangup {
        attempt.succeeded(account);
        client.loggedIn(account.name());
        note(Events.Kind.LOGGED_IN, account.name(), attempt.how());
        return account;
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
        return new Refusal(refused ? words.refused : words.failed);
    }

    private void countFailure() throws Hangup {
        failures++;
        if (failures >= MOST_FAILURES) {
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
        }
    }

    private void note(Events.Kind kind, String account, String text) {
        events.note(
                kind,
                client.service().name(),
                client.id(),
                client.peer().toString(),
                account,
                text);
    }
}
