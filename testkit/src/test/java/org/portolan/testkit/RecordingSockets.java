package org.portolan.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.SocketFactory;

/**
 * Sockets that note each write: what is one write with TCP_NODELAY is one segment, or begins one.
 */
final class RecordingSockets extends SocketFactory {
    final List<String> writes = Collections.synchronizedList(new ArrayList<>());
    final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Socket createSocket() {
        Socket socket =
                new Socket() {
                    @Override
                    public OutputStream getOutputStream() throws IOException {
                        return recording(super.getOutputStream());
                    }
                };
        sockets.add(socket);
        return socket;
    }

    private OutputStream recording(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                writes.add(Spelling.ofRaw(bytes, from, from + count));
                out.write(bytes, from, count);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
