package org.portolan.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that read the greeting and then say nothing. */
final class IdleConnections implements Closeable {
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1024);

    /** Opens one more and waits for the server's greeting. */
    void open(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        readLine(channel);
    }

    int size() {
        return channels.size();
    }

    /** Says something on every n-th connection and expects an answer: nobody was dropped. */
    void probe(int step, String command) throws IOException {
        for (int index = 0; index < channels.size(); index += step) {
            SocketChannel channel = channels.get(index);
            channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
            readLine(channel);
        }
    }

    private void readLine(SocketChannel channel) throws IOException {
        buffer.clear();
        do {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the server hung up on an idle connection");
            }
        } while (buffer.get(buffer.position() - 1) != '\n');
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        channels.clear();
    }
}
