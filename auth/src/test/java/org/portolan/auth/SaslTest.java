package org.portolan.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.auth.Sasl.Step;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.SiteKey;

/** PLAIN and LOGIN against a store of accounts, and the choice of a mechanism. */
class SaslTest {
    @TempDir private static Path folder;

    private static Accounts accounts;
    private static Account ada;

    @BeforeAll
    static void open() throws Exception {
        SiteKey key = SiteKey.in(folder.resolve("site.key"));
        accounts = new Accounts(folder, key, List.of("here.example"), InstantSource.system());
        ada = accounts.add("ada", "lovelace1815");
        accounts.add("grace", "of the navy 1906");
        accounts.add("jörg", "grüße aus köln");
    }

    @AfterAll
    static void close() {
        accounts.close();
    }

    private static Step plain(String message) throws Exception {
        return Mechanism.PLAIN.begin(accounts).next(message.getBytes(UTF_8));
    }

    @Test
    void plainHasTheNameAndThePassword() throws Exception {
        assertThat(Mechanism.PLAIN.begin(accounts).clientFirst()).isTrue();
        Step.Success in = new Step.Success(ada, Optional.empty());
        assertThat(plain("\0ada\0lovelace1815")).isEqualTo(in);
        assertThat(plain("\0ADA@Here.Example\0lovelace1815")).isEqualTo(in);
        assertThat(plain("\0jörg\0grüße aus köln")).isInstanceOf(Step.Success.class);
    }

    @Test
    void plainMayNameWhomOneActsForIfItIsOneself() throws Exception {
        Step.Success in = new Step.Success(ada, Optional.empty());
        assertThat(plain("ada\0ada\0lovelace1815")).isEqualTo(in);
        assertThat(plain("ada@here.example\0ada\0lovelace1815")).isEqualTo(in);
        assertThat(plain("grace\0ada\0lovelace1815")).isEqualTo(new Step.Failure("ada"));
        assertThat(plain("nobody\0ada\0lovelace1815")).isEqualTo(new Step.Failure("ada"));
    }

    @Test
    void plainWithTheWrongPasswordFails() throws Exception {
        assertThat(plain("\0ada\0lovelace1816")).isEqualTo(new Step.Failure("ada"));
        assertThat(plain("\0nobody\0lovelace1815")).isEqualTo(new Step.Failure("nobody"));
        assertThat(plain("ada\0nobody\0x")).isEqualTo(new Step.Failure("nobody"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "\0",
                "\0ada",
                "ada\0lovelace1815",
                "\0ada\0",
                "\0\0lovelace1815",
                "\0ada\0love\0lace",
                "\0ada\0lovelace1815\0",
            })
    void whatIsNotOfPlainIsMalformed(String message) throws Exception {
        assertThat(plain(message)).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void plainInAnotherCharsetIsNobody() throws Exception {
        byte[] latin1 = "\0jörg\0grüße aus köln".getBytes("ISO-8859-1");
        assertThat(Mechanism.PLAIN.begin(accounts).next(latin1)).isInstanceOf(Step.Failure.class);
    }

    @Test
    void loginAsksTwice() throws Exception {
        Sasl login = Mechanism.LOGIN.begin(accounts);
        assertThat(login.clientFirst()).isFalse();
        assertThat(asked(login.next(new byte[0]))).isEqualTo("Username:");
        assertThat(asked(login.next("ada".getBytes(US_ASCII)))).isEqualTo("Password:");
        assertThat(login.next("lovelace1815".getBytes(US_ASCII)))
                .isEqualTo(new Step.Success(ada, Optional.empty()));
    }

    @Test
    void loginMayHaveTheNameFirst() throws Exception {
        Sasl login = Mechanism.LOGIN.begin(accounts);
        assertThat(asked(login.next("ada".getBytes(US_ASCII)))).isEqualTo("Password:");
        assertThat(login.next("wrong".getBytes(US_ASCII))).isEqualTo(new Step.Failure("ada"));
    }

    @Test
    void loginWithoutANameIsNobody() throws Exception {
        Sasl login = Mechanism.LOGIN.begin(accounts);
        login.next(new byte[0]);
        assertThat(asked(login.next(new byte[0]))).isEqualTo("Password:");
        assertThat(login.next(new byte[0])).isEqualTo(new Step.Failure(""));
    }

    private static String asked(Step step) {
        assertThat(step).isInstanceOf(Step.Challenge.class);
        return new String(((Step.Challenge) step).data(), US_ASCII);
    }

    @Test
    void theDecoyOfAStrangerLooksLikeAVerifier() throws Exception {
        String first = "n,,n=nobody,r=abc";
        String one = asked(Mechanism.SCRAM_SHA_256.begin(accounts).next(first.getBytes(UTF_8)));
        String again = asked(Mechanism.SCRAM_SHA_256.begin(accounts).next(first.getBytes(UTF_8)));
        String known =
                asked(
                        Mechanism.SCRAM_SHA_256
                                .begin(accounts)
                                .next("n,,n=ada,r=abc".getBytes(UTF_8)));
        String form = "r=abc[!-+\\--~]+,s=[A-Za-z0-9+/]{22}==,i=10000";
        assertThat(one).matches(form);
        assertThat(known).matches(form);
        // the same salt each time and with each domain, or the name would be known for a stranger's
        String atHome = first.replace("nobody", "Nobody@Here.Example");
        String home = asked(Mechanism.SCRAM_SHA_256.begin(accounts).next(atHome.getBytes(UTF_8)));
        String salt = one.substring(one.indexOf(",s="));
        assertThat(again).endsWith(salt);
        assertThat(home).endsWith(salt);
    }

    @Test
    void aMechanismIsFoundByItsNameInAnyCase() {
        assertThat(Mechanism.named("plain")).contains(Mechanism.PLAIN);
        assertThat(Mechanism.named("Scram-Sha-256")).contains(Mechanism.SCRAM_SHA_256);
        assertThat(Mechanism.named("PLAıN")).isEmpty();
        assertThat(Mechanism.named("")).isEmpty();
        assertThat(Mechanism.named("PLAIN ")).isEmpty();
        assertThat(Mechanism.named("SCRAM_SHA_256")).isEmpty();
    }

    @Test
    void whatShowsThePasswordIsNotOfferedInTheClear() {
        List<Mechanism> all = List.of(Mechanism.values());
        assertThat(Mechanism.offered(all, true, true)).isEqualTo(all);
        assertThat(Mechanism.offered(all, true, false))
                .doesNotContain(Mechanism.SCRAM_SHA_256_PLUS);
        assertThat(Mechanism.offered(all, false, false)).containsExactly(Mechanism.SCRAM_SHA_256);
        assertThat(Mechanism.offered(List.of(Mechanism.PLAIN), false, false)).isEmpty();
    }
}
