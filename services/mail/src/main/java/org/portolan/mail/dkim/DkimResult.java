package org.portolan.mail.dkim;

import java.util.Locale;

/**
 * What came of one signature.
 *
 * @param outcome as RFC 8601 §2.7.1 names it
 * @param domain that has signed, or claims to; empty if not even that could be read
 * @param selector of its key
 * @param algorithm as the signature names it
 * @param identity for whom
 * @param signature its first characters, which tell it from others (RFC 6008)
 * @param why it did not pass
 */
public record DkimResult(
        Outcome outcome,
        String domain,
        String selector,
        String algorithm,
        String identity,
        String signature,
        String why) {
    /** How verifying it ended. */
    public enum Outcome {
        /** It is the domain's, and the message is as it was signed. */
        PASS,
        /** The message is not as it was signed, or signed too long ago. */
        FAIL,
        /** It is right, and not accepted all the same. */
        POLICY,
        /** The domain is only trying whether its signatures are right, and this one is not. */
        NEUTRAL,
        /** The key could not be had now. */
        TEMPERROR,
        /** The signature or its key can never be used. */
        PERMERROR;

        /** As header fields write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
