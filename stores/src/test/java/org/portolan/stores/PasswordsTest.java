package org.portolan.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What is kept of a password. */
class PasswordsTest {
    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    /** The dialogue of RFC 7677 §3, with its password, salt, proof and signature. */
    @Test
    void theExampleOfTheRfcFits() throws Exception {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        ScramVerifier verifier = Passwords.scram("pencil", salt, 4096);
        String nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        String authMessage =
                "n=user,r=rOprNGfwEbeRWgbNEkqO,r="
                        + nonce
                        + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r="
                        + nonce;
        assertThat(Base64.getEncoder().encodeToString(hmac(verifier.serverKey(), authMessage)))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");

        byte[] proof = Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        byte[] signature = hmac(verifier.storedKey(), authMessage);
        byte[] clientKey = new byte[32];
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey))
                .isEqualTo(verifier.storedKey());
    }

    @Test
    void aVerifierSurvivesItsStorage() {
        ScramVerifier made = new Passwords(Passwords.THREADS).scram("correct horse");
        ScramVerifier read = ScramVerifier.of(made.toBytes());
        assertThat(read.salt()).isEqualTo(made.salt()).hasSize(16);
        assertThat(read.iterations()).isEqualTo(made.iterations());
        assertThat(read.storedKey()).isEqualTo(made.storedKey()).hasSize(32);
        assertThat(read.serverKey()).isEqualTo(made.serverKey()).hasSize(32);
    }

    @Test
    void eachHashHasItsOwnSaltAndFitsOnlyItsPassword() {
        Passwords passwords = new Passwords(Passwords.THREADS);
        byte[] one = passwords.argon2("correct horse");
        byte[] two = passwords.argon2("correct horse");
        assertThat(one).isNotEqualTo(two);
        assertThat(passwords.matches(one, "correct horse")).isTrue();
        assertThat(passwords.matches(two, "correct horse")).isTrue();
        assertThat(passwords.matches(one, "Correct horse")).isFalse();
        assertThat(passwords.matches(one, "")).isFalse();
    }

    @Test
    void manyChecksAtOnceAreAllAnswered() throws Exception {
        Passwords passwords = new Passwords(Passwords.THREADS);
        byte[] verifier = passwords.argon2("correct horse");
        int many = 40;
        AtomicInteger right = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(many);
        for (int i = 0; i < many; i++) {
            Thread.startVirtualThread(
                    () -> {
                        if (passwords.matches(verifier, "correct horse")) {
                            right.incrementAndGet();
                        }
                        all.countDown();
                    });
        }
        all.await();
        assertThat(right).hasValue(many);
    }
}
