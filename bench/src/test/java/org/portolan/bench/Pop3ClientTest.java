package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3ClientTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+OK\r\n.\r\n",
                "+OK 3 lines\r\na\r\n..\r\n\r\n.\r\n",
                "+OK\r\n\r\n\r\n.\r\n",
            })
    void anAnswerEndsWithTheDotAndNotBefore(String answer) throws IOException {
        long bytes = answer.length() - answer.indexOf('\n') - 1;
        assertThat(download(answer, answer.length())).isEqualTo(bytes);
        assertThat(download(answer, 1)).isEqualTo(bytes);
    }

    @Test
    void anAnswerLargerThanTheBufferIsCountedWhole() throws IOException {
        String body = "0123456789ABCDE\r\n".repeat(20_000) + ".\r\n";
        assertThat(download("+OK\r\n" + body, 4000)).isEqualTo(body.length());
    }

    /** What the client counts when a server sends its answer in pieces of this size. */
    private static long download(String answer, int piece) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> serveOne(server, answer, piece));
            try (Pop3Client client = Pop3Client.connect(server.getLocalPort(), false)) {
                return client.download("RETR 1");
            }
        }
    }

    private static void serveOne(ServerSocket server, String answer, int piece) {
        byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
        try (Socket peer = server.accept();
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        peer.getInputStream(), StandardCharsets.US_ASCII))) {
            peer.setTcpNoDelay(true);
            peer.getOutputStream().write("+OK\r\n".getBytes(StandardCharsets.US_ASCII));
            in.readLine();
            for (int from = 0; from < bytes.length; from += piece) {
                peer.getOutputStream().write(bytes, from, Math.min(piece, bytes.length - from));
            }
            in.read();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
