package org.portolan.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.auth.Sasl.Step;
import org.portolan.stores.Account;
import org.portolan.stores.ScramVerifier;

/** The example of RFC 7677 §3, and what departs from it. */
class ScramTest {
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String WITHOUT_PROOF =
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SERVER_LAST = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static final Account USER = new Account(7, "user");

    private static byte[] saltedPassword;
    private static ScramVerifier verifier;

    @BeforeAll
    static void derive() throws Exception {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        saltedPassword =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(new PBEKeySpec("pencil".toCharArray(), salt, 4096, 256))
                        .getEncoded();
        byte[] storedKey = sha256(hmac(saltedPassword, "Client Key"));
        verifier = new ScramVerifier(salt, 4096, storedKey, hmac(saltedPassword, "Server Key"));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    /** The proof that a client which knows the password gives for these messages. */
    private static String proof(String clientFirstBare, String serverFirst, String withoutProof)
            throws Exception {
        byte[] clientKey = hmac(saltedPassword, "Client Key");
        byte[] signature =
                hmac(sha256(clientKey), clientFirstBare + "," + serverFirst + "," + withoutProof);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        return Base64.getEncoder().encodeToString(clientKey);
    }

    private static Scram scram() {
        return scram(Optional.empty(), false);
    }

    private static Scram scram(Optional<byte[]> binding, boolean plus) {
        Verifiers users =
                new Verifiers() {
                    @Override
                    public Optional<Account> verify(String login, String password) {
                        throw new AssertionError("SCRAM has no password to verify");
                    }

                    @Override
                    public Optional<Account> forLogin(String login) {
                        return login.equals("user") ? Optional.of(USER) : Optional.empty();
                    }

                    @Override
                    public ScramVerifier scramVerifier(String login) {
                        return verifier;
                    }
                };
        return new Scram(users, SERVER_NONCE, binding, plus);
    }

    private static Step next(Scram scram, String message) throws Exception {
        return scram.next(message.getBytes(UTF_8));
    }

    private static String challenge(Step step) {
        assertThat(step).isInstanceOf(Step.Challenge.class);
        return new String(((Step.Challenge) step).data(), UTF_8);
    }

    @Test
    void theExampleOfTheRfc() throws Exception {
        Scram scram = scram();
        assertThat(scram.clientFirst()).isTrue();
        assertThat(challenge(next(scram, CLIENT_FIRST))).isEqualTo(SERVER_FIRST);
        Step last = next(scram, WITHOUT_PROOF + ",p=" + PROOF);
        assertThat(last).isInstanceOf(Step.Success.class);
        Step.Success success = (Step.Success) last;
        assertThat(success.account()).isEqualTo(USER);
        assertThat(new String(success.last().orElseThrow(), UTF_8)).isEqualTo(SERVER_LAST);
    }

    /** RFC 5802 §6: "y" says that the client could bind to a channel but sees that we cannot. */
    @Test
    void aClientThatCouldBindToTheChannelIsWelcome() throws Exception {
        assertThat(logIn("y,,", "n=user,r=abc", "")).isInstanceOf(Step.Success.class);
    }

    /** RFC 5802 §6: where PLUS is offered, "y" shows that somebody took it from the list. */
    @Test
    void aTakenAwayOfferIsNoticed() throws Exception {
        Scram scram = scram(Optional.of(new byte[32]), false);
        assertThat(next(scram, "y,,n=user,r=abc")).isEqualTo(new Step.Failure("user"));
        assertThat(next(scram(Optional.of(new byte[32]), false), "n,,n=user,r=abc"))
                .isInstanceOf(Step.Challenge.class);
    }

    /** RFC 5802 §7, RFC 9266: the proof covers what the TLS session is known by. */
    @Test
    void whoIsBoundToAnotherSessionFails() throws Exception {
        byte[] ours = "what this session exports, 32 b.".getBytes(UTF_8);
        byte[] another = "what that session exports, 32 b.".getBytes(UTF_8);
        assertThat(bound(ours, ours)).isInstanceOf(Step.Success.class);
        assertThat(bound(ours, another)).isEqualTo(new Step.Failure("user"));
        assertThat(bound(ours, new byte[0])).isEqualTo(new Step.Failure("user"));
        assertThat(next(scram(Optional.of(ours), true), "n,,n=user,r=abc"))
                .isInstanceOf(Step.Malformed.class);
        assertThat(next(scram(Optional.of(ours), true), "p=tls-unique,,n=user,r=abc"))
                .isInstanceOf(Step.Malformed.class);
        assertThat(next(scram(Optional.of(ours), false), "p=tls-exporter,,n=user,r=abc"))
                .isInstanceOf(Step.Malformed.class);
    }

    private static Step bound(byte[] session, byte[] clients) throws Exception {
        Scram scram = scram(Optional.of(session), true);
        String serverFirst = challenge(next(scram, "p=tls-exporter,,n=user,r=abc"));
        ByteArrayOutputStream binding = new ByteArrayOutputStream();
        binding.writeBytes("p=tls-exporter,,".getBytes(UTF_8));
        binding.writeBytes(clients);
        String withoutProof =
                "c=%s,r=abc%s"
                        .formatted(
                                Base64.getEncoder().encodeToString(binding.toByteArray()),
                                SERVER_NONCE);
        return next(scram, withoutProof + ",p=" + proof("n=user,r=abc", serverFirst, withoutProof));
    }

    /** RFC 5802 §5.1: who acts for somebody says so; nobody may but for himself. */
    @Test
    void nobodyActsForSomebodyElse() throws Exception {
        assertThat(logIn("n,a=user,", "n=user,r=abc", "")).isInstanceOf(Step.Success.class);
        assertThat(next(scram(), "n,a=admin,n=user,r=abc")).isEqualTo(new Step.Failure("user"));
        assertThat(next(scram(), "n,a=,n=user,r=abc")).isEqualTo(new Step.Failure("user"));
    }

    /** RFC 5802 §5.1: extensions that are not mandatory are ignored, but part of what is proved. */
    @Test
    void extensionsAreIgnored() throws Exception {
        assertThat(logIn("n,,", "n=user,r=abc,x=what,y=ever", ",z=else"))
                .isInstanceOf(Step.Success.class);
    }

    private static Step logIn(String header, String bare, String extensions) throws Exception {
        Scram scram = scram();
        String serverFirst = challenge(next(scram, header + bare));
        String binding = Base64.getEncoder().encodeToString(header.getBytes(UTF_8));
        String withoutProof = "c=" + binding + ",r=abc" + SERVER_NONCE + extensions;
        String proof = proof(bare, serverFirst, withoutProof);
        return next(scram, withoutProof + ",p=" + proof);
    }

    @Test
    void aNameMayHaveCommasAndEqualsSigns() throws Exception {
        assertThat(logInAs("a=2Cb=3Dc")).isEqualTo(new Step.Failure("a,b=c"));
        assertThat(logInAs("=3D2C")).isEqualTo(new Step.Failure("=2C"));
        assertThat(next(scram(), "n,,n=a=b,r=abc")).isInstanceOf(Step.Malformed.class);
        assertThat(next(scram(), "n,,n==2=2CC,r=abc")).isInstanceOf(Step.Malformed.class);
        assertThat(next(scram(), "n,,n==2c,r=abc")).isInstanceOf(Step.Malformed.class);
    }

    /** Nobody has those names, so that not even the right proof lets them in. */
    private static Step logInAs(String name) throws Exception {
        return logIn("n,,", "n=" + name + ",r=abc", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                "n,,n=user",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,r=abc,n=user",
                "n,,m=mandatory,n=user,r=abc",
                "n,n=user,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "x,,n=user,r=abc",
                "n,,n=user,r=a b",
                "n,,n=user,r=\u00e4",
                "n,,n=user,r=abc\r\n",
                "n,,n=user,r=\0",
            })
    void whatIsNoFirstMessageIsMalformed(String message) throws Exception {
        assertThat(next(scram(), message)).isInstanceOf(Step.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p=dHzb",
                WITHOUT_PROOF,
                WITHOUT_PROOF + ",p=",
                WITHOUT_PROOF + ",p=" + PROOF + "!",
                WITHOUT_PROOF + ",p=?",
                WITHOUT_PROOF + ",p=dHzb",
                WITHOUT_PROOF + ",p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                WITHOUT_PROOF + "x,p=" + PROOF,
                WITHOUT_PROOF + ",x=y,p=" + PROOF, // proves another message
                "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + PROOF,
                "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=" + PROOF,
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,c=biws,p=" + PROOF,
            })
    void whatProvesNothingLetsNobodyIn(String message) throws Exception {
        Scram scram = scram();
        next(scram, CLIENT_FIRST);
        assertThat(next(scram, message)).isInstanceOfAny(Step.Failure.class, Step.Malformed.class);
    }

    @Test
    void everyExchangeHasANonceOfItsOwn() throws Exception {
        Verifiers users =
                new Verifiers() {
                    @Override
                    public Optional<Account> verify(String login, String password) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Account> forLogin(String login) {
                        return Optional.of(USER);
                    }

                    @Override
                    public ScramVerifier scramVerifier(String login) {
                        return verifier;
                    }
                };
        String one = challenge(next(new Scram(users, Optional.empty(), false), CLIENT_FIRST));
        String other = challenge(next(new Scram(users, Optional.empty(), false), CLIENT_FIRST));
        assertThat(one).startsWith("r=rOprNGfwEbeRWgbNEkqO").hasSizeGreaterThan(60);
        assertThat(one).isNotEqualTo(other);
    }
}
