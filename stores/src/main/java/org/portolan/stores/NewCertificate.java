package org.portolan.stores;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at a certificate that somebody wants served, and says what is wrong with it. */
final class NewCertificate {
    private static final Pattern KEY =
            Pattern.compile("(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*-----");
    private static final Pattern FILE_NAME = Pattern.compile("[a-z0-9_][a-z0-9._-]{0,200}");

    private NewCertificate() {}

    /**
     * The certificate, its chain and its key in {@code pem}.
     *
     * @throws StoreException if they cannot be served together, for the reason in the message
     */
    static SiteCertificates.Credential check(String pem, Instant now) throws StoreException {
        var key = KEY.matcher(pem);
        if (!key.find()) {
            throw refused("there is no private key: name the file of the key as well", null);
        }
        if (key.group().contains("ENCRYPTED")) {
            throw refused("the key is encrypted; openssl pkey -in KEY -out PLAIN mends that", null);
        }
        try {
            List<X509Certificate> chain =
                    PemText.chain(KEY.matcher(pem).replaceAll(""), "what came");
            X509Certificate leaf = chain.getFirst();
            PrivateKey read = PemText.key(key.group(), "what came", leaf);
            if (!PemText.fits(read, leaf)) {
                throw refused("the key is not that of the certificate", null);
            }
            checkOrder(chain);
            checkDates(chain, now);
            if (PemText.namesOf(leaf).isEmpty()) {
                throw refused("the certificate is good for no name (subjectAltName)", null);
            }
            return new SiteCertificates.Credential(read, chain);
        } catch (GeneralSecurityException e) {
            throw refused("the key is not that of the certificate", e);
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    /** Each is to be vouched for by the next one (RFC 8446 §4.4.2). */
    private static void checkOrder(List<X509Certificate> chain) throws StoreException {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            X509Certificate issuer = chain.get(i + 1);
            try {
                certificate.verify(issuer.getPublicKey());
            } catch (GeneralSecurityException e) {
                throw refused(
                        "the chain is out of order: %s did not issue %s. The certificate comes"
                                        .formatted(subject(issuer), subject(certificate))
                                + " first, then the one that issued it, and so on",
                        e);
            }
        }
    }

    private static void checkDates(List<X509Certificate> chain, Instant now) throws StoreException {
        for (X509Certificate certificate : chain) {
            Instant begins = certificate.getNotBefore().toInstant();
            Instant ends = certificate.getNotAfter().toInstant();
            if (now.isAfter(ends)) {
                throw refused(subject(certificate) + " was good until " + ends, null);
            }
            if (now.isBefore(begins)) {
                throw refused(
                        "%s is good from %s on; is this machine's clock right?"
                                .formatted(subject(certificate), begins),
                        null);
            }
        }
    }

    private static String subject(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        return name.isEmpty() ? "a certificate without a name" : name;
    }

    /** What its files are called, if nobody says otherwise. */
    static String fileName(Set<String> names) {
        return names.iterator().next().replace("*", "any").replace(':', '-');
    }

    static void checkFileName(String name) throws StoreException {
        if (!FILE_NAME.matcher(name).matches() || name.equals("authority")) {
            throw refused(
                    "\"%s\" is no name for it: letters, digits, dots and dashes will do"
                            .formatted(name),
                    null);
        }
    }

    private static StoreException refused(String why, @Nullable Exception cause) {
        return cause == null
                ? new StoreException(StoreException.Kind.REFUSED, why)
                : new StoreException(StoreException.Kind.REFUSED, why, cause);
    }
}
