package org.portolan.stores;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Certificates and keys as text (RFC 7468), in the forms that authorities hand out. */
final class PemText {
    private static final String PKCS8_BEGIN = "-----BEGIN PRIVATE KEY-----"; // RFC 7468 §10
    private static final String PKCS8_END = "-----END PRIVATE KEY-----";

    private PemText() {}

    /**
     * The certificates in {@code text}, in their order.
     *
     * @param where it comes from, for what is said about it
     */
    static List<X509Certificate> chain(String text, String where)
            throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(ISO_8859_1)))
                    .forEach(certificate -> chain.add((X509Certificate) certificate));
        } catch (CertificateException e) {
            throw new IOException(where + " is no certificate in PEM form", e);
        }
        if (chain.isEmpty()) {
            throw new IOException(where + " holds no certificate");
        }
        return List.copyOf(chain);
    }

    /** The key in {@code text}, which is to be that of {@code leaf}. */
    static PrivateKey key(String text, String where, X509Certificate leaf)
            throws IOException, GeneralSecurityException {
        String stripped = text.strip();
        if (stripped.startsWith(PKCS8_BEGIN) && stripped.endsWith(PKCS8_END)) { // most of them
            String base64 =
                    stripped.substring(
                            PKCS8_BEGIN.length(), stripped.length() - PKCS8_END.length());
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
        }
        return otherKey(stripped, where, leaf);
    }

    /** The older forms; reading them loads a library that an ordinary start does without. */
    private static PrivateKey otherKey(String text, String where, X509Certificate leaf)
            throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                if (entry instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(whole(pair.getPrivateKeyInfo(), leaf));
                }
                if (entry instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        } catch (IOException e) {
            throw new IOException(where + " cannot be read: " + e.getMessage(), e);
        }
        throw new IOException(where + " holds no private key that is not encrypted");
    }

    /** An EC key file need name neither its curve nor its public half (RFC 5915 §3). */
    private static PrivateKeyInfo whole(PrivateKeyInfo info, X509Certificate leaf)
            throws IOException {
        return info.getPrivateKeyAlgorithm().getParameters() == null
                ? new PrivateKeyInfo(
                        SubjectPublicKeyInfo.getInstance(leaf.getPublicKey().getEncoded())
                                .getAlgorithm(),
                        info.parsePrivateKey())
                : info;
    }

    static boolean fits(PrivateKey key, X509Certificate leaf) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm(); // Ed25519 and its like sign under their own name
                };
        byte[] text = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(leaf.getPublicKey());
        signature.update(text);
        return signature.verify(signed);
    }

    /** What a certificate is good for: host names and addresses. */
    static Set<String> namesOf(X509Certificate leaf) throws GeneralSecurityException {
        Set<String> names = new LinkedHashSet<>();
        Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
