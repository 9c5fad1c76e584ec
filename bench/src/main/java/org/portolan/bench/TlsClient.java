package org.portolan.bench;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.conscrypt.Conscrypt;

/** TLS that checks no certificate: it speaks to servers that this process has just started. */
final class TlsClient {
    /** BoringSSL: less work than the servers have, but three file descriptors for a connection. */
    private static final SSLSocketFactory LIGHT = sockets(Conscrypt.newProvider());

    /** The JDK's: one file descriptor for a connection. */
    private static final SSLSocketFactory SPARING = sockets(Security.getProvider("SunJSSE"));

    private TlsClient() {}

    private static SSLSocketFactory sockets(Provider provider) {
        try {
            SSLContext context = SSLContext.getInstance("TLS", provider);
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider + " has no TLS", e);
        }
    }

    /** For load. Always a full handshake: sessions are forgotten, as those of newcomers. */
    static Socket light(Socket socket, int port) throws IOException {
        SSLSocket secure = (SSLSocket) LIGHT.createSocket(socket, "bench.invalid", port, true);
        Conscrypt.setUseSessionTickets(secure, false);
        secure.startHandshake();
        return secure;
    }

    /** For thousands of connections at once. */
    static Socket sparing(Socket socket, int port) throws IOException {
        SSLSocket secure = (SSLSocket) SPARING.createSocket(socket, "bench.invalid", port, true);
        secure.startHandshake();
        return secure;
    }

    /** The extended kind, because JSSE adds checks of its own to the simple one. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
