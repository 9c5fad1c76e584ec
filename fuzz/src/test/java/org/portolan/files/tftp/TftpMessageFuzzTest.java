package org.portolan.files.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;

class TftpMessageFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(TftpMessage.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyPacketIsAMessageOrAProblem(byte @NotNull [] packet) {
        try {
            TftpMessage message = TftpMessage.parse(packet, packet.length);
            if (message instanceof TftpMessage.Request request) {
                TftpOptions granted = request.asked().granted(65_464, 1000);
                assertThat((long) granted.block() * granted.packets())
                        .isLessThanOrEqualTo(TftpOptions.MOST_IN_WINDOW);
                assertThat(granted.packet().length).isLessThan(128);
            }
        } catch (TftpProblem problem) {
            assertThat(problem.packet()[1]).isEqualTo((byte) 5);
        }
    }
}
