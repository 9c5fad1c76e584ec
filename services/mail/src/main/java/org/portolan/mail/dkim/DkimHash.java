package org.portolan.mail.dkim;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;

/** The algorithms by their names in Java. */
final class DkimHash {
    private DkimHash() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static Signature signature(DkimAlgorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case RSA_SHA256 -> Signature.getInstance("SHA256withRSA");
            case ED25519_SHA256 -> Signature.getInstance("Ed25519");
        };
    }

    /** RFC 8463 §3: what Ed25519 signs is the hash itself. */
    static byte[] toSign(DkimAlgorithm algorithm, byte[] header) {
        return switch (algorithm) {
            case RSA_SHA256 -> header;
            case ED25519_SHA256 -> sha256().digest(header);
        };
    }
}
