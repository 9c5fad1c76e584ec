package org.portolan.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An FTP client that asks command by command, as most do, and looks at what comes only far enough
 * to count it. Data goes through passive connections (EPSV).
 */
final class FtpClient implements Closeable {
    private final int number;
    private final boolean tls;
    private final Socket control;
    private final BufferedReader replies;
    private final ByteBuffer room;
    private final byte[] chunk;

    private FtpClient(int number, boolean tls, Socket control, int roomBytes) throws IOException {
        this.number = number;
        this.tls = tls;
        this.control = control;
        this.replies =
                new BufferedReader(new InputStreamReader(control.getInputStream(), ISO_8859_1));
        this.room = ByteBuffer.allocateDirect(tls ? 0 : roomBytes);
        this.chunk = new byte[tls ? roomBytes : 0];
    }

    /**
     * Connects and logs in.
     *
     * @param number which conversation of the load generator's this is; no two have the same
     * @param tls by port 990, data connections included
     * @param roomBytes how much is read or written at once
     */
    static FtpClient logIn(Ports ports, boolean tls, String user, int number, int roomBytes)
            throws IOException {
        Socket socket = Greeting.openClear(tls ? ports.ftps() : ports.ftp());
        Socket control = tls ? TlsClient.resuming(socket, number) : socket;
        FtpClient client = new FtpClient(number, tls, control, roomBytes);
        client.reply('2');
        if (client.tell("USER " + user) == '3') {
            client.ask("PASS bench-secret", '2');
        }
        client.ask("TYPE I", '2');
        if (tls) {
            client.ask("PBSZ 0", '2');
            client.ask("PROT P", '2');
        }
        return client;
    }

    void ask(String command, char expected) throws IOException {
        char got = tell(command);
        if (got != expected) {
            throw new IOException(command + " was answered by " + last);
        }
    }

    private String last = "";

    /** Sends a command; returns the first digit of its answer. */
    private char tell(String command) throws IOException {
        control.getOutputStream().write((command + "\r\n").getBytes(ISO_8859_1));
        return reply();
    }

    private void reply(char expected) throws IOException {
        if (reply() != expected) {
            throw new IOException("the server said " + last);
        }
    }

    private char reply() throws IOException {
        do {
            last = replies.readLine();
            if (last == null) {
                throw new EOFException("the server hung up");
            }
        } while (last.length() < 4 || last.charAt(3) != ' ' || !Character.isDigit(last.charAt(0)));
        return last.charAt(0);
    }

    /** Where the next transfer's data goes (RFC 2428). */
    private int passive() throws IOException {
        ask("EPSV", '2');
        return Integer.parseInt(last.split("\\|", -1)[3]);
    }

    private SocketChannel open(String command) throws IOException {
        int port = passive();
        SocketChannel data =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return begun(data, command);
    }

    private Socket openSecretly(String command) throws IOException {
        Socket data = begun(Greeting.openClear(passive()), command);
        return TlsClient.resuming(data, number);
    }

    private <T extends Closeable> T begun(T data, String command) throws IOException {
        try {
            ask(command, '1');
            return data;
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /** Fetches a file; returns how many bytes it had. */
    long download(String path) throws IOException {
        return tls ? receiveSecretly("RETR " + path) : receive("RETR " + path, false);
    }

    /** Lists a folder; returns how many lines that were. */
    long list(String folder) throws IOException {
        return receive("LIST " + folder, true);
    }

    private long receive(String command, boolean lines) throws IOException {
        long sum = 0;
        try (SocketChannel data = open(command)) {
            for (int got = data.read(room.clear()); got >= 0; got = data.read(room.clear())) {
                sum += lines ? linesIn(got) : got;
            }
        }
        reply('2');
        return sum;
    }

    private int linesIn(int count) {
        int lines = 0;
        for (int at = 0; at < count; at++) {
            lines += room.get(at) == '\n' ? 1 : 0;
        }
        return lines;
    }

    private long receiveSecretly(String command) throws IOException {
        long sum = 0;
        try (Socket data = openSecretly(command)) {
            InputStream in = data.getInputStream();
            for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
                sum += got;
            }
        }
        reply('2');
        return sum;
    }

    /** Stores what the file holds, in TLS as many bytes of something; returns how many. */
    long upload(String path, Path from) throws IOException {
        String command = "STOR " + path;
        long size = tls ? sendSecretly(command, Files.size(from)) : send(command, from);
        reply('2');
        return size;
    }

    private long send(String command, Path from) throws IOException {
        try (FileChannel file = FileChannel.open(from);
                SocketChannel data = open(command)) {
            long size = file.size();
            for (long at = 0; at < size; ) {
                at += file.transferTo(at, size - at, data);
            }
            return size;
        }
    }

    private long sendSecretly(String command, long size) throws IOException {
        try (Socket data = openSecretly(command)) {
            OutputStream out = data.getOutputStream();
            for (long left = size; left > 0; left -= chunk.length) {
                out.write(chunk, 0, (int) Math.min(chunk.length, left));
            }
        }
        return size;
    }

    @Override
    public void close() throws IOException {
        try (control) {
            ask("QUIT", '2');
        }
    }
}
