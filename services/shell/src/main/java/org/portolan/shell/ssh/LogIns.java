package org.portolan.shell.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.portolan.auth.Attempt;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SshPublicKey;
import org.portolan.stores.StoreException;

/**
 * Who logs in, by password (also as the answer to a question, RFC 4256) or by key, under the eyes
 * of the same guard as everywhere.
 *
 * <p>A stranger's name costs as much time as a wrong password. A key that is not an account's is no
 * guess and is not counted: clients try all that they have.
 */
final class LogIns implements PasswordAuthenticator, PublickeyAuthenticator {
    private static final AttributeKey<Account> ACCOUNT = new AttributeKey<>();

    /** Has a number that is no account's. */
    private static final Account NOBODY = new Account(0, "");

    private final Accounts accounts;
    private final LoginGuard guard;
    private final Events events;

    LogIns(Accounts accounts, LoginGuard guard, Events events) {
        this.accounts = accounts;
        this.guard = guard;
        this.events = events;
    }

    /** Who logged in there. */
    static Account account(ServerSession session) {
        Account account = session.getAttribute(ACCOUNT);
        if (account == null) {
            throw new IllegalStateException("nobody has logged in");
        }
        return account;
    }

    static Connection connection(ServerSession session) {
        return ((KernelSession) session.getIoSession()).connection();
    }

    // ---- passwords

    @Override
    public boolean authenticate(String login, String password, ServerSession session) {
        Connection client = connection(session);
        try {
            Attempt attempt = attempt(client);
            if (attempt.refused().isPresent()) {
                client.log().info("log-in refused for {}", login);
                return false;
            }
            Optional<Account> account = attempt.verify(login, password);
            if (account.isEmpty()) {
                failed(client, attempt, login);
                return false;
            }
            succeeded(session, attempt, account.get(), "password");
            return true;
        } catch (Hangup e) {
            client.end(e.reason());
            return false;
        } catch (StoreException | IOException e) {
            client.log().warn("a password could not be compared: {}", String.valueOf(e));
            return false;
        }
    }

    private Attempt attempt(Connection client) {
        InetAddress from = client.peer().address();
        return guard.attempt(accounts, from, false, client.service().name());
    }

    private void failed(Connection client, Attempt attempt, String login)
            throws IOException, StoreException {
        boolean refused = attempt.refused().isPresent();
        client.log().info("log-in {} for {}", refused ? "refused" : "failed", login);
        String why = refused ? "too many failures before" : "wrong name or password";
        note(client, Events.Kind.LOGIN_FAILED, login, why);
        client.pause(attempt.failed(login));
    }

    // ---- keys

    /** Whether {@code key} would log in; asked before a signature is wanted, and after. */
    @Override
    public boolean authenticate(String login, PublicKey key, ServerSession session) {
        Connection client = connection(session);
        try {
            Attempt attempt = attempt(client);
            if (attempt.refused().isPresent()) {
                return false;
            }
            Optional<Account> account = attempt.named(login);
            // looked for all the same where there is no account, so that it takes as long
            boolean known = accounts.keys().has(account.orElse(NOBODY), asSsh(key));
            return account.isPresent() && known;
        } catch (StoreException e) {
            client.log().warn("a key could not be looked up: {}", String.valueOf(e));
            return false;
        }
    }

    private static SshPublicKey asSsh(PublicKey key) {
        Buffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        byte[] blob = buffer.getCompactData();
        return new SshPublicKey("", blob, ""); // its fingerprint is that of the blob alone
    }

    /** Knows when the signature was right, which is the moment of the log-in. */
    final class ByKey extends UserAuthPublicKeyFactory {
        @Override
        public UserAuthPublicKey createUserAuth(ServerSession session) throws IOException {
            return new UserAuthPublicKey(getSignatureFactories()) {
                @Override
                public Boolean doAuth(Buffer buffer, boolean first) throws Exception {
                    Boolean done = super.doAuth(buffer, first);
                    if (!Boolean.TRUE.equals(done)) {
                        return done;
                    }
                    Attempt attempt = attempt(connection(session));
                    Optional<Account> account = attempt.named(getUsername());
                    if (account.isPresent()) { // it was a moment ago
                        succeeded(session, attempt, account.get(), "key");
                    }
                    return account.isPresent();
                }
            };
        }
    }

    // ---- both

    /**
     * It is them.
     *
     * @throws Hangup when the firewall does not let this account in
     */
    private void succeeded(ServerSession session, Attempt attempt, Account account, String how)
            throws IOException {
        Connection client = connection(session);
        attempt.succeeded(account);
        client.loggedIn(account.name());
        session.setAttribute(ACCOUNT, account);
        client.trace("%s logged in by %s".formatted(account.name(), how));
        note(client, Events.Kind.LOGGED_IN, account.name(), how);
    }

    private void note(Connection client, Events.Kind kind, String account, String text) {
        events.note(
                kind,
                client.service().name(),
                client.id(),
                client.peer().toString(),
                account,
                text);
    }
}
