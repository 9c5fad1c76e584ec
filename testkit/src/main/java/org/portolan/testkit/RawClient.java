package org.portolan.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client of any TCP protocol that does exactly what it is told: sends raw bytes, whole or byte by
 * byte, reads lines or bytes, stops reading, hangs up halfway or rudely.
 *
 * <p>Every read ends: when nothing comes for the client's patience (10 seconds unless told), a
 * {@link SocketTimeoutException} is thrown. Writes wait as long as the server does not read.
 */
public final class RawClient implements AutoCloseable {
    /** How long a read waits before it fails; a guard, not a measure. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So much at either end of a long run is sent byte by byte, the middle in odd pieces. */
    static final int SINGLE_BYTES = 1100;

    private static final int ODD_PIECE = 997;

    /**
     * So that one segment is read before the next byte is written. Without a pause Linux joined a
     * thousand bytes into some fifty segments and the server saw them in two reads; with it, over
     * 95 of 100 bytes were read alone, at about 0.1 ms each.
     */
    private static final Duration BETWEEN_BYTES = Duration.ofNanos(20_000);

    private final Socket plain;
    private Socket socket;
    private Duration patience = PATIENCE;
    private byte[] buffer = new byte[8192];
    private int start;
    private int end;
    private @Nullable IOException ending;

    private RawClient(Socket socket) {
        this.plain = socket;
        this.socket = socket;
    }

    /** A connected client with TCP_NODELAY. */
    public static RawClient connect(InetSocketAddress server) throws IOException {
        return connect(server, SocketFactory.getDefault());
    }

    /**
     * A client that takes in little: what the server sends beyond about this many bytes stays with
     * the server until something is read.
     */
    public static RawClient connectNarrow(InetSocketAddress server, int receiveBuffer)
            throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        return connect(server, socket);
    }

    /** So many clients at once; if one cannot connect, all are closed again. */
    public static List<RawClient> crowd(InetSocketAddress server, int count) throws IOException {
        List<RawClient> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                crowd.add(connect(server));
            }
            return crowd;
        } catch (IOException e) {
            crowd.forEach(RawClient::abort);
            throw e;
        }
    }

    static RawClient connect(InetSocketAddress server, SocketFactory sockets) throws IOException {
        return connect(server, sockets.createSocket());
    }

    private static RawClient connect(InetSocketAddress server, Socket socket) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, (int) PATIENCE.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits this long for an answer from now on. */
    public RawClient patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** Where the client stands, as the server sees it. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) plain.getLocalSocketAddress();
    }

    /** Sends the bytes as they are, in one write. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends the text in UTF-8, without a line end. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the text in UTF-8 and a CRLF. */
    public void sendLine(String text) throws IOException {
        send(text + "\r\n");
    }

    /**
     * Sends each byte in a write of its own. Of a run longer than 2,200 bytes the middle
     * goes in pieces of 997 bytes, for else a large body would take minutes.
     */
    public void sendByteByByte(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            boolean edge = at < SINGLE_BYTES || at >= bytes.length - SINGLE_BYTES;
            int length = edge ? 1 : Math.min(ODD_PIECE, bytes.length - SINGLE_BYTES - at);
            socket.getOutputStream().write(bytes, at, length);
            socket.getOutputStream().flush();
            at += length;
            LockSupport.parkNanos(BETWEEN_BYTES.toNanos());
        }
    }

    /**
     * The next line without its CRLF, one character for each byte (ISO-8859-1).
     *
     * @throws EOFException if the server hung up before a whole line came
     * @throws SocketTimeoutException if no whole line came in time
     */
    public String readLine() throws IOException {
        long deadline = deadline();
        int searched = 0;
        while (true) {
            for (int i = start + searched; i + 1 < end; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                    String line = Spelling.ofRaw(buffer, start, i);
                    start = i + 2;
                    return line;
                }
            }
            searched = Math.max(0, end - start - 1);
            fillOrEnd(deadline);
        }
    }

    /**
     * Exactly so many bytes.
     *
     * @throws EOFException if the server hung up before
     * @throws SocketTimeoutException if they did not come in time
     */
    public byte[] readBytes(int count) throws IOException {
        long deadline = deadline();
        while (end - start < count) {
            fillOrEnd(deadline);
        }
        byte[] bytes = Arrays.copyOfRange(buffer, start, start + count);
        start += count;
        return bytes;
    }

    /** Everything until the server hangs up. */
    public byte[] readToEnd() throws IOException {
        while (fill(deadline())) {
            // The buffer keeps what comes.
        }
        byte[] bytes = Arrays.copyOfRange(buffer, start, end);
        start = end;
        return bytes;
    }

    /**
     * Waits until the server hangs up, by end or reset.
     *
     * @throws IOException if it says something instead, or does not hang up in time
     */
    public void awaitHangUp() throws IOException {
        if (start < end || fill(deadline())) {
            throw new IOException("instead of the end came " + Spelling.shown(unread()));
        }
    }

    /** From here on both sides speak TLS; returns when the handshake is done. */
    public void startTls(Trust trust) throws IOException {
        if (start < end) {
            throw new IOException(
                    "before TLS the server said more, in clear: " + Spelling.shown(unread()));
        }
        socket.setSoTimeout((int) patience.toMillis());
        socket = trust.secure(socket);
    }

    /** Says that nothing more will be sent, but goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Is gone at once: the server sees a TCP reset. */
    public void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Hangs up in order; with TLS the server gets its farewell. */
    @Override
    public void close() throws IOException {
        socket.close();
        plain.close();
    }

    /** Closes without any farewell that could wait for a server which does not read. */
    void abort() {
        try {
            plain.close();
        } catch (IOException e) {
            // The socket is released even so; the failure that led here is the one to show.
            ending = e;
        }
    }

    /** What came and was not read yet. */
    String unread() {
        return Spelling.ofRaw(buffer, start, end);
    }

    /** Gives up the next bytes of what came. */
    String take(int count) {
        String taken = Spelling.ofRaw(buffer, start, start + count);
        start += count;
        return taken;
    }

    /** Why the connection ended, if it was not by an orderly end. */
    Optional<IOException> ending() {
        return Optional.ofNullable(ending);
    }

    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    private void fillOrEnd(long deadline) throws IOException {
        if (!fill(deadline)) {
            EOFException gone = new EOFException("the server hung up");
            gone.initCause(ending);
            throw gone;
        }
    }

    /**
     * Waits for at least one more byte.
     *
     * @return false if there will be none because the server hung up
     */
    boolean fill(long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("nothing came within " + patience.toSeconds() + " s");
        }
        makeRoom();
        try {
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            int count = socket.getInputStream().read(buffer, end, buffer.length - end);
            if (count < 0) {
                return false;
            }
            end += count;
            return true;
        } catch (SocketTimeoutException _) {
            throw new SocketTimeoutException("nothing came within " + patience.toSeconds() + " s");
        } catch (IOException e) {
            // A reset, or TLS without its farewell: the server is gone all the same.
            ending = e;
            return false;
        }
    }

    private void makeRoom() {
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (end < buffer.length) {
            return;
        }
        int length = end - start;
        byte[] roomier = length > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
        System.arraycopy(buffer, start, roomier, 0, length);
        buffer = roomier;
        start = 0;
        end = length;
    }
}
