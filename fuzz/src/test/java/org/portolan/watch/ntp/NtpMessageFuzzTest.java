package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;

class NtpMessageFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(NtpMessage.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void aPacketIsReadAndWrittenAlike(byte @NotNull [] packet) {
        NtpMessage.of(packet, packet.length)
                .ifPresent(
                        message ->
                                assertThat(message.bytes()).isEqualTo(Arrays.copyOf(packet, 48)));
    }
}
