package org.portolan.kernel.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderFuzzTest {
    static Stream<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        String signature = "0d0a0d0a000d0a515549540a";
        return Stream.of(
                "PROXY TCP4 192.0.2.7 198.51.100.1 49152 25\r\n".getBytes(ISO_8859_1),
                "PROXY TCP6 2001:db8::7 2001:db8::1 65535 993\r\n".getBytes(ISO_8859_1),
                "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1),
                hex.parseHex(signature + "2111000cc0000207c6336401c0000019"),
                hex.parseHex(signature + "21110013c0000207c6336401c000001903000400000000"),
                hex.parseHex(signature + "20000000"));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytesAreAHeaderOrNone(byte @NotNull [] bytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            Optional<InetSocketAddress> client =
                    ProxyHeader.read(
                            count -> {
                                if (count > bytes.length) { // nothing is made from a claim alone
                                    throw new EOFException();
                                }
                                return in.readNBytes(count);
                            });
            if (client.isPresent() && client.get().getAddress().isMulticastAddress()) {
                throw new AssertionError("nobody has that address: " + client);
            }
        } catch (IOException expected) {
            // The one answer to bytes that are no header, or not all of one.
        }
    }
}
