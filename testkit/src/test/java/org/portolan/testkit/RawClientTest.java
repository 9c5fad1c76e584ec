package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RawClientTest {
    @Test
    void readsLinesBytesAndTheEnd() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(
                                peer -> {
                                    peer.say("one \u00ff", "two");
                                    peer.out().write(new byte[20_000]);
                                    peer.say("rest");
                                });
                RawClient client = RawClient.connect(server.address())) {
            assertThat(client.readLine()).isEqualTo("one \u00ff");
            assertThat(client.readLine()).isEqualTo("two");
            assertThat(client.readBytes(20_000)).containsOnly(0).hasSize(20_000);
            assertThat(client.readToEnd()).isEqualTo("rest\r\n".getBytes(StandardCharsets.UTF_8));
            client.awaitHangUp();
            assertThatThrownBy(client::readLine).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> client.readBytes(1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aBareLineFeedEndsNoLine() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(
                                peer -> {
                                    peer.out().write("a\nb\r\n".getBytes());
                                    peer.out().write("c\n".getBytes());
                                });
                RawClient client = RawClient.connect(server.address())) {
            assertThat(client.readLine()).isEqualTo("a\nb");
            assertThatThrownBy(client::readLine).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void patienceEnds() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::line);
                RawClient client = RawClient.connect(server.address())) {
            client.patience(Duration.ofMillis(50));

            assertThatThrownBy(client::readLine).isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(client::awaitHangUp).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void sendsWhatItIsTold() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(peer -> peer.out().write(peer.in().readAllBytes()));
                RawClient client = RawClient.connect(server.address())) {
            client.send("ü");
            client.sendLine("line");
            client.send(new byte[] {0, 1});
            client.sendByteByByte(new byte[] {2, 3});
            client.halfClose();

            assertThat(client.readToEnd())
                    .isEqualTo("üline\r\n\0\1\2\3".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aResetIsSeenAsOne() throws Exception {
        CompletableFuture<IOException> seen = new CompletableFuture<>();
        try (ScriptedServer server =
                new ScriptedServer(
                        peer -> {
                            peer.say("hello");
                            try {
                                int end = peer.in().read();
                                seen.completeExceptionally(new AssertionError("read " + end));
                            } catch (IOException e) {
                                seen.complete(e);
                            }
                        })) {
            RawClient client = RawClient.connect(server.address());
            client.readLine();
            client.reset();

            assertThat(seen.get(10, TimeUnit.SECONDS)).hasMessageContaining("reset");
        }
    }

    @Test
    void aNarrowClientHoldsTheServerBack() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> done = new CompletableFuture<>();
        int whole = 64 << 20;
        try (ScriptedServer server =
                        new ScriptedServer(
                                peer -> {
                                    byte[] piece = new byte[1 << 16];
                                    while (written.get() < whole) {
                                        peer.out().write(piece);
                                        written.addAndGet(piece.length);
                                    }
                                    done.complete(null);
                                });
                RawClient client = RawClient.connectNarrow(server.address(), 4096)) {
            client.readBytes(1);

            assertThat(done).isNotDone();
            assertThat(written.get()).isLessThan(whole);

            assertThat(client.readToEnd()).hasSize(whole - 1);
            done.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCrowdIsThereAtOnce() throws Exception {
        CountDownLatch there = new CountDownLatch(50);
        try (ScriptedServer server =
                new ScriptedServer(
                        peer -> {
                            there.countDown();
                            peer.say(peer.line());
                        })) {
            List<RawClient> crowd = RawClient.crowd(server.address(), 50);

            assertThat(there.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(crowd).extracting(RawClient::localAddress).doesNotHaveDuplicates();
            for (RawClient client : crowd) {
                client.sendLine("hello");
                assertThat(client.readLine()).isEqualTo("hello");
                client.close();
            }
        }
    }

    @Test
    void speaksTls() throws Exception {
        TestCertificates certificates = TestCertificates.selfSigned();
        try (ScriptedServer server =
                        new ScriptedServer(
                                peer -> {
                                    peer.startTls(certificates.server());
                                    peer.say(peer.line());
                                });
                RawClient client = RawClient.connect(server.address())) {
            client.startTls(Trust.in(certificates.certificate()).calling(TestCertificates.NAME));
            client.sendLine("secret");

            assertThat(client.readLine()).isEqualTo("secret");
            client.awaitHangUp();
        }
    }
}
