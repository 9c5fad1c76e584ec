package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NtpLoadTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void everyReplyIsCounted() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> serve(socket, (byte) 0x24));
            NtpLoad.Done done = new NtpLoad(2, 4, 2, SHORT).run(socket.getLocalPort());
            assertThat(done.replies()).isPositive();
            assertThat(done.lost()).isZero();
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void whatIsNoReplyFails() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(socket, (byte) 0x23));
            NtpLoad load = new NtpLoad(1, 1, 1, SHORT);
            assertThatIOException().isThrownBy(() -> load.run(socket.getLocalPort()));
        }
    }

    /** Copies the transmit time to where the originate time belongs, until the socket is closed. */
    private static void serve(DatagramSocket socket, byte mode) {
        var packet = new DatagramPacket(new byte[48], 48);
        try {
            while (true) {
                socket.receive(packet);
                ByteBuffer message = ByteBuffer.wrap(packet.getData());
                message.put(0, mode).putLong(24, message.getLong(40));
                socket.send(packet);
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }
}
