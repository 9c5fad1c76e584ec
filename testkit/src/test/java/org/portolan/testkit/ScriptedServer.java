package org.portolan.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server of a few lines on a free loopback port; each connection runs the script. */
final class ScriptedServer implements AutoCloseable {
    interface Script {
        void run(Peer peer) throws IOException;
    }

    private final ServerSocket listener;

    ScriptedServer(Script script) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(
                () -> {
                    while (!listener.isClosed()) {
                        try {
                            Socket socket = listener.accept();
                            Thread.startVirtualThread(() -> serve(socket, script));
                        } catch (IOException _) {
                            // Closed by the test: it is over.
                            return;
                        }
                    }
                });
    }

    private static void serve(Socket socket, Script script) {
        try (Peer peer = new Peer(socket)) {
            script.run(peer);
        } catch (IOException _) {
            // The client's side judges; a script ends when its client is gone.
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** The server's side of one connection. */
    static final class Peer implements AutoCloseable {
        private final Socket plain;
        private Socket socket;

        Peer(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            this.plain = socket;
            this.socket = socket;
        }

        InputStream in() throws IOException {
            return socket.getInputStream();
        }

        OutputStream out() throws IOException {
            return socket.getOutputStream();
        }

        /** Up to CRLF, or what there was at the end. */
        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = in().read()) >= 0) {
                line.append((char) c);
                if (line.length() >= 2 && line.substring(line.length() - 2).equals("\r\n")) {
                    return line.substring(0, line.length() - 2);
                }
            }
            return line.toString();
        }

        void say(String... lines) throws IOException {
            StringBuilder text = new StringBuilder();
            for (String line : lines) {
                text.append(line).append("\r\n");
            }
            out().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        void startTls(SSLContext context) throws IOException {
            SSLSocket secure =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(socket, "", socket.getPort(), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            socket = secure;
        }

        @Override
        public void close() throws IOException {
            socket.close();
            plain.close();
        }
    }
}
