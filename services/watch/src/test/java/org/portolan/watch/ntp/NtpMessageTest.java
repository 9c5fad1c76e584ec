package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NtpMessageTest {
    /** A reply as a stratum 2 server sent it. */
    private static final String REPLY =
            """
            24 02 06 e9 00 00 01 2b 00 00 0a 5c c0 00 02 01
            ea 1b 11 22 33 44 55 66 12 34 56 78 9a bc de f0
            ea 1b 11 30 80 00 00 00 ea 1b 11 30 80 01 00 00
            """;

    private static final NtpMessage READ =
            new NtpMessage(
                    0,
                    4,
                    4,
                    2,
                    6,
                    -23,
                    0x12b,
                    0xa5c,
                    0xc0000201,
                    0xea1b112233445566L,
                    0x123456789abcdef0L,
                    0xea1b113080000000L,
                    0xea1b113080010000L);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    @Test
    void aPacketIsReadAndWritten() {
        assertThat(NtpMessage.of(bytes(REPLY), 48)).contains(READ);
        assertThat(READ.bytes()).isEqualTo(bytes(REPLY));
    }

    @Test
    void whatFollowsTheHeaderIsNotRead() {
        byte[] longer = Arrays.copyOf(bytes(REPLY), 68);

        assertThat(NtpMessage.of(longer, 68)).contains(READ);
        assertThat(NtpMessage.of(longer, 47)).isEmpty();
        assertThat(NtpMessage.of(new byte[0], 0)).isEmpty();
    }

    @Test
    void theFirstByteHasThreeFields() {
        NtpMessage message = NtpMessage.of(bytes(REPLY.replaceFirst("24", "e3")), 48).orElseThrow();

        assertThat(message.leap()).isEqualTo(NtpMessage.UNSYNCHRONISED);
        assertThat(message.version()).isEqualTo(4);
        assertThat(message.mode()).isEqualTo(NtpMessage.CLIENT);
    }

    @Test
    void anyHeaderComesBackAsItWas() {
        Random random = new Random(123);
        for (int i = 0; i < 1000; i++) {
            byte[] packet = new byte[48];
            random.nextBytes(packet);

            assertThat(NtpMessage.of(packet, 48).orElseThrow().bytes()).isEqualTo(packet);
        }
    }

    @Test
    void fourLettersAreAReference() {
        assertThat(NtpMessage.letters("RATE")).isEqualTo(0x52415445);
    }
}
