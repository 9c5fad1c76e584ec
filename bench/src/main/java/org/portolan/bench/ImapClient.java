package org.portolan.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One IMAP conversation, turn by turn as the usual clients hold it. RFC 9051. */
final class ImapClient implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int next; // of the buffer, not read yet
    private int filled;
    private int lineStart; // of the line that was read last
    private int lineEnd;
    private int tag;

    private ImapClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static ImapClient loggedIn(int port, String mailbox) throws IOException {
        Socket socket = Greeting.open(port, false);
        socket.setSoTimeout(0); // a search of everything takes its time
        ImapClient client = new ImapClient(socket);
        client.readLine();
        client.ask("LOGIN " + mailbox + " " + Pop3Client.PASSWORD);
        return client;
    }

    /** Sends a command and reads to its answer, which must be OK; returns the untagged lines. */
    long ask(String command) throws IOException {
        String name = "t" + tag++;
        send(name + " " + command + "\r\n");
        return readTo(name, command);
    }

    /** Sends a command; returns whether it was done: a server that is too busy may answer NO. */
    boolean tried(String command) throws IOException {
        String name = "t" + tag++;
        send(name + " " + command + "\r\n");
        do {
            readLine();
        } while (!begins(name));
        return line().startsWith(name + " OK");
    }

    /** Sends a command; returns its untagged lines. */
    String told(String command) throws IOException {
        String name = "t" + tag++;
        send(name + " " + command + "\r\n");
        StringBuilder told = new StringBuilder();
        for (readLine(); !begins(name); readLine()) {
            told.append(line()).append('\n');
        }
        return told.toString();
    }

    private long readTo(String name, String command) throws IOException {
        long responses = 0;
        while (true) {
            readLine();
            if (begins(name)) {
                if (!line().startsWith(name + " OK")) {
                    String asked = command.substring(0, Math.min(command.length(), 80));
                    throw new IOException(asked + " was answered with " + line());
                }
                return responses;
            }
            responses++;
        }
    }

    /** Begins to idle; news is awaited by {@link #hear}. */
    void idle() throws IOException {
        send("i IDLE\r\n");
        readLine();
    }

    void done() throws IOException {
        send("DONE\r\n");
        readTo("i", "IDLE");
    }

    /** Waits for a line with {@code word}. */
    void hear(String word) throws IOException {
        boolean heard = false;
        while (!heard) {
            readLine();
            heard = line().contains(word);
        }
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads the next line; the bytes of literals in it are read past (RFC 9051 §4.3), so that what
     * is left is what stands behind the last of them. No text is made of it: the client must not be
     * what is measured.
     */
    private void readLine() throws IOException {
        lineStart = next;
        int at = next;
        while (true) {
            if (at == filled) {
                int seen = at - lineStart;
                more();
                at = lineStart + seen;
            }
            if (buffer[at++] == '\n') {
                next = at;
                lineEnd = at > lineStart + 1 && buffer[at - 2] == '\r' ? at - 2 : at - 1;
                long literal = literal();
                if (literal < 0) {
                    return;
                }
                skip(literal);
                lineStart = next;
                at = next;
            }
        }
    }

    private void more() throws IOException {
        int kept = filled - lineStart;
        if (kept == buffer.length) {
            buffer = Arrays.copyOf(buffer, kept * 2);
        }
        System.arraycopy(buffer, lineStart, buffer, 0, kept);
        lineStart = 0;
        filled = kept;
        int got = in.read(buffer, filled, buffer.length - filled);
        if (got < 0) {
            throw new EOFException("the server hung up");
        }
        filled += got;
    }

    /** The size in braces at the line's end, or -1. */
    private long literal() {
        if (lineEnd - lineStart < 3 || buffer[lineEnd - 1] != '}') {
            return -1;
        }
        int at = lineEnd - 2;
        while (at > lineStart && buffer[at] >= '0' && buffer[at] <= '9') {
            at--;
        }
        String digits = new String(buffer, at + 1, lineEnd - at - 2, StandardCharsets.US_ASCII);
        return buffer[at] == '{' && !digits.isEmpty() ? Long.parseLong(digits) : -1;
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (next == filled) {
                lineStart = next;
                more();
                next = 0;
            }
            int step = (int) Math.min(left, filled - next);
            next += step;
            left -= step;
        }
    }

    private boolean begins(String name) {
        int length = name.length();
        if (lineEnd - lineStart <= length || buffer[lineStart + length] != ' ') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer[lineStart + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String line() {
        return new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
