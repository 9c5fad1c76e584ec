package org.portolan.files.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.files.FilesSite;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.portolan.kernel.Size;

/** Requests that nobody may answer: to everybody, from everybody, from an address that is a lie. */
class SpoofedTest {
    private static final TftpSettings SETTINGS =
            new TftpSettings(true, Size.of("100 kB"), 65_464, 2);

    @TempDir private Path root;
    private FilesSite site;
    private TftpAnswers answers;

    @BeforeEach
    void open() throws Exception {
        site = FilesSite.in(root).renewed();
        TftpService service = new TftpService(SETTINGS, site.tree(), site.kernel().ports());
        answers =
                new TftpAnswers(
                        SETTINGS,
                        site.kernel().ports(),
                        new TftpTransfer.Site(service, site.kernel().ports(), site.tree()));
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    /** Keeps what is said. */
    private static final class Kept implements Outbox {
        private final byte[] room = new byte[4_352];
        private final InetAddress asked;
        private int said;
        private String last = "";

        Kept(String asked) {
            this.asked = InetAddress.ofLiteral(asked);
        }

        @Override
        public byte[] room() {
            return room;
        }

        @Override
        public void reply(int length) {
            said++;
            last = new String(room, 0, length, ISO_8859_1);
        }

        @Override
        public InetAddress asked() {
            return asked;
        }

        @Override
        public Later later() {
            throw new AssertionError("nothing is said later");
        }
    }

    private Kept ask(String packet, String from, int port, String asked) throws Exception {
        Kept kept = new Kept(asked);
        InetSocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral(from), port);
        answers.answer(
                Datagram.of(packet.getBytes(ISO_8859_1), peer, site.clock().instant()), kept);
        return kept;
    }

    /** RFC 1123 §4.2.3.4. */
    @ParameterizedTest
    @CsvSource({
        "255.255.255.255, 1069, 127.0.0.1",
        "224.0.0.1, 1069, 127.0.0.1",
        "240.0.0.1, 1069, 127.0.0.1",
        "0.0.0.0, 1069, 127.0.0.1",
        "127.0.0.1, 0, 127.0.0.1",
        "ff02::1, 1069, ::1",
        "::, 1069, ::1",
        "127.0.0.1, 1069, 255.255.255.255",
        "127.0.0.1, 1069, 224.0.0.1",
        "::1, 1069, ff02::1"
    })
    void whatIsForManyIsNotAnswered(String from, int port, String asked) throws Exception {
        for (String packet :
                new String[] {"\0\1boot.bin\0octet\0", "\0\2x\0octet\0", "\0\1boot.bin", "\0\1"}) {
            assertThat(ask(packet, from, port, asked).said).isZero();
        }
        assertThat(site.kernel().sockets().lines()).isEmpty();
    }

    @Test
    void anErrorIsNotAnsweredAndNorIsWhatBeginsNothing() throws Exception {
        for (String packet :
                new String[] {
                    "\0\5\0\0x\0", "\0\3\0\1data", "\0\4\0\1", "\0\6blksize\0008\0", "\0\7xy"
                }) {
            assertThat(ask(packet, "127.0.0.1", 1069, "127.0.0.1").said).isZero();
        }
        assertThat(site.kernel().sockets().lines()).isEmpty();
    }

    /** What is said in answer to a lie is shorter than the lie, or hardly longer. */
    @Test
    void aRefusalIsNoUseToAnAmplifier() throws Exception {
        for (String packet :
                new String[] {"\0\1", "\0\1boot.bin\0mail\0", "\0\1\0octet\0", "\0\2x"}) {
            Kept kept = ask(packet, "127.0.0.1", 1069, "127.0.0.1");
            assertThat(kept.said).isEqualTo(1);
            assertThat(kept.last.length()).isLessThan(80);
        }
    }

    @Test
    void soManyAtOnceAndNoMore() throws Exception {
        ask("\0\1boot.bin\0octet\0timeout\00030\0", "127.0.0.1", 9001, "127.0.0.1");
        ask("\0\1boot.bin\0octet\0timeout\00030\0", "127.0.0.1", 9002, "127.0.0.1");
        ask("\0\1boot.bin\0octet\0timeout\00030\0", "127.0.0.1", 9002, "127.0.0.1"); // again
        Kept third = ask("\0\1boot.bin\0octet\0", "127.0.0.1", 9003, "127.0.0.1");
        assertThat(third.last).contains("too many transfers");
    }
}
