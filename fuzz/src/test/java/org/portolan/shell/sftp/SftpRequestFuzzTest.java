package org.portolan.shell.sftp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.wire.Refusal;

class SftpRequestFuzzTest {
    static Stream<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        return Stream.of(
                        "03 000000022f61 0000001a 00000000",
                        "05 0000000400000007 0000000000000005 00000020",
                        "06 0000000400000007 0000000000000005 0000000161",
                        "09 000000022f61 0000000f 0000000000000005 00000001 00000002 000081a4"
                                + " 00000003 00000004",
                        "12 000000022f61 000000022f62",
                        "c8 00000009636f70792d64617461 0000000400000007 0000000000000000"
                                + " 0000000000000009 0000000400000008 0000000000000003",
                        "c8 0000001e75736572732d67726f7570732d62792d6964406f70656e7373682e636f6d"
                                + " 0000000400000001 00000000")
                .map(text -> hex.parseHex(text.replace(" ", "")));
    }

    /** A type and what follows its id; nothing is made from a length alone. */
    @MethodSource("seeds")
    @FuzzTest
    void anyPacketIsARequestOrRefused(byte @NotNull [] packet) {
        if (packet.length == 0) {
            return;
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(packet, 1, packet.length - 1);
            if (SftpRequest.parse(packet[0] & 0xff, rest) instanceof SftpRequest.Write write
                    && write.data().remaining() > packet.length) {
                throw new AssertionError("more data than came");
            }
        } catch (Refusal expected) {
            // The one answer to a packet that is cut short or lies.
        }
    }
}
