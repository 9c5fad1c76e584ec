package org.portolan.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Account;
import org.portolan.stores.ScramVerifier;
import org.portolan.stores.StoreException;

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677), and SCRAM-SHA-256-PLUS, which is bound to the TLS session by
 * tls-exporter (RFC 9266).
 *
 * <pre>
 * C: n,,n=user,r=clientNonce
 * S: r=clientNonceServerNonce,s=salt,i=10000
 * C: c=biws,r=clientNonceServerNonce,p=proof
 * S: v=signature
 * </pre>
 */
final class Scram implements Sasl {
    private static final int NONCE_BYTES = 18;

    /** The gs2-cbind-flag of PLUS (RFC 5802 §7). */
    private static final String BOUND = "p=tls-exporter";

    /** c-nonce = printable, which has no comma (RFC 5802 §7). */
    private static final Pattern NONCE = Pattern.compile("r=[!-+\\--~]+");

    private final Verifiers verifiers;
    private final String serverNonce;
    private final Optional<byte[]> binding;
    private final boolean plus;
    private @Nullable ServerFirst sent;

    /** What the first reply promised, and what the second message is checked against. */
    private record ServerFirst(
            String login,
            String gs2Header,
            String nonce,
            ScramVerifier verifier,
            String clientFirstBare,
            String serverFirst) {}

    /**
     * @param binding what the TLS session can be known by, if PLUS is offered in it
     * @param plus whether this is the mechanism that binds to it
     */
    Scram(Verifiers verifiers, Optional<byte[]> binding, boolean plus) {
        this(verifiers, newNonce(), binding, plus);
    }

    Scram(Verifiers verifiers, String serverNonce, Optional<byte[]> binding, boolean plus) {
        this.verifiers = verifiers;
        this.serverNonce = serverNonce;
        this.binding = binding;
        this.plus = plus;
    }

    private static String newNonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean clientFirst() {
        return true;
    }

    @Override
    public Step next(byte[] message) throws StoreException {
        String text = new String(message, UTF_8);
        ServerFirst first = sent;
        return first == null ? first(text) : last(first, text);
    }

    /** client-first-message = gs2-header client-first-message-bare (RFC 5802 §7). */
    private Step first(String text) throws StoreException {
        String[] parts = text.split(",", 4);
        if (parts.length < 4) {
            return new Step.Malformed("the first message is: n,,n=NAME,r=NONCE");
        }
        if (plus ? !parts[0].equals(BOUND) : parts[0].startsWith("p=")) {
            return new Step.Malformed(
                    plus ? "PLUS binds to tls-exporter" : "channel binding belongs to PLUS");
        }
        if (!plus && !parts[0].equals("n") && !parts[0].equals("y")) {
            return new Step.Malformed("the first message is: n,,n=NAME,r=NONCE");
        }
        String name = parts[2].startsWith("n=") ? name(parts[2].substring(2)) : null;
        String nonceAttribute = parts[3].split(",", 2)[0]; // extensions behind it are ignored
        if (name == null || !NONCE.matcher(nonceAttribute).matches()) {
            return new Step.Malformed("the first message is: n,,n=NAME,r=NONCE");
        }
        String authorization = parts[1].startsWith("a=") ? name(parts[1].substring(2)) : "";
        if (authorization == null || !(authorization.isEmpty() || authorization.equals(name))) {
            return new Step.Failure(name); // nobody may act for somebody else
        }
        // RFC 5802 §6: "y" says that we do not offer PLUS; where we do, somebody took it away
        if (parts[0].equals("y") && binding.isPresent()) {
            return new Step.Failure(name);
        }
        ScramVerifier verifier = verifiers.scramVerifier(name);
        String nonce = nonceAttribute.substring(2) + serverNonce;
        String reply =
                "r=%s,s=%s,i=%d"
                        .formatted(
                                nonce,
                                Base64.getEncoder().encodeToString(verifier.salt()),
                                verifier.iterations());
        String header = parts[0] + "," + parts[1] + ",";
        sent = new ServerFirst(name, header, nonce, verifier, parts[2] + "," + parts[3], reply);
        return new Step.Challenge(reply.getBytes(UTF_8));
    }

    /** saslname: a comma is written =2C, an equals sign =3D; null if anything else is escaped. */
    private static @Nullable String name(String escaped) {
        String bare = escaped.replace("=2C", "").replace("=3D", "");
        if (bare.indexOf('=') >= 0 || escaped.isEmpty()) {
            return null;
        }
        return escaped.replace("=2C", ",").replace("=3D", "=");
    }

    /** client-final-message = channel-binding "," nonce "," proof (RFC 5802 §7). */
    private Step last(ServerFirst first, String text) throws StoreException {
        int proofAt = text.lastIndexOf(",p=");
        if (proofAt < 0) {
            return new Step.Malformed("the last message is: c=BINDING,r=NONCE,p=PROOF");
        }
        String withoutProof = text.substring(0, proofAt);
        ByteArrayOutputStream bound = new ByteArrayOutputStream();
        bound.writeBytes(first.gs2Header.getBytes(UTF_8));
        if (plus) {
            bound.writeBytes(binding.orElseThrow());
        }
        String expected =
                "c="
                        + Base64.getEncoder().encodeToString(bound.toByteArray())
                        + ",r="
                        + first.nonce;
        boolean ours = withoutProof.equals(expected) || withoutProof.startsWith(expected + ",");
        if (!ours) {
            return new Step.Failure(first.login);
        }
        byte[] proof;
        try {
            proof = Base64.getDecoder().decode(text.substring(proofAt + 3));
        } catch (IllegalArgumentException e) {
            return new Step.Malformed("the proof is not base64");
        }
        String authMessage = first.clientFirstBare + "," + first.serverFirst + "," + withoutProof;
        return check(first, authMessage, proof);
    }

    private Step check(ServerFirst first, String authMessage, byte[] proof) throws StoreException {
        ScramVerifier verifier = first.verifier;
        byte[] signature = hmac(verifier.storedKey(), authMessage);
        if (proof.length != signature.length) {
            return new Step.Failure(first.login);
        }
        byte[] clientKey = new byte[signature.length]; // ClientProof XOR ClientSignature
        for (int i = 0; i < signature.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        Optional<Account> account = verifiers.forLogin(first.login);
        if (!MessageDigest.isEqual(sha256(clientKey), verifier.storedKey()) || account.isEmpty()) {
            return new Step.Failure(first.login);
        }
        String last =
                "v=" + Base64.getEncoder().encodeToString(hmac(verifier.serverKey(), authMessage));
        return new Step.Success(account.get(), Optional.of(last.getBytes(US_ASCII)));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
