package org.portolan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Guesses passwords at POP3, IMAP and FTP, from another address with each connection, so that
 * nobody who guesses is known yet and every guess costs the server all that a guess may cost.
 */
final class Guessers implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    // From the third failure on an address waits for its answer.
    private static final int NOT_DELAYED = 2;

    /** A service, and what is said there before and with a password. */
    private record Way(int port, String before, String with) {}

    /** Of all storms: an address that guessed in an earlier one would be known, and be slowed. */
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private final List<Way> ways;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong guesses = new AtomicLong();
    private volatile boolean over;

    Guessers(Ports ports) {
        ways =
                List.of(
                        new Way(ports.pop3(), "USER %s", "PASS %s"),
                        new Way(ports.imap(), "", "a LOGIN %s %s"),
                        new Way(ports.ftp(), "USER %s", "PASS %s"));
    }

    /** Begins, and returns when the first {@code count} guesses have been answered. */
    void begin(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().daemon().name("guesser").start(this::guess));
        }
        while (guesses.get() < count) {
            Command.pause(Duration.ofMillis(10));
        }
    }

    long guesses() {
        return guesses.get();
    }

    private void guess() {
        while (!over) {
            long number = CONNECTIONS.incrementAndGet();
            try {
                guess(ways.get((int) (number % ways.size())), number);
            } catch (IOException hungUp) {
                // The door is shut after some failures: the next one.
            }
        }
    }

    private void guess(Way way, long number) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(address(number), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), way.port()));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            in.readLine();
            for (int i = 0; i < NOT_DELAYED && !over; i++) {
                String account = "u" + guesses.get() % 20;
                if (!way.before().isEmpty()) {
                    say(socket, way.before().formatted(account));
                    in.readLine();
                }
                String guess = "guess-" + guesses.get();
                boolean named = way.before().isEmpty();
                say(
                        socket,
                        named ? way.with().formatted(account, guess) : way.with().formatted(guess));
                if (in.readLine() == null) {
                    return;
                }
                guesses.incrementAndGet();
            }
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Of 127.0.0.0/8, each a quarter of a million connections apart. */
    private static InetAddress address(long number) throws IOException {
        byte[] address = {
            127, (byte) (1 + number % 4), (byte) (number >> 2), (byte) (number >> 10)
        };
        return InetAddress.getByAddress(address);
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
