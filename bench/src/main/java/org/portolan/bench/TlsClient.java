package org.portolan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
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

    /** BoringSSL that remembers sessions. */
    private static final SSLSocketFactory REMEMBERING = sockets(Conscrypt.newProvider());

    private static final int REMEMBERED = 10_000;
    private static final String[] RESUMING_VERSION = {"TLSv1.2"};
    private static final String[] RESUMING_SUITE = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};

    private TlsClient() {}

    private static SSLSocketFactory sockets(Provider provider) {
        try {
            SSLContext context = SSLContext.getInstance("TLS", provider);
            context.init(null, new TrustManager[] {new Anybody()}, null);
            context.getClientSessionContext().setSessionCacheSize(REMEMBERED);
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

    /**
     * For conversations of several connections, the later ones of which resume the session of the
     * first: those with the same number. TLS 1.2, because BoringSSL resumes a session of 1.3 once
     * only; AES-128-GCM, so that all servers encrypt alike.
     */
    static Socket resuming(Socket socket, int conversation) throws IOException {
        SSLSocket secure =
                (SSLSocket)
                        REMEMBERING.createSocket(
                                new Numbered(socket, conversation),
                                "bench.invalid",
                                conversation,
                                true);
        secure.setEnabledProtocols(RESUMING_VERSION);
        secure.setEnabledCipherSuites(RESUMING_SUITE);
        secure.startHandshake();
        return secure;
    }

    /** For thousands of connections at once. */
    static Socket sparing(Socket socket, int port) throws IOException {
        SSLSocket secure = (SSLSocket) SPARING.createSocket(socket, "bench.invalid", port, true);
        secure.startHandshake();
        return secure;
    }

    /** A socket that says it has another port: by host and port sessions are remembered. */
    private static final class Numbered extends Socket {
        private final Socket socket;
        private final int number;

        private Numbered(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        @Override
        public int getPort() {
            return number;
        }

        @Override
        public boolean isConnected() {
            return socket.isConnected();
        }

        @Override
        public InetAddress getInetAddress() {
            return socket.getInetAddress();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
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
