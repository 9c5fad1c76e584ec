package org.portolan.kernel;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS engines: 1.2 and 1.3 only, with the keys of {@link Certificates} kept decrypted in
 * memory (the JDK's own key manager decrypts a PKCS #12 key in every handshake).
 */
final class TlsEngines {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext server;
    private final SSLParameters parameters;

    TlsEngines(Certificates certificates) {
        try {
            server = SSLContext.getInstance("TLS");
            server.init(new KeyManager[] {new ByServerName(certificates)}, null, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        parameters = new SSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setCipherSuites(
                Arrays.stream(server.getDefaultSSLParameters().getCipherSuites())
                        .filter(TlsEngines::modern)
                        .toArray(String[]::new));
    }

    /** Authenticated encryption and forward secrecy (RFC 9325 §4.2). */
    private static boolean modern(String suite) {
        boolean sealed = suite.contains("_GCM_") || suite.contains("CHACHA20");
        boolean tls13 = !suite.contains("_WITH_");
        return sealed && (tls13 || suite.startsWith("TLS_ECDHE_"));
    }

    /**
     * An engine for a conversation called {@code origin}. The JDK takes that for the peer's host
     * and keeps it with the session, also in the ticket that the client resumes it by, sealed.
     */
    SSLEngine serverEngine(String origin) {
        SSLEngine engine = server.createSSLEngine(origin, 0);
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Whether one of two sessions was made by resuming the other, or both from a third. */
    static boolean sameOrigin(SSLSession one, SSLSession other) {
        String origin = one.getPeerHost();
        return origin != null && origin.equals(other.getPeerHost());
    }

    /**
     * An engine for a conversation that we began, which checks that the other end is {@code host}.
     */
    static SSLEngine clientEngine(SSLContext trust, String host, int port) {
        SSLEngine engine = trust.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters checked = engine.getSSLParameters();
        checked.setProtocols(VERSIONS);
        checked.setEndpointIdentificationAlgorithm("HTTPS"); // names as RFC 9525 compares them
        engine.setSSLParameters(checked);
        return engine;
    }

    /** Chooses by server name; an "alias" is that name, since the JDK wants a string between. */
    private static final class ByServerName extends X509ExtendedKeyManager {
        private static final String NO_NAME = "*";
        private final Certificates certificates;

        ByServerName(Certificates certificates) {
            this.certificates = certificates;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            String asked = NO_NAME;
            if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
                for (SNIServerName name : session.getRequestedServerNames()) {
                    if (name instanceof SNIHostName host) {
                        asked = host.getAsciiName();
                    }
                }
            }
            String algorithm = credential(asked).key().getAlgorithm();
            return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_") ? asked : null;
        }

        private Certificates.Credential credential(String alias) {
            return certificates.forHost(
                    alias.equals(NO_NAME) ? Optional.empty() : Optional.of(alias));
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            List<X509Certificate> chain = credential(alias).chain();
            return chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return credential(alias).key();
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null; // only engines are used
        }

        @Override
        public String @Nullable [] getServerAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
