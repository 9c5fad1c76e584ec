package org.portolan.mail.dkim;

/** How a signature is made. */
public enum DkimAlgorithm {
    /** RFC 6376 §3.3.2. */
    RSA_SHA256("rsa-sha256", "rsa"),
    /** RFC 8463 §3. */
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String word;
    private final String keyType;

    DkimAlgorithm(String word, String keyType) {
        this.word = word;
        this.keyType = keyType;
    }

    /** As a signature names it. */
    public String word() {
        return word;
    }

    /** The kind of its key, as a key's record names it. */
    public String keyType() {
        return keyType;
    }

    static DkimAlgorithm named(String word) throws DkimMalformed {
        for (DkimAlgorithm algorithm : values()) {
            if (algorithm.word.equals(word)) {
                return algorithm;
            }
        }
        throw new DkimMalformed("a=" + DkimTags.shown(word) + " is not accepted"); // RFC 8301 §3.1
    }
}
