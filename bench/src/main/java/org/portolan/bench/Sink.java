package org.portolan.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The next server: takes every message, keeps none, and counts them. Offers what Postfix and
 * Portolan both use as clients, so that they say the same.
 */
final class Sink implements Closeable {
    /** Below those of all contenders. */
    static final int PORT = 23_025;

    private static final int BACKLOG = 1024;
    private static final int ROOM = 64 * 1024;
    private static final String HELLO =
            "250-sink.invalid\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
                    + "250 SIZE 100000000\r\n";

    private final ServerSocket door;
    private long received; // guarded by this

    private Sink(ServerSocket door) {
        this.door = door;
    }

    static Sink open() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Sink sink = new Sink(new ServerSocket(PORT, BACKLOG, loopback));
        Thread.ofPlatform().daemon().name("sink").start(sink::accept);
        return sink;
    }

    /** Messages so far. */
    synchronized long received() {
        return received;
    }

    /** Returns when there are so many; what they were answered with is on its way then. */
    synchronized void await(long wanted, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (received < wanted) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IOException("the sink has " + received + " instead of " + wanted);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private synchronized void receivedOne() {
        received++;
        notifyAll();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofPlatform().daemon().name("sink's client").start(() -> serve(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            converse(
                    new BufferedInputStream(client.getInputStream(), ROOM),
                    client.getOutputStream());
        } catch (IOException e) {
            return; // the client is gone: if anything of it is missing, the count says so
        }
    }

    /** RFC 5321 §4.1.1; RFC 2920 §3.2: replies are held back while there are more commands. */
    private void converse(InputStream in, OutputStream out) throws IOException {
        StringBuilder replies = new StringBuilder("220 sink.invalid ESMTP\r\n");
        StringBuilder line = new StringBuilder();
        while (true) {
            if (in.available() == 0) {
                say(replies, out);
            }
            if (!readLine(in, line)) {
                return;
            }
            String verb = line.substring(0, Math.min(4, line.length()));
            switch (verb) {
                case "EHLO" -> replies.append(HELLO);
                case "DATA" -> {
                    replies.append("354 go on\r\n");
                    say(replies, out);
                    if (!readMessage(in)) {
                        return;
                    }
                    replies.append("250 2.0.0 taken\r\n");
                    say(replies, out);
                    receivedOne();
                }
                case "QUIT" -> {
                    replies.append("221 2.0.0 bye\r\n");
                    say(replies, out);
                    return;
                }
                default -> replies.append("250 2.0.0 ok\r\n");
            }
        }
    }

    private static void say(StringBuilder replies, OutputStream out) throws IOException {
        if (!replies.isEmpty()) {
            out.write(replies.toString().getBytes(StandardCharsets.US_ASCII));
            replies.setLength(0);
        }
    }

    /** Returns false at the end. */
    private static boolean readLine(InputStream in, StringBuilder line) throws IOException {
        line.setLength(0);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return false;
            }
            line.append((char) octet);
        }
        return true;
    }

    /** Reads to the dot on a line of its own; returns false if it does not come. */
    private static boolean readMessage(InputStream in) throws IOException {
        String end = "\r\n.\r\n";
        int matched = 2; // an empty message is a dot at once
        while (matched < end.length()) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            matched = octet == end.charAt(matched) ? matched + 1 : octet == '\r' ? 1 : 0;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
