package org.portolan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a server's first line, or its first answer. */
final class Greeting {
    // Short against what is measured, long enough not to disturb it.
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(2);
    private static final int PATIENCE_MILLIS = 10_000;

    private Greeting() {}

    /** Returns when somebody is behind the door; throws at the limit or when the server is gone. */
    static void await(Program.Door door, Duration limit, BooleanSupplier gone) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!answers(door)) {
            if (gone.getAsBoolean()) {
                throw new IOException("the server ended before port " + door.port() + " answered");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("port " + door.port() + " did not answer within " + limit);
            }
            Command.pause(BETWEEN_TRIES);
        }
    }

    private static boolean answers(Program.Door door) {
        return switch (door.sign()) {
            case GREETING -> greets(door.port(), false);
            case GREETING_OVER_TLS -> greets(door.port(), true);
            case DNS_ANSWER -> Probe.dns(door.port());
            case NTP_ANSWER -> Probe.ntp(door.port());
            case TFTP_ANSWER -> Probe.tftp(door.port());
        };
    }

    private static boolean greets(int port, boolean tls) {
        try (Socket socket = open(port, tls)) {
            InputStream in = socket.getInputStream();
            return in.read() >= 0;
        } catch (IOException e) {
            // Refused, or not yet able to shake hands: that is what is waited for.
            return false;
        }
    }

    /** A connection to loopback, with its TLS handshake done. */
    static Socket open(int port, boolean tls) throws IOException {
        Socket socket = openClear(port);
        return tls ? TlsClient.light(socket, port) : socket;
    }

    static Socket openClear(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return socket;
    }
}
