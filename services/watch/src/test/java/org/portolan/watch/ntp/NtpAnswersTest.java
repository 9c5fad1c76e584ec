package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.portolan.testkit.FrozenClock;

class NtpAnswersTest {
    private static final Instant ARRIVED = FrozenClock.USUAL.minusMillis(1);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 50_000);
    private static final long NONCE = 0x1122334455667788L;

    private static final SystemVariables SECONDARY =
            new SystemVariables(
                    0,
                    2,
                    -24,
                    1_000_000,
                    2_000_000,
                    0xc0000201,
                    0x1234567800000000L,
                    nanos(ARRIVED));

    private static long nanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    /** Keeps what is sent. */
    private static final class Replies implements Outbox {
        final List<byte[]> sent = new ArrayList<>();
        private final byte[] room = new byte[1280];

        @Override
        public byte[] room() {
            Arrays.fill(room, (byte) 0xaa); // what an earlier reply left there
            return room;
        }

        @Override
        public void reply(int length) {
            sent.add(Arrays.copyOf(room, length));
        }

        @Override
        public InetAddress asked() {
            throw new AssertionError("nobody wants to know");
        }

        @Override
        public Later later() {
            throw new AssertionError("nothing has to wait");
        }

        List<NtpMessage> messages() {
            return sent.stream()
                    .map(bytes -> NtpMessage.of(bytes, bytes.length).orElseThrow())
                    .toList();
        }
    }

    private final FrozenClock clock = FrozenClock.frozen();
    private final Replies replies = new Replies();
    private NtpAnswers answers = new NtpAnswers(clock, _ -> SECONDARY, new SourceLimit(4, 8));

    private static NtpMessage question(int version, int mode) {
        return new NtpMessage(0, version, mode, 0, 6, 32, 0, 0, 0, 0, 0, 0, NONCE);
    }

    private void ask(byte[] packet) {
        ask(packet, CLIENT);
    }

    private void ask(byte[] packet, InetSocketAddress from) {
        answers.answer(Datagram.of(packet, from, ARRIVED), replies);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aClientOfEachVersionGetsTheTime(int version) {
        ask(question(version, 3).bytes());

        assertThat(replies.sent.getFirst()).hasSize(48);
        assertThat(replies.messages())
                .containsExactly(
                        new NtpMessage(
                                0,
                                version,
                                4,
                                2,
                                6,
                                -24,
                                NtpTime.shortTimestamp(1_000_000),
                                NtpTime.shortTimestamp(2_000_000),
                                0xc0000201,
                                0x1234567800000000L,
                                NONCE,
                                NtpTime.timestamp(nanos(ARRIVED)),
                                NtpTime.timestamp(nanos(FrozenClock.USUAL))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3", "5, 3", "6, 3", "7, 3", // versions that there are not
        "4, 0", "4, 1", "4, 2", "4, 4", "4, 5", "4, 6", "4, 7", // everybody but clients
        "3, 1", "2, 7", "2, 6", "3, 0"
    })
    void everythingElseGetsNothing(int version, int mode) {
        ask(question(version, mode).bytes());

        assertThat(replies.sent).isEmpty();
        assertThat(answers.counts()).isEqualTo(new NtpAnswers.Counts(0, 0, 1));
    }

    @Test
    void theFirstVersionKnewClientsByTheirPort() {
        ask(question(1, 0).bytes());
        ask(question(1, 0).bytes(), new InetSocketAddress("192.0.2.1", 123));

        assertThat(replies.messages()).extracting(NtpMessage::mode).containsExactly(4);
    }

    @Test
    void anAnswerIsNoQuestion() {
        ask(question(4, 3).bytes(), new InetSocketAddress("192.0.2.1", 123));
        ask(replies.sent.getFirst(), new InetSocketAddress("192.0.2.1", 123));

        assertThat(replies.sent).hasSize(1);
    }

    @Test
    void aReplyIsNeverLongerThanItsRequest() {
        byte[] question = question(4, 3).bytes();
        for (int length = 0; length <= 1280; length++) {
            replies.sent.clear();
            answers = new NtpAnswers(clock, _ -> SECONDARY, new SourceLimit(0, 1));
            ask(Arrays.copyOf(question, length));

            boolean whole = length >= 48 && length % 4 == 0;
            assertThat(replies.sent).hasSize(whole ? 1 : 0);
            assertThat(replies.sent).allMatch(reply -> reply.length == 48);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 0x00000001_00000000L})
    void whateverTimeAClientClaimsComesBack(long transmit) {
        ask(new NtpMessage(3, 4, 3, 16, -128, 127, -1, -1, -1, -1, -1, -1, transmit).bytes());

        assertThat(replies.messages()).extracting(NtpMessage::origin).containsExactly(transmit);
    }

    @Test
    void aClockThatNobodyKeepsSaysSo() {
        answers =
                new NtpAnswers(
                        clock,
                        now -> SystemVariables.unsynchronised(-20, now),
                        new SourceLimit(0, 1));
        ask(question(4, 3).bytes());

        NtpMessage reply = replies.messages().getFirst();
        assertThat(reply.leap()).isEqualTo(3);
        assertThat(reply.stratum()).isZero();
        assertThat(reply.origin()).isEqualTo(NONCE);
    }

    @Test
    void theDispersionGrowsWhileNobodyLooks() {
        SystemVariables hourAgo =
                new SystemVariables(
                        0, 2, -24, 0, 2_000_000, 1, 1, nanos(ARRIVED) - 3_600_000_000_000L);
        answers = new NtpAnswers(clock, _ -> hourAgo, new SourceLimit(0, 1));
        ask(question(4, 3).bytes());

        assertThat(replies.messages().getFirst().rootDispersion())
                .isEqualTo(NtpTime.shortTimestamp(2_000_000 + 54_000_000));
    }

    @Test
    void whoAsksTooOftenIsToldOnce() {
        for (int i = 0; i < 50; i++) {
            ask(question(3, 3).bytes());
        }

        assertThat(replies.sent).hasSize(9).allMatch(reply -> reply.length == 48);
        NtpMessage kiss = replies.messages().getLast();
        assertThat(kiss)
                .isEqualTo(
                        new NtpMessage(
                                3,
                                3,
                                4,
                                0,
                                6,
                                0,
                                0,
                                0,
                                NtpMessage.letters("RATE"),
                                0,
                                NONCE,
                                NONCE,
                                NONCE));
        assertThat(answers.counts()).isEqualTo(new NtpAnswers.Counts(8, 42, 0));
    }

    @Test
    void othersAreAnsweredMeanwhile() {
        for (int i = 0; i < 50; i++) {
            ask(question(4, 3).bytes());
        }
        replies.sent.clear();
        ask(question(4, 3).bytes(), new InetSocketAddress("192.0.2.2", 50_000));
        ask(question(4, 3).bytes(), new InetSocketAddress("2001:db8::1", 50_000));

        assertThat(replies.messages()).extracting(NtpMessage::stratum).containsExactly(2, 2);
    }

    @Test
    void whoRestsIsAnsweredAgain() {
        for (int i = 0; i < 50; i++) {
            ask(question(4, 3).bytes());
        }
        replies.sent.clear();
        Instant later = ARRIVED.plus(Duration.ofSeconds(2));
        answers.answer(Datagram.of(question(4, 3).bytes(), CLIENT, later), replies);

        assertThat(replies.messages()).extracting(NtpMessage::stratum).containsExactly(2);
    }
}
