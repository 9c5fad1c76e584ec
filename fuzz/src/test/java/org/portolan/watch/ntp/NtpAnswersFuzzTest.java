package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.portolan.testkit.FrozenClock;
import org.portolan.testkit.Seeds;

/** Whatever comes is answered by a header that fits, or not at all. */
class NtpAnswersFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(NtpMessage.class, "");
    }

    /** Takes one reply at the most. */
    private static final class OneReply implements Outbox {
        private final byte[] room = new byte[1280];
        private int replied = -1;

        @Override
        public byte[] room() {
            return room;
        }

        @Override
        public void reply(int length) {
            assertThat(replied).isEqualTo(-1);
            replied = length;
        }

        @Override
        public InetAddress asked() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public Later later() {
            throw new AssertionError("nothing has to wait");
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void aRequestIsAnsweredByAHeaderOrNotAtAll(byte @NotNull [] request) {
        Clock clock = FrozenClock.frozen();
        NtpAnswers answers =
                new NtpAnswers(
                        clock,
                        now -> SystemVariables.unsynchronised(-20, now),
                        new SourceLimit(1, 1));
        OneReply reply = new OneReply();
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 50_000);
        answers.answer(Datagram.of(request, peer, Instant.EPOCH), reply);

        if (reply.replied != -1) {
            assertThat(reply.replied).isEqualTo(48).isLessThanOrEqualTo(request.length);
            NtpMessage said = NtpMessage.of(reply.room, 48).orElseThrow();
            NtpMessage asked = NtpMessage.of(request, request.length).orElseThrow();
            assertThat(said.mode()).isEqualTo(4);
            assertThat(said.version()).isEqualTo(asked.version());
            assertThat(said.origin()).isEqualTo(asked.transmit());
        }
    }
}
