package org.portolan.mail.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A server that says what a script says, and wants to hear what it says: {@code S:} lines it sends,
 * {@code C:} lines have to come, byte for byte; {@code C: …} is any lines up to the next that is
 * written; {@code STALL} says nothing more; {@code CLOSE} hangs up, and what follows is for the
 * next that calls.
 */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<String> script;
    private final List<String> problems = new ArrayList<>();
    private final CountDownLatch played = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    ScriptedServer(List<String> script) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.script = script;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** What came that should not have; everything has been said and heard when this returns. */
    List<String> problems() throws InterruptedException {
        if (!played.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
            synchronized (this) {
                problems.add("the script was not played to its end");
            }
        }
        synchronized (this) {
            return List.copyOf(problems);
        }
    }

    private void serve() {
        int line = 0;
        try {
            while (line < script.size()) {
                try (Socket client = socket.accept()) {
                    line = play(client, line);
                }
            }
        } catch (IOException e) {
            problem(line, "broke: " + e);
        }
        played.countDown();
    }

    private synchronized void problem(int line, String what) {
        problems.add("line " + (line + 1) + ": " + what);
    }

    private int play(Socket client, int from) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        StringBuilder out = new StringBuilder();
        for (int i = from; i < script.size(); i++) {
            String line = script.get(i);
            if (line.startsWith("S: ")) {
                out.append(line.substring(3)).append("\r\n");
                continue;
            }
            client.getOutputStream().write(out.toString().getBytes(UTF_8));
            out.setLength(0);
            if (line.equals("CLOSE")) {
                return i + 1;
            } else if (line.equals("STALL")) {
                played.countDown();
                await(over);
                return script.size();
            } else if (line.equals("C: …")) {
                String next = script.get(++i).substring(3);
                for (String heard = read(in); !heard.equals(next); heard = read(in)) {}
            } else if (line.startsWith("C:")) {
                String wanted = line.length() > 3 ? line.substring(3) : "";
                String heard = read(in);
                if (!heard.equals(wanted)) {
                    problem(i, "wanted \"" + wanted + "\", heard \"" + heard + "\"");
                    return script.size();
                }
            }
        }
        client.getOutputStream().write(out.toString().getBytes(UTF_8));
        return script.size();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the client hung up after " + line.toString(ISO_8859_1));
            }
            line.write(b);
            if (b == '\n') {
                String text = line.toString(UTF_8);
                return text.endsWith("\r\n")
                        ? text.substring(0, text.length() - 2)
                        : text.replace("\n", "{LF}");
            }
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        socket.close();
    }
}
