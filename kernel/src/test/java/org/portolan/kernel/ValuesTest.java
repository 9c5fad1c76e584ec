package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values: peers, sizes, names, and what may be shown. */
class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 192.0.2.0",
        "::ffff:192.0.2.77, 192.0.2.0",
        "127.0.0.1, 127.0.0.0",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "::1, ::",
        "fe80::1, fe80::",
    })
    void aNetworkIsASlash24OrASlash64(String address, String network) throws Exception {
        Peer peer = peer(address);
        assertThat(peer.network()).isEqualTo(InetAddress.getByName(network));
    }

    private static Peer peer(String address) throws UnknownHostException {
        return Peer.at(new InetSocketAddress(InetAddress.getByName(address), 49152));
    }

    @Test
    void aPeerIsWrittenAsPeopleWriteIt() throws Exception {
        assertThat(peer("192.0.2.7")).hasToString("192.0.2.7:49152");
        assertThat(peer("2001:db8::7")).hasToString("[2001:db8:0:0:0:0:0:7]:49152");
        assertThat(peer("127.0.0.9").loopback()).isTrue();
        assertThat(peer("::1").loopback()).isTrue();
        assertThat(peer("::ffff:127.0.0.1").loopback()).isTrue();
        assertThat(peer("192.0.2.7").loopback()).isFalse();
        assertThat(Peer.LOCAL.loopback()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0 B, 0, 0 B",
        "512 B, 512, 512 B",
        "512B, 512, 512 B",
        "64 kB, 64000, 64 kB",
        "35 MB, 35000000, 35 MB",
        "2 GB, 2000000000, 2 GB",
        "1 TB, 1000000000000, 1 TB",
        "1500 B, 1500, 1500 B",
        "1000 kB, 1000000, 1 MB",
        "5000 TB, 5000000000000000, 5000 TB",
    })
    void sizesAreReadAndWritten(String text, long bytes, String shown) {
        assertThat(Size.of(text).bytes()).isEqualTo(bytes);
        assertThat(Size.of(text)).hasToString(shown);
        assertThat(Size.of(shown)).isEqualTo(Size.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "35", "MB", "-1 MB", "1.5 MB", "35 mb", "35  MB", "35 MiB", "35 MB "})
    void whatIsNoSizeIsExplained(String text) {
        assertThatThrownBy(() -> Size.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("35 MB")
                .hasMessageContaining('"' + text + '"');
    }

    @Test
    void sizesBeyondCountingAreRefused() {
        assertThatThrownBy(() -> Size.of("999999999999999 TB"))
                .isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "conections, connections",
        "connection, connections",
        "per_per, per_peer",
        "Per_Peer, per_peer",
        "perpeer, per_peer",
        "per_netwrok, per_network",
        "zzzzzzzz, ''",
        "'', ''",
    })
    void theNearestNameIsGuessed(String typed, String meant) {
        assertThat(Nearest.of(typed, List.of("connections", "per_peer", "per_network")))
                .isEqualTo(meant);
    }

    @Test
    void theNearestOfNoneIsNone() {
        assertThat(Nearest.of("x", List.of())).isEmpty();
        assertThat(Nearest.of("exact", List.of("exacter", "exact", "exac"))).isEqualTo("exact");
    }

    @Test
    void nothingShownCanSteerATerminal() {
        assertThat(Shown.of("plain \u00fcnd \u20ac \ud83d\ude00")).isEqualTo("plain ünd € 😀");
        assertThat(Shown.of("a\u001b[2Jb\r\n\t\0\u007f\u009b"))
                .isEqualTo("a{0x1b}[2Jb{0x0d}{0x0a}{0x09}{0x00}{0x7f}{0x9b}");
        assertThat(Shown.of("line\u2028paragraph\u2029"))
                .isEqualTo("line{0x2028}paragraph{0x2029}");
        // What turns the reading direction round can make one name look like another.
        assertThat(Shown.of("txt.\u202eexe\u2066\u200f"))
                .doesNotContain("\u202e", "\u2066", "\u200f");
    }

    @Test
    void theHolderOfAPortIsFound() throws Exception {
        String self = "java (process " + ProcessHandle.current().pid() + ")";
        try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            InetSocketAddress at = (InetSocketAddress) here.getLocalSocketAddress();
            int port = at.getPort();
            assertThat(PortHolder.of("tcp", at)).contains(self);
            assertThat(PortHolder.of("tcp", new InetSocketAddress("0.0.0.0", port))).contains(self);
            assertThat(PortHolder.of("tcp", new InetSocketAddress("127.0.0.3", port))).isEmpty();
        }
        assertThat(PortHolder.of("tcp", new InetSocketAddress("127.0.0.1", 1))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0100007F:1F90, 127.0.0.1, 8080, true",
        "0100007F:1F90, 127.0.0.1, 8081, false",
        "0100007F:1F90, 127.0.0.2, 8080, false",
        "0100007F:1F90, 0.0.0.0, 8080, true",
        "00000000:1F90, 127.0.0.2, 8080, true",
        "00000000000000000000000001000000:1F90, ::1, 8080, true",
        "00000000000000000000000001000000:1F90, ::2, 8080, false",
        "00000000000000000000000000000000:1F90, 127.0.0.1, 8080, true",
        "0000000000000000FFFF00000100007F:1F90, 127.0.0.1, 8080, true",
    })
    void theSystemsTableIsRead(String row, String address, int port, boolean same) {
        // Words are in the machine's own order: these are rows of a little-endian one.
        org.junit.jupiter.api.Assumptions.assumeTrue(
                java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN);
        assertThat(PortHolder.overlap(row, new InetSocketAddress(address, port))).isEqualTo(same);
    }
}
