package org.portolan.mail;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
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
    public record Words(String prompt, String cancelled, String malformed, String failed) {}

    private final Accounts accounts;
    private final Events events;
    private final Connection client;
    private final Words words;
    private int failures;

    public LoginDialogue(Accounts accounts, Events events, Connection client, Words words) {
        this.accounts = accounts;
        this.events = events;
        this.client = client;
        this.words = words;
    }

    /**
     * Lets the peer log in with {@code mechanism}.
     *
     * @param initial what it sent with the command, if anything
     * @throws Refusal when it did not succeed
     * @throws Hangup when it failed too often
     */
    public Account sasl(Mechanism mechanism, Optional<String> initial)
            throws IOException, Refusal, StoreException {
        Sasl sasl = mechanism.begin(accounts);
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
                    return succeeded(success.account());
                }
                case Step.Failure failure -> throw failed(failure.login());
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
        Optional<Account> account = accounts.verify(login, password);
        if (account.isEmpty()) {
            throw failed(login);
        }
        return succeeded(account.get());
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

    private Account succeeded(Account account) {
        client.loggedIn(account.name());
        note(Events.Kind.LOGGED_IN, account.name(), "");
        return account;
    }

    private Refusal failed(String login) throws Hangup {
        failures++;
        client.log().info("log-in failed for {}", login);
        note(Events.Kind.LOGIN_FAILED, login, "wrong name or password");
        if (failures >= MOST_FAILURES) {
            throw new Hangup(Hangup.Reason.TOO_MANY_REFUSALS);
        }
        return new Refusal(words.failed);
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
