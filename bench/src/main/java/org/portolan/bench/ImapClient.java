package org.portolan.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One IMAP conversation, turn by turn as the usual clients hold it. RFC 9051. */
final class ImapClient implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int tag;

    private ImapClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        this.out = socket.getOutputStream();
    }

    static ImapClient loggedIn(int port, String mailbox) throws IOException {
        Socket socket = Greeting.open(port, false);
        socket.setSoTimeout(0); // a search of everything takes its time
        ImapClient client = new ImapClient(socket);
        client.line();
        client.ask("LOGIN " + mailbox + " " + Pop3Client.PASSWORD);
        return client;
    }

    /** Sends a command and reads to its answer, which must be OK; returns the untagged lines. */
    long ask(String command) throws IOException {
        String name = "t" + tag++;
        send(name + " " + command + "\r\n");
        return readTo(name, command);
    }

    /** Sends a command; returns its untagged lines. */
    String told(String command) throws IOException {
        String name = "t" + tag++;
        send(name + " " + command + "\r\n");
        StringBuilder told = new StringBuilder();
        for (String line = line(); !line.startsWith(name + " "); line = line()) {
            told.append(line).append('\n');
        }
        return told.toString();
    }

    private long readTo(String name, String command) throws IOException {
        long responses = 0;
        while (true) {
            String line = line();
            if (line.startsWith(name + " ")) {
                if (!line.startsWith(name + " OK")) {
                    throw new IOException(command + " was answered with " + line);
                }
                return responses;
            }
            responses++;
        }
    }

    /** Begins to idle; news is awaited by {@link #hear}. */
    void idle() throws IOException {
        send("i IDLE\r\n");
        line();
    }

    void done() throws IOException {
        send("DONE\r\n");
        readTo("i", "IDLE");
    }

    /** Waits for a line with {@code word}. */
    void hear(String word) throws IOException {
        boolean heard = false;
        while (!heard) {
            heard = line().contains(word);
        }
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next line; the bytes of literals in it are read past (RFC 9051 §4.3). */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder(128);
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the server hung up");
            }
            if (octet == '\n') {
                int length = line.length();
                if (length < 3 || line.charAt(length - 2) != '}') {
                    return line.toString();
                }
                in.skipNBytes(
                        Long.parseLong(line.substring(line.lastIndexOf("{") + 1, length - 2)));
                line.setLength(0);
            } else {
                line.append((char) octet);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
