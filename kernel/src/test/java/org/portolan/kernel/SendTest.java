package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files go out whole, and the conversation goes on. */
class SendTest {
    private static final int LARGEST = 10_000_000;

    @TempDir Path folder;

    /** {@code from count} sends that piece of the file, between two lines. */
    private static Conversation serving(Path path) {
        return client -> {
            try (FileChannel file = FileChannel.open(path)) {
                while (true) {
                    String[] piece = client.readLine().split(" ");
                    if (piece[0].equals("quit")) {
                        return;
                    }
                    client.writeLine("here it is");
                    try {
                        client.send(file, Long.parseLong(piece[0]), Long.parseLong(piece[1]));
                        client.writeLine("that was it");
                    } catch (EOFException e) {
                        client.writeLine("shorter");
                    }
                }
            }
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"NEVER", "AT_ONCE"})
    void everySizeArrivesAsItIs(Tls tls) throws Exception {
        byte[] content = Pattern.bytes(LARGEST + 1000);
        Path path = Files.write(folder.resolve("file"), content);
        int[] sizes = {0, 1, 511, 512, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 200_000, LARGEST};
        try (TestSite site = TestSite.serving(tls, serving(path));
                TestPeer peer = site.connect()) {
            if (tls == Tls.AT_ONCE) {
                peer.secure(site.certificates.trust(), "");
            }
            long all = 0;
            for (int size : sizes) {
                for (int from : new int[] {0, 777}) {
                    peer.send(from + " " + size + "\r\n");
                    assertThat(peer.line()).isEqualTo("here it is");
                    byte[] sent = peer.bytes(size);
                    assertThat(Arrays.equals(sent, 0, size, content, from, from + size)).isTrue();
                    assertThat(peer.line()).isEqualTo("that was it");
                    all += size + "here it is\r\nthat was it\r\n".length();
                }
            }
            peer.send("1 200000\r\n2 100\r\nquit\r\n"); // pipelined
            all += 200_100 + 2L * "here it is\r\nthat was it\r\n".length();
            int rest = peer.rest().length();
            assertThat(rest).isEqualTo(200_100 + 2 * "here it is\r\nthat was it\r\n".length());
            site.awaitEmpty();
            assertThat(site.counted("portolan_bytes", "out"))
                    .isGreaterThanOrEqualTo(all)
                    .isLessThan(all + all / 50 + 10_000);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"NEVER", "AT_ONCE"})
    void aFileShorterThanSaidIsNotThePeersFault(Tls tls) throws Exception {
        Path path = Files.write(folder.resolve("file"), new byte[100_000]);
        try (TestSite site = TestSite.serving(tls, serving(path));
                TestPeer peer = site.connect()) {
            if (tls == Tls.AT_ONCE) {
                peer.secure(site.certificates.trust(), "");
            }
            for (int count : new int[] {100_001, 5_000_000, 100_010}) {
                peer.send("0 " + count + "\r\n");
                assertThat(peer.line()).isEqualTo("here it is");
                peer.bytes(100_000);
                assertThat(peer.line()).isEqualTo("shorter"); // and it goes on
            }
            peer.send("200000 50000\r\n");
            assertThat(peer.line()).isEqualTo("here it is");
            assertThat(peer.line()).isEqualTo("shorter");
        }
    }

    @Test
    void aFileThatCannotBeReadDoesNotEndTheOthersSender() throws Exception {
        Path path = Files.write(folder.resolve("file"), Pattern.bytes(100_000));
        Conversation careless =
                client -> {
                    StandardOpenOption how =
                            client.readLine().equals("write")
                                    ? StandardOpenOption.WRITE
                                    : StandardOpenOption.READ;
                    try (FileChannel file = FileChannel.open(path, how)) {
                        client.send(file, 0, 100_000);
                    }
                };
        try (TestSite site = TestSite.serving(careless)) {
            try (TestPeer peer = site.connect()) {
                peer.send("write\r\n");
                assertThat(peer.rest()).isEmpty();
            }
            assertThat(site.hungUp(Hangup.Reason.OUR_FAULT)).isEqualTo(1);
            try (TestPeer peer = site.connect()) {
                peer.send("read\r\n");
                assertThat(peer.bytes(100_000)).isEqualTo(Pattern.bytes(100_000));
            }
            site.awaitEmpty();
            assertThat(site.kernel.files().underWay()).isZero();
        }
    }

    @Test
    void aPeerThatVanishesDuringADownloadFreesIt() throws Exception {
        Path path = folder.resolve("large");
        try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(64L << 20);
        }
        try (TestSite site = TestSite.serving(serving(path))) {
            TestPeer peer = TestPeer.narrow(site.door());
            peer.send("0 " + (64 << 20) + "\r\n");
            peer.line();
            peer.reset();
            site.awaitEmpty();
            assertThat(site.kernel.files().underWay()).isZero();
            assertThat(site.hungUp(Hangup.Reason.PEER_GONE)).isEqualTo(1);
        }
    }

    @Test
    void whoSendsAfterTheSenderWasClosedDoesNotWaitForEver() throws IOException {
        FileSender sender = new FileSender();
        sender.close();
        Path path = Files.write(folder.resolve("file"), new byte[10]);
        try (var server = java.nio.channels.ServerSocketChannel.open();
                FileChannel file = FileChannel.open(path)) {
            server.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
            try (var client = java.nio.channels.SocketChannel.open(server.getLocalAddress())) {
                RawSocket socket = new RawSocket(client, TestSite.PATIENT, new SteppedClock());
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> sender.send(socket, file, 0, 10))
                        .isInstanceOf(Hangup.class);
            }
        }
        assertThat(sender.underWay()).isZero();
    }
}
