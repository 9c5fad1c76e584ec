package org.portolan.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that read the greeting and then say nothing. */
final class IdleConnections implements Closeable {
    private final Program.Door door;
    private final List<Socket> sockets = new ArrayList<>();

    IdleConnections(Program.Door door) {
        this.door = door;
    }

    /** Opens one more and waits for the server's greeting. */
    void open() throws IOException {
        Socket clear = Greeting.openClear(door.port());
        sockets.add(clear);
        Socket socket = door.tls() ? TlsClient.sparing(clear, door.port()) : clear;
        sockets.set(sockets.size() - 1, socket);
        readLine(socket);
    }

    /** Says something on every n-th connection and expects an answer: nobody was dropped. */
    void probe(int step, String command) throws IOException {
        for (int index = 0; index < sockets.size(); index += step) {
            Socket socket = sockets.get(index);
            socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            readLine(socket);
        }
    }

    private static void readLine(Socket socket) throws IOException {
        int octet;
        do {
            octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new EOFException("the server hung up on an idle connection");
            }
        } while (octet != '\n');
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
