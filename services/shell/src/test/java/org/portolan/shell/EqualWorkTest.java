package org.portolan.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.testkit.RawClient;

/**
 * A name that nobody has costs the same work as a wrong password, whatever way is tried: so the
 * time does not tell who is there. Work is counted, not timed.
 */
class EqualWorkTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String WRONG = "guessed 1234";
    private static final String LIKE_AN_APP_PASSWORD = "abcd-efgh-ijkm-npqr-stuv";
    private static final List<String> NAMES =
            List.of("ada", "nobody", "ada@portolan.example", "ada@elsewhere.example");

    @TempDir private static Path root;

    private static ShellSite site;
    private static SshClient client;

    @BeforeAll
    static void open() throws Exception {
        site = ShellSite.in(root);
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.setKeyIdentityProvider(session -> List.of());
        client.start();
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        site.close();
    }

    private interface Guess {
        void at(String login) throws Exception;
    }

    /** How often a password was compared while {@code guess} was made. */
    private static long work(Guess guess, String login) throws Exception {
        long before = site.accounts().passwordChecks();
        guess.at(login);
        return site.accounts().passwordChecks() - before;
    }

    private static void guessBySsh(String login, UserAuthFactory way, String password)
            throws Exception {
        client.setUserAuthFactories(List.of(way)); // a session takes them over when it begins
        try (ClientSession session =
                client.connect(login, site.door("ssh")).verify(LONG).getSession()) {
            session.addPasswordIdentity(password);
            session.addPublicKeyIdentity(KeyUtils.generateKeyPair("ssh-ed25519", 256));
            assertThatThrownBy(() -> session.auth().verify(LONG)).hasMessageContaining("No more");
        }
    }

    private static void assertEqualWork(Guess guess, long expected) throws Exception {
        for (String name : NAMES) {
            assertThat(work(guess, name)).as(name).isEqualTo(expected);
        }
    }

    @Test
    void byPassword() throws Exception {
        for (String password : List.of(WRONG, LIKE_AN_APP_PASSWORD)) {
            assertEqualWork(
                    login -> guessBySsh(login, UserAuthPasswordFactory.INSTANCE, password), 1);
        }
    }

    @Test
    void byAnAnswerToAQuestion() throws Exception {
        UserAuthFactory way = UserAuthKeyboardInteractiveFactory.INSTANCE;
        assertEqualWork(login -> guessBySsh(login, way, WRONG), 1);
    }

    @Test
    void byAKeyItCostsNone() throws Exception {
        assertEqualWork(login -> guessBySsh(login, UserAuthPublicKeyFactory.INSTANCE, WRONG), 0);
    }

    /** Three guesses, after which Telnet hangs up. */
    @Test
    void byTelnet() throws Exception {
        assertEqualWork(
                login -> {
                    try (RawClient raw = site.connect("telnet")) {
                        raw.patience(LONG);
                        raw.send(new byte[] {(byte) 255, (byte) 252, 24}); // WONT TERMINAL-TYPE
                        for (String password : List.of(WRONG, LIKE_AN_APP_PASSWORD, "no")) {
                            raw.send(login + "\r\n" + password + "\r\n");
                        }
                        assertThat(new String(raw.readToEnd(), StandardCharsets.ISO_8859_1))
                                .contains("That is not right.")
                                .doesNotContain("You are");
                    }
                },
                3);
    }
}
