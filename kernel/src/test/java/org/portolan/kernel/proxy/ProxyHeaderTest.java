package org.portolan.kernel.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both versions of the PROXY protocol: what is read, what is left, what is refused. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Reads a header that has something behind it, which must still be there. */
    private static Optional<InetSocketAddress> read(byte[] header) throws IOException {
        byte[] behind = "EHLO".getBytes(ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(header.length + 4).put(header).put(behind);
        ByteArrayInputStream in = new ByteArrayInputStream(all.array());
        Optional<InetSocketAddress> client = ProxyHeader.read(count -> exactly(in, count));
        assertThat(in.readAllBytes()).isEqualTo(behind);
        return client;
    }

    private static byte[] exactly(ByteArrayInputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it waits for more");
        }
        return bytes;
    }

    private static Optional<InetSocketAddress> line(String text) throws IOException {
        return read((text + "\r\n").getBytes(ISO_8859_1));
    }

    private static InetSocketAddress client(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 198.51.100.1 49152 25,192.0.2.7,49152",
        "PROXY TCP4 192.0.2.7 198.51.100.1 0 65535,192.0.2.7,0",
        "PROXY TCP6 2001:db8::7 2001:db8::1 65535 993,2001:db8::7,65535",
        "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 1 2,192.0.2.7,1",
        "PROXY TCP4 127.0.0.1 127.0.0.1 1 2,127.0.0.1,1",
    })
    void aLineNamesTheClient(String text, String address, int port) throws IOException {
        assertThat(line(text)).contains(client(address, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN whatever this may be",
            })
    void aProxyMaySpeakForItself(String text) throws IOException {
        assertThat(line(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY ",
                "PROXY TCP4",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 49152 25",
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152",
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152 25 ",
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152 25 26",
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152 65536",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 25",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +1 25",
                "PROXY TCP4 192.0.2.7 198.51.100.1 01 25",
                "PROXY TCP4 192.0.2.7\t198.51.100.1 49152 25",
                "PROXY TCP4 192.0.2.256 198.51.100.1 49152 25",
                "PROXY TCP4 192.0.2.07 198.51.100.1 49152 25",
                "PROXY TCP4 3221225991 198.51.100.1 49152 25",
                "PROXY TCP4 2001:db8::7 2001:db8::1 49152 25",
                "PROXY TCP4 localhost 198.51.100.1 49152 25",
                "PROXY TCP4 0.0.0.0 198.51.100.1 49152 25",
                "PROXY TCP4 224.0.0.1 198.51.100.1 49152 25",
                "PROXY TCP6 192.0.2.7 198.51.100.1 49152 25",
                "PROXY TCP6 fe80::1%lo 2001:db8::1 49152 25",
                "PROXY TCP6 [2001:db8::7] 2001:db8::1 49152 25",
                "PROXY TCP6 2001:db8:::7 2001:db8::1 49152 25",
                "PROXY TCP6 :: 2001:db8::1 49152 25",
                "PROXY TCP6 ff02::1 2001:db8::1 49152 25",
                "PROXY UNKNOWN\rTCP4",
                "PROXY UNKNOWNS",
                "PROXY UDP4 192.0.2.7 198.51.100.1 49152 25",
                "proxy TCP4 192.0.2.7 198.51.100.1 49152 25",
                "EHLO client.example",
                "GET / HTTP/1.1",
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152 25\n",
            })
    void whatIsNoLineIsRefused(String text) {
        assertThatThrownBy(() -> line(text)).isInstanceOf(MalformedHeader.class);
    }

    @Test
    void aLineIsNoLongerThanItMayBe() throws IOException {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16);
        assertThat(line(longest)).isEmpty();
        assertThatThrownBy(() -> line(longest + "x"))
                .isInstanceOf(MalformedHeader.class)
                .hasMessageContaining("too long");
    }

    @ParameterizedTest
    @CsvSource({
        "21 11 000c  c0000207 c6336401 c000 0019,192.0.2.7,49152",
        "21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 0001 0019,"
                + "2001:db8::7,1",
        "21 21 0024 00000000000000000000ffffc0000207 00000000000000000000ffffc6336401 0001 0019,"
                + "192.0.2.7,1",
        "21 11 0013 c0000207 c6336401 c000 0019 04 0004 00000000,192.0.2.7,49152", // a NOOP
        "21 11 0014 c0000207 c6336401 c000 0019 02 0005 6c6f63616c,192.0.2.7,49152",
    })
    void bytesNameTheClient(String header, String address, int port) throws IOException {
        assertThat(read(hex(SIGNATURE + header))).contains(client(address, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20 00 0000", // LOCAL
                "20 11 000c c0000207 c6336401 c000 0019",
                "20 ff 0003 aabbcc",
                "21 00 0000", // of an unspecified family
                "21 00 0002 ffff",
            })
    void aProxyMaySpeakForItselfInBytes(String header) throws IOException {
        assertThat(read(hex(SIGNATURE + header))).isEmpty();
    }

    @Test
    void aClientOnAUnixSocketHasNoAddress() throws IOException {
        assertThat(read(hex(SIGNATURE + "21 31 00d8" + "2f".repeat(216)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 11 000c c0000207 c6336401 c000 0019", // version 1, in bytes
                "31 11 000c c0000207 c6336401 c000 0019",
                "22 11 000c c0000207 c6336401 c000 0019", // no such command
                "21 12 000c c0000207 c6336401 c000 0019", // datagrams
                "21 41 000c c0000207 c6336401 c000 0019",
                "21 01 000c c0000207 c6336401 c000 0019",
                "21 11 000b c0000207 c6336401 c000 00", // shorter than its addresses
                "21 21 000c c0000207 c6336401 c000 0019",
                "21 31 000c c0000207 c6336401 c000 0019",
                "21 11 0000",
                "21 11 1001", // more than it may have, refused before it is read
                "21 11 ffff",
                "21 11 000e c0000207 c6336401 c000 0019 04 00", // half a value
                "21 11 0010 c0000207 c6336401 c000 0019 04 0002 00",
                "21 11 0010 c0000207 c6336401 c000 0019 04 ffff 00",
                "21 11 0011 c0000207 c6336401 c000 0019 03 0002 0000", // no checksum has two bytes
                "21 11 0013 c0000207 c6336401 c000 0019 03 0004 00000000", // a wrong one
                "21 11 000c 00000000 c6336401 c000 0019",
                "21 11 000c e0000001 c6336401 c000 0019",
            })
    void whatIsNoHeaderIsRefused(String header) {
        assertThatThrownBy(() -> read(hex(SIGNATURE + header))).isInstanceOf(MalformedHeader.class);
    }

    @Test
    void aChecksumIsChecked() throws IOException {
        byte[] header = hex(SIGNATURE + "21 11 0013 c0000207 c6336401 c000 0019 03 0004 00000000");
        CRC32C sum = new CRC32C();
        sum.update(header);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) sum.getValue());
        assertThat(read(header)).contains(client("192.0.2.7", 49152));
        header[17]++;
        assertThatThrownBy(() -> read(header)).isInstanceOf(MalformedHeader.class);
    }

    /** So that nobody can keep a thread waiting with what can never become a header. */
    @ParameterizedTest
    @ValueSource(strings = {"QUIT\r\n", "PROXY.", "\r\n\r\n\0.", "\r\n\r\n\0\r\nQUIP\n"})
    void aWrongBeginIsEnough(String begin) {
        ByteArrayInputStream in = new ByteArrayInputStream(begin.getBytes(ISO_8859_1));
        assertThatThrownBy(() -> ProxyHeader.read(count -> exactly(in, count)))
                .isInstanceOf(MalformedHeader.class);
    }
}
