package org.portolan.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The other end, on a plain socket of the JDK's: nothing of the kernel's own is in it. */
final class TestPeer implements AutoCloseable {
    /** Only so that a test that is going to fail does so before its time is over. */
    private static final int PATIENCE = 30_000;

    private Socket socket;
    private Socket underneath;
    private InputStream in;
    private OutputStream out;

    private TestPeer(Socket socket) throws IOException {
        use(socket);
    }

    private void use(Socket now) throws IOException {
        socket = now;
        socket.setSoTimeout(PATIENCE);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static TestPeer to(InetSocketAddress door) throws IOException {
        Socket socket = new Socket();
        socket.connect(door, PATIENCE);
        return new TestPeer(socket);
    }

    /** One that takes next to nothing before it has to read. */
    static TestPeer narrow(InetSocketAddress door) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(door, PATIENCE);
        return new TestPeer(socket);
    }

    /** One from another address of this machine, such as 127.0.1.1. */
    static TestPeer from(String address, InetSocketAddress door) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(door, PATIENCE);
        return new TestPeer(socket);
    }

    Socket socket() {
        return socket;
    }

    /**
     * Shakes hands; {@code serverName} may be empty; {@code versions} may be none for the usual.
     */
    TestPeer secure(SSLContext trust, String serverName, String... versions) throws IOException {
        underneath = socket;
        SSLSocket secured =
                (SSLSocket)
                        trust.getSocketFactory()
                                .createSocket(socket, "127.0.0.1", socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setServerNames(
                serverName.isEmpty()
                        ? java.util.List.of()
                        : java.util.List.of(new SNIHostName(serverName)));
        secured.setSSLParameters(parameters);
        if (versions.length > 0) {
            secured.setEnabledProtocols(versions);
        }
        secured.setSoTimeout(PATIENCE);
        secured.startHandshake();
        use(secured);
        return this;
    }

    /** The socket below TLS. */
    Socket underneath() {
        return underneath;
    }

    SSLSocket tls() {
        return (SSLSocket) socket;
    }

    TestPeer send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    TestPeer send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    TestPeer sendByteByByte(String text) throws IOException {
        socket.setTcpNoDelay(true);
        for (byte octet : text.getBytes(ISO_8859_1)) {
            out.write(octet);
            out.flush();
        }
        return this;
    }

    /** The next line without its CRLF. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("ended after: " + line.toString(ISO_8859_1));
            }
            line.write(octet);
        }
        String text = line.toString(ISO_8859_1);
        assertThat(text).endsWith("\r");
        return text.substring(0, text.length() - 1);
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        assertThat(bytes).hasSize(count);
        return bytes;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Everything up to the end. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** Everything up to the end, however it comes: closed, reset, or cut off inside TLS. */
    byte[] restHoweverItEnds() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                all.write(chunk, 0, n);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("no end came", e);
        } catch (SocketException | javax.net.ssl.SSLException e) {
            return all.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all.toByteArray();
    }

    /** Says nothing more, but goes on listening. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Vanishes without a word. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
