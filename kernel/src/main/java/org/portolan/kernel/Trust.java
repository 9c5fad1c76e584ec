package org.portolan.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom we believe to be who they say they are, in a TLS conversation that we begin. */
public final class Trust {
    private final SSLContext context;
    private final X509TrustManager authorities;

    private Trust(X509TrustManager authorities, TrustManager admitted) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {admitted}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        this.authorities = authorities;
    }

    /** The authorities that this Java trusts. */
    public static Trust publicAuthorities() {
        try {
            return of(null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java trusts nobody", e);
        }
    }

    private static Trust of(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        for (TrustManager manager : trust.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return new Trust(x509, x509);
            }
        }
        throw new GeneralSecurityException("this Java knows no X.509");
    }

    /**
     * The authorities of a PEM file, and no others.
     *
     * @throws IOException if it cannot be read, or holds no certificate
     */
    public static Trust authorities(Path pem) throws IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException(pem + " holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + ++count, certificate);
            }
            return of(store);
        } catch (GeneralSecurityException e) {
            throw new IOException(pem + " holds no certificates: " + e.getMessage(), e);
        }
    }

    /**
     * Lets anybody in, and can tell afterwards who has proved to be who they say: what is said is
     * hidden from who only listens (RFC 7435), and not from who answers in another's place.
     */
    public Trust opportunistic() {
        return new Trust(authorities, new Anybody());
    }

    /** Whether a certificate of these authorities says that the other end is {@code host}. */
    boolean proves(X509Certificate[] chain, String host) {
        try {
            authorities.checkServerTrusted(chain, "UNKNOWN");
            return chain.length > 0 && isFor(chain[0], host.toLowerCase(Locale.ROOT));
        } catch (CertificateException notProved) {
            return false;
        }
    }

    /** The names as RFC 9525 §6.3 compares them: a star is one whole label, the first. */
    private static boolean isFor(X509Certificate certificate, String host)
            throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            int dot = host.indexOf('.');
            boolean dns = Integer.valueOf(DNS_NAME).equals(name.get(0));
            if (text.equals(host) || (dns && dot > 0 && text.equals("*" + host.substring(dot)))) {
                return true;
            }
        }
        return false;
    }

    private static final int DNS_NAME = 2; // RFC 5280 §4.2.1.6

    SSLContext context() {
        return context;
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
