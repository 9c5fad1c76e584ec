package org.portolan.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whose certificates a client believes, and which name it calls the server by. */
public final class Trust {
    private final SSLContext context;
    private final Optional<String> host;

    private Trust(SSLContext context, Optional<String> host) {
        this.context = context;
        this.host = host;
    }

    /** Believes these certificates and what they have signed. */
    public static Trust in(X509Certificate... roots) {
        return in(List.of(roots));
    }

    /** Believes the certificates of a PEM file and what they have signed. */
    public static Trust in(Path pem) throws IOException {
        try (InputStream file = Files.newInputStream(pem)) {
            Collection<? extends Certificate> roots =
                    CertificateFactory.getInstance("X.509").generateCertificates(file);
            if (roots.isEmpty()) {
                throw new IOException(pem + " holds no certificate");
            }
            return in(roots);
        } catch (GeneralSecurityException e) {
            throw new IOException(pem + " is no file of certificates", e);
        }
    }

    /** Believes anybody: for tests that are not about certificates. */
    public static Trust inAnyone() {
        return new Trust(context(new TrustManager[] {new Believer()}), Optional.empty());
    }

    /** The same, but sends this name (SNI) and insists that the certificate bears it. */
    public Trust calling(String name) {
        return new Trust(context, Optional.of(name));
    }

    private static Trust in(Collection<? extends Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate root : roots) {
                store.setCertificateEntry("root" + number++, root);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(store);
            return new Trust(context(managers.getTrustManagers()), Optional.empty());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store of certificates cannot be made", e);
        }
    }

    private static SSLContext context(TrustManager[] managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The client's side of TLS over a connected socket, after the handshake. */
    SSLSocket secure(Socket socket) throws IOException {
        // An address instead of a name keeps Java from sending one.
        String peer = host.orElse(socket.getInetAddress().getHostAddress());
        SSLSocket secure =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(socket, peer, socket.getPort(), true);
        if (host.isPresent()) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host.get())));
            // Java's word for RFC 6125 as all protocols but LDAP's older rules use it.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
        }
        secure.startHandshake();
        return secure;
    }

    private static final class Believer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
