package org.portolan.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256 (RFC 5802 §3), in the base64 of SMTP and POP3. */
public final class ScramClient {
    private final String password;
    private final String firstBare;
    private byte[] serverSignature = new byte[0];

    public ScramClient(String name, String password) {
        this.password = password;
        this.firstBare = "n=" + name + ",r=fyko+d2lbbFgONRv9qkxdawL";
    }

    /** The first message. */
    public String first() {
        return encoded("n,," + firstBare);
    }

    /** The last message, which proves the password. */
    public String last(String challenge) throws GeneralSecurityException {
        String serverFirst = decoded(challenge);
        String nonce = serverFirst.substring(2, serverFirst.indexOf(",s="));
        String salt =
                serverFirst.substring(serverFirst.indexOf(",s=") + 3, serverFirst.indexOf(",i="));
        int iterations = Integer.parseInt(serverFirst.substring(serverFirst.indexOf(",i=") + 3));
        byte[] salted =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(
                                new PBEKeySpec(
                                        password.toCharArray(),
                                        Base64.getDecoder().decode(salt),
                                        iterations,
                                        256))
                        .getEncoded();
        String withoutProof = "c=biws,r=" + nonce;
        String all = firstBare + "," + serverFirst + "," + withoutProof;
        serverSignature = hmac(hmac(salted, "Server Key"), all);
        byte[] proof = hmac(salted, "Client Key");
        byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(proof), all);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= signature[i];
        }
        return encoded(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof));
    }

    /** The server knows the password too, or at least what is kept of it. */
    public void check(String serverLast) {
        assertThat(decoded(serverLast))
                .isEqualTo("v=" + Base64.getEncoder().encodeToString(serverSignature));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), UTF_8);
    }
}
