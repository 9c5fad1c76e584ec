package org.portolan.bench;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.conscrypt.Conscrypt;

/** TLS that checks no certificate: it speaks to servers that this process has just started. */
final class TlsClient {
    private static final SSLContext CONTEXT = context();

    private TlsClient() {}

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS", Conscrypt.newProvider());
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Conscrypt has no TLS", e);
        }
    }

    /** Always a full handshake: sessions are forgotten, as those of clients that come anew. */
    static Socket over(Socket socket, int port) throws IOException {
        SSLSocket secure =
                (SSLSocket)
                        CONTEXT.getSocketFactory()
                                .createSocket(socket, "bench.invalid", port, true);
        Conscrypt.setUseSessionTickets(secure, false);
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
