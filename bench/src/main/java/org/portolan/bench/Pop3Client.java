package org.portolan.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One POP3 conversation, turn by turn as the usual clients hold it. RFC 1939. */
final class Pop3Client implements Closeable {
    static final String PASSWORD = "bench-secret";

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int TAIL_BYTES = 5;
    private static final long TAIL_MASK = 0xFF_FF_FF_FF_FFL;
    private static final long CRLF = 0x0D_0AL;
    // CR LF dot CR LF, RFC 1939 §3.
    private static final long END_OF_BODY = 0x0D_0A_2E_0D_0AL;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;

    private Pop3Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static Pop3Client connect(int port, boolean tls) throws IOException {
        Pop3Client client = new Pop3Client(Greeting.open(port, tls));
        client.expectOk("the connection");
        return client;
    }

    /** How many messages a mailbox holds. */
    static int count(int port, String mailbox) throws IOException {
        try (Pop3Client client = connect(port, false)) {
            client.logIn(mailbox);
            int count = client.stat();
            client.ask("QUIT");
            return count;
        }
    }

    void logIn(String mailbox) throws IOException {
        ask("USER " + mailbox);
        ask("PASS " + PASSWORD);
    }

    int stat() throws IOException {
        return Integer.parseInt(ask("STAT").split(" ", -1)[1]);
    }

    /** Sends a command and returns its one-line answer, which must be +OK. */
    String ask(String command) throws IOException {
        out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return expectOk(command);
    }

    /**
     * Sends a command with a multi-line answer and returns how many bytes the answer had. Nothing
     * follows an answer before the next command, so only the last bytes of what has come so far
     * can be its end: looking at no others keeps the client light.
     */
    long download(String command) throws IOException {
        ask(command);
        // An empty answer is the dot alone: the status line's CRLF stands before it.
        long tail = CRLF;
        long bytes = 0;
        while (true) {
            for (int at = Math.max(next, end - TAIL_BYTES); at < end; at++) {
                tail = ((tail << 8) | (buffer[at] & 0xFF)) & TAIL_MASK;
            }
            bytes += end - next;
            next = end;
            if (tail == END_OF_BODY) {
                return bytes;
            }
            fill();
        }
    }

    private String expectOk(String command) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (byte octet = nextByte(); octet != '\n'; octet = nextByte()) {
            line.append((char) octet);
        }
        if (line.indexOf("+OK") != 0) {
            throw new IOException(command + " was answered with " + line);
        }
        return line.toString().stripTrailing();
    }

    private byte nextByte() throws IOException {
        if (next == end) {
            fill();
        }
        return buffer[next++];
    }

    private void fill() throws IOException {
        next = 0;
        end = in.read(buffer);
        if (end <= 0) {
            end = 0;
            throw new EOFException("the server hung up");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
