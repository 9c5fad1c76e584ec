package org.portolan.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.auth.Sasl.Step;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.SiteKey;

/** Who shows an app password, by which mechanism and where, and what a wrong one counts. */
class AppPasswordTest {
    private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("198.51.100.1");
    private static final String OWN = "correct horse";
    private static final int FAILURES = 4;

    @TempDir Path folder;
    private final LoginGuard guard =
            new LoginGuard(
                    new LoginGuard.Limits(
                            Duration.ofMinutes(15),
                            FAILURES,
                            100,
                            100,
                            Duration.ZERO,
                            Duration.ofMinutes(10),
                            from -> false),
                    InstantSource.system(),
                    (refused, service) -> {});
    private Accounts accounts;
    private Account ada;
    private String shown;

    @BeforeEach
    void open() throws Exception {
        SiteKey key = SiteKey.in(folder.resolve("site.key"));
        accounts = new Accounts(folder, key, List.of("site.test"), InstantSource.system());
        ada = accounts.add("ada", OWN);
        shown = accounts.appPasswords().add(ada, "telephone", List.of());
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private Attempt attempt(String service) {
        return guard.attempt(accounts, HOME, false, service);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void plainAndLoginTakeItAndSayWhichItWas() throws Exception {
        Attempt plain = attempt("imap");
        Sasl sasl = plain.begin(Mechanism.PLAIN, Optional.empty());
        assertThat(sasl.next(bytes("\0ada\0" + shown))).isInstanceOf(Step.Success.class);
        assertThat(plain.how()).isEqualTo("app password telephone");
        assertThat(
                        attempt("imap")
                                .begin(Mechanism.PLAIN, Optional.empty())
                                .next(bytes("bob\0ada\0" + shown)))
                .isInstanceOf(Step.Failure.class);
        Attempt login = attempt("smtp");
        Sasl asked = login.begin(Mechanism.LOGIN, Optional.empty());
        asked.next(bytes("ada@site.test"));
        assertThat(asked.next(bytes(shown.replace("-", ""))))
                .isEqualTo(new Step.Success(ada, Optional.empty()));
        assertThat(login.how()).isEqualTo("app password telephone");
    }

    @Test
    void theOwnPasswordIsTakenAsEver() throws Exception {
        for (String service : List.of("imap", "ssh")) {
            Attempt attempt = attempt(service);
            assertThat(attempt.verify("ada", OWN)).contains(ada);
            assertThat(attempt.how()).isEmpty();
        }
    }

    /** Even where somebody has chosen a password that looks like one of ours. */
    @Test
    void whatLooksLikeOneMayBeTheAccountsOwn() throws Exception {
        accounts.setPassword("ada", "abcd-efgh-ijkm-npqr-stuv");
        Attempt attempt = attempt("imap");
        assertThat(attempt.verify("ada", "abcd-efgh-ijkm-npqr-stuv")).contains(ada);
        assertThat(attempt.how()).isEmpty();
        assertThat(attempt("imap").verify("ada", "abcdefghijkmnpqrstuv")).isEmpty();
    }

    @Test
    void noConsoleTakesItAndSuchATryCountsAsAFailure() throws Exception {
        for (int i = 0; i < FAILURES; i++) {
            Attempt attempt = attempt("ssh");
            String guess = i == 0 ? shown : "abcd-efgh-ijkm-npqr-stu" + "wxyz".charAt(i);
            assertThat(attempt.refused()).isEmpty();
            assertThat(attempt.verify("ada", guess)).isEmpty();
            attempt.failed("ada");
        }
        Attempt refused = attempt("imap");
        assertThat(refused.refused()).isPresent();
        assertThat(refused.verify("ada", shown)).isEmpty(); // it is not even looked for
        assertThat(guard.attempt(accounts, ELSEWHERE, false, "imap").verify("ada", shown))
                .contains(ada);
    }

    @Test
    void aWrongOneOfAServiceThatTakesThemCountsToo() throws Exception {
        for (int i = 0; i < FAILURES; i++) {
            Attempt attempt = attempt("imap");
            String guess = "abcd-efgh-ijkm-npqr-stu" + "wxyz".charAt(i);
            assertThat(attempt.verify("ada", guess)).isEmpty();
            attempt.failed("ada");
        }
        assertThat(attempt("imap").refused()).isPresent();
    }

    @Test
    void scramKnowsTheOwnPasswordAlone() throws Exception {
        // what a client would have to prove is derived from the one password, whatever else there
        // is
        assertThat(accounts.scramVerifier("ada").salt())
                .isEqualTo(accounts.scramVerifier("ada@site.test").salt());
        byte[] before = accounts.scramVerifier("ada").storedKey();
        accounts.appPasswords().add(ada, "tablet", List.of());
        assertThat(accounts.scramVerifier("ada").storedKey()).isEqualTo(before);
    }

    @Test
    void aRemovedOneIsRefusedAtOnce() throws Exception {
        assertThat(attempt("imap").verify("ada", shown)).contains(ada);
        accounts.appPasswords().remove(ada, "telephone");
        assertThat(attempt("imap").verify("ada", shown)).isEmpty();
    }

    /** So that the time does not tell who is there, nor who has app passwords. */
    @Test
    void aNameThatNobodyHasCostsTheSameWork() throws Exception {
        accounts.add("bob", OWN);
        for (String login : List.of("ada", "bob", "nobody", "ada@elsewhere.test", "")) {
            for (String service : List.of("imap", "ftp", "ssh")) {
                for (String guess : List.of("wrong", "abcd-efgh-ijkm-npqr-stuv")) {
                    long before = accounts.passwordChecks();
                    Attempt attempt = guard.attempt(accounts, ELSEWHERE, false, service);
                    assertThat(attempt.verify(login, guess)).isEmpty();
                    assertThat(accounts.passwordChecks() - before).as(login).isEqualTo(1);
                }
            }
            long before = accounts.passwordChecks();
            guard.attempt(accounts, ELSEWHERE, false, "imap")
                    .begin(Mechanism.SCRAM_SHA_256, Optional.empty())
                    .next(bytes("n,,n=" + (login.isEmpty() ? "x" : login) + ",r=nonce"));
            assertThat(accounts.passwordChecks()).isEqualTo(before);
        }
    }
}
