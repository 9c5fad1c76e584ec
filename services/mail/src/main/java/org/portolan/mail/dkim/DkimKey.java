package org.portolan.mail.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * A key as its owner has published it (RFC 6376 §3.6.1).
 *
 * @param algorithm it is for
 * @param strict whether it signs for its very domain only (t=s)
 * @param testing whether its owner is only trying (t=y)
 */
public record DkimKey(DkimAlgorithm algorithm, PublicKey key, boolean strict, boolean testing) {
    private static final int LONGEST = 8_192;
    private static final int SHORTEST_RSA = 1_024; // RFC 8301 §3.2
    private static final int LONGEST_RSA = 4_096;
    private static final int LONGEST_EXPONENT = 33;
    private static final int ED25519_BYTES = 32;
    private static final byte[] ED25519_HEAD =
            HexFormat.of().parseHex("302a300506032b6570032100"); // RFC 8410 §4
    private static final byte[] RSA_IDENTIFIER =
            HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    /**
     * Reads a TXT record.
     *
     * @throws DkimMalformed also if the key is revoked, or not good for mail or {@code algorithm}
     */
    public static DkimKey parse(String text, DkimAlgorithm algorithm) throws DkimMalformed {
        if (text.length() > LONGEST) {
            throw new DkimMalformed("the key is too long");
        }
        DkimTags tags = DkimTags.parse(text);
        if (tags.find("v").isPresent()
                && !(tags.beginsWith("v") && tags.wanted("v").equals("DKIM1"))) {
            throw new DkimMalformed("the key is of another version");
        }
        if (!tags.dense("k").orElse("rsa").equals(algorithm.keyType())) {
            throw new DkimMalformed("the key is of another kind");
        }
        if (!tags.parts("h").orElse(List.of("sha256")).contains("sha256")) {
            throw new DkimMalformed("the key is for other hashes");
        }
        List<String> services = tags.parts("s").orElse(List.of("*"));
        if (!services.contains("*") && !services.contains("email")) {
            throw new DkimMalformed("the key is not for mail");
        }
        if (tags.dense("p").filter(String::isEmpty).isPresent()) {
            throw new DkimMalformed("the key is revoked");
        }
        List<String> flags = tags.parts("t").orElse(List.of());
        PublicKey key = key(tags.wantedBytes("p"), algorithm);
        return new DkimKey(algorithm, key, flags.contains("s"), flags.contains("y"));
    }

    private static PublicKey key(byte[] bytes, DkimAlgorithm algorithm) throws DkimMalformed {
        try {
            return switch (algorithm) {
                case ED25519_SHA256 -> ed25519(bytes);
                case RSA_SHA256 -> rsa(bytes);
            };
        } catch (GeneralSecurityException e) {
            throw new DkimMalformed("the key cannot be read");
        }
    }

    private static PublicKey ed25519(byte[] bytes) throws GeneralSecurityException, DkimMalformed {
        if (bytes.length != ED25519_BYTES) {
            throw new DkimMalformed("the key has not 32 bytes"); // RFC 8463 §4.2
        }
        byte[] encoded = new byte[ED25519_HEAD.length + ED25519_BYTES];
        System.arraycopy(ED25519_HEAD, 0, encoded, 0, ED25519_HEAD.length);
        System.arraycopy(bytes, 0, encoded, ED25519_HEAD.length, ED25519_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static PublicKey rsa(byte[] bytes) throws GeneralSecurityException, DkimMalformed {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        RSAPublicKey key;
        try {
            key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(bytes));
        } catch (GeneralSecurityException e) { // as RFC 6376 words it, the inner structure alone
            key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(wrapped(bytes)));
        }
        int bits = key.getModulus().bitLength();
        if (bits < SHORTEST_RSA) {
            throw new DkimMalformed("a key of " + bits + " bits is too short");
        }
        if (bits > LONGEST_RSA || key.getPublicExponent().bitLength() > LONGEST_EXPONENT) {
            throw new DkimMalformed("the key is larger than anybody's has to be");
        }
        return key;
    }

    /** SubjectPublicKeyInfo around an RSAPublicKey. */
    private static byte[] wrapped(byte[] inner) {
        byte[] bits = new byte[inner.length + 1]; // begins with the number of unused bits, 0
        System.arraycopy(inner, 0, bits, 1, inner.length);
        byte[] head = RSA_IDENTIFIER;
        byte[] string = element(0x03, bits);
        byte[] content = new byte[head.length + string.length];
        System.arraycopy(head, 0, content, 0, head.length);
        System.arraycopy(string, 0, content, head.length, string.length);
        return element(0x30, content);
    }

    private static byte[] element(int tag, byte[] content) {
        byte[] element = new byte[content.length + 4];
        element[0] = (byte) tag;
        element[1] = (byte) 0x82; // DER wants no more length than needed, and these keys need it
        element[2] = (byte) (content.length >> 8);
        element[3] = (byte) content.length;
        System.arraycopy(content, 0, element, 4, content.length);
        return element;
    }

    /** Whether {@code signature} is of {@code header}, the canonical bytes; or of their hash. */
    boolean verifies(byte[] header, byte[] signature) {
        try {
            Signature verifier = DkimHash.signature(algorithm);
            verifier.initVerify(key);
            verifier.update(DkimHash.toSign(algorithm, header));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not even the form of a signature
        }
    }
}
