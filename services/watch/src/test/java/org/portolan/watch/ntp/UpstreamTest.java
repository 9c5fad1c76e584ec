package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.watch.ntp.Upstream.Heard;

class UpstreamTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;
    private static final long NONCE = 0x5555_aaaa_1234_5677L;
    private static final int RATE = NtpMessage.letters("RATE");

    private final Upstream upstream =
            new Upstream(
                    UpstreamName.of("192.0.2.1"),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(64),
                    100);
    private InetAddress server;
    private InetAddress self;

    @BeforeEach
    void addresses() throws Exception {
        server = InetAddress.getByName("192.0.2.1");
        self = InetAddress.getByName("192.0.2.99");
    }

    /** A server that is ahead by so much, whose packets take so long each way. */
    private static NtpMessage reply(long ahead, long oneWay) {
        long there = NtpTime.timestamp(NOW + oneWay + ahead);
        return new NtpMessage(
                0,
                4,
                4,
                2,
                6,
                -20,
                NtpTime.shortTimestamp(10 * MILLI),
                NtpTime.shortTimestamp(3 * MILLI),
                0x0a000001,
                there - (64L << 32),
                NONCE,
                there,
                there + 1000);
    }

    private Heard hear(NtpMessage message, long arrived) {
        byte[] bytes = message.bytes();
        return upstream.hear(bytes, bytes.length, arrived, server, self);
    }

    private Heard askAndHear(NtpMessage message) {
        upstream.ask(NONCE, NOW);
        return hear(message, NOW + 20 * MILLI);
    }

    private static NtpMessage with(
            NtpMessage m, int leap, int stratum, int reference, long origin) {
        return new NtpMessage(
                leap,
                m.version(),
                m.mode(),
                stratum,
                m.poll(),
                m.precision(),
                m.rootDelay(),
                m.rootDispersion(),
                reference,
                m.reference(),
                origin,
                m.receive(),
                m.transmit());
    }

    @Test
    void aQuestionTellsNothingButANumber() {
        NtpMessage asked = NtpMessage.of(upstream.ask(NONCE, NOW), 48).orElseThrow();

        assertThat(asked).isEqualTo(new NtpMessage(0, 4, 3, 0, 6, 32, 0, 0, 0, 0, 0, 0, NONCE));
    }

    @Test
    void offsetAndDelayAreThoseOfTheRfc() {
        assertThat(askAndHear(reply(250 * MILLI, 10 * MILLI))).isEqualTo(Heard.SAMPLE);

        ClockFilter.Estimate estimate = upstream.estimate(NOW + SECOND);
        assertThat(estimate.offset()).isBetween(250 * MILLI - 300, 250 * MILLI + 300);
        assertThat(estimate.delay()).isBetween(20 * MILLI - 600, 20 * MILLI + 600);
        assertThat(upstream.reach()).isEqualTo(1);
    }

    @Test
    void aServerWithoutDelayIsNoNearerThanTheClockIsFine() {
        upstream.ask(NONCE, NOW);
        hear(reply(0, 0), NOW);

        assertThat(upstream.estimate(NOW).delay()).isEqualTo(100);
    }

    @Test
    void onlyTheAnswerToTheLastQuestionCounts() {
        NtpMessage answer = reply(0, 10 * MILLI);
        assertThat(hear(answer, NOW)).isEqualTo(Heard.NOTHING); // nothing was asked
        upstream.ask(NONCE, NOW);
        assertThat(hear(with(answer, 0, 2, 1, NONCE + 1), NOW)).isEqualTo(Heard.NOTHING);
        assertThat(hear(with(answer, 0, 2, 1, 0), NOW)).isEqualTo(Heard.NOTHING);
        byte[] short47 = answer.bytes();
        assertThat(upstream.hear(short47, 47, NOW, server, self)).isEqualTo(Heard.NOTHING);
        byte[] client = answer.bytes();
        client[0] = 0x23;
        assertThat(upstream.hear(client, 48, NOW, server, self)).isEqualTo(Heard.NOTHING);
        assertThat(upstream.measured()).isFalse();

        assertThat(hear(answer, NOW + 20 * MILLI)).isEqualTo(Heard.SAMPLE);
        assertThat(hear(answer, NOW + 21 * MILLI)).isEqualTo(Heard.NOTHING); // a replay
    }

    @ParameterizedTest
    @CsvSource({
        "3,  2, 1,          is not synchronised itself",
        "0, 16, 1,          is not synchronised itself",
        "0, 99, 1,          is not synchronised itself",
        "0,  2, 0xc0000263, follows this machine"
    })
    void aServerThatCannotBeBelievedIsNot(int leap, int stratum, String reference, String why) {
        NtpMessage answer = reply(0, 10 * MILLI);
        int id = Long.decode(reference).intValue();

        assertThat(askAndHear(with(answer, leap, stratum, id, NONCE))).isEqualTo(Heard.UNUSABLE);
        assertThat(upstream.state()).isEqualTo(why);
        assertThat(upstream.reach()).isZero();
        assertThat(upstream.candidate(NOW)).isEmpty();
    }

    @Test
    void timestampsThatCannotBeAreNotUsed() {
        NtpMessage m = reply(0, 10 * MILLI);
        for (long[] times :
                new long[][] {
                    {m.reference(), 0, m.transmit()},
                    {m.reference(), m.receive(), 0},
                    {m.reference(), m.transmit(), m.receive()},
                    {m.transmit() + (1L << 32), m.receive(), m.transmit()}
                }) {
            NtpMessage odd =
                    new NtpMessage(
                            0, 4, 4, 2, 6, -20, 0, 0, 1, times[0], NONCE, times[1], times[2]);
            assertThat(askAndHear(odd)).isEqualTo(Heard.UNUSABLE);
        }
    }

    @Test
    void whoIsTooFarFromItsSourceIsNotUsed() {
        NtpMessage far =
                new NtpMessage(
                        0,
                        4,
                        4,
                        2,
                        6,
                        -20,
                        -1,
                        -1,
                        1,
                        0,
                        NONCE,
                        NtpTime.timestamp(NOW),
                        NtpTime.timestamp(NOW));
        assertThat(askAndHear(far)).isEqualTo(Heard.UNUSABLE);
    }

    @Test
    void itBecomesACandidateAfterEnoughSamples() {
        for (int i = 1; i <= Upstream.BURST; i++) {
            assertThat(upstream.candidate(NOW).isPresent()).isEqualTo(i > 4);
            askAndHear(reply(7 * MILLI, 10 * MILLI));
        }
        Selection.Candidate candidate = upstream.candidate(NOW + SECOND).orElseThrow();
        assertThat(candidate.stratum()).isEqualTo(2);
        // (10 + 20) / 2 of delay, 3 of dispersion, 187.5 of samples that are missing
        assertThat(candidate.distance()).isBetween(205 * MILLI, 207 * MILLI);

        Following following = upstream.following(7 * MILLI, NOW + SECOND);
        assertThat(following.stratum()).isEqualTo(2);
        assertThat(following.referenceId()).isEqualTo(0xc0000201);
        assertThat(following.rootDelay()).isBetween(29 * MILLI, 31 * MILLI);
        assertThat(following.rootDispersion()).isBetween(197 * MILLI, 199 * MILLI);
    }

    @Test
    void theFirstQuestionsComeQuicklyAndThenAtThePace() {
        assertThat(upstream.pause()).isZero();
        for (int i = 0; i < Upstream.BURST; i++) {
            assertThat(upstream.settled()).isFalse();
            upstream.ask(NONCE, NOW);
        }
        assertThat(upstream.settled()).isTrue();
        assertThat(upstream.pause()).isEqualTo(Duration.ofSeconds(64));
    }

    @Test
    void eightSilencesEmptyTheRegister() {
        askAndHear(reply(0, MILLI));
        for (int i = 0; i < 8; i++) {
            assertThat(upstream.lost()).isFalse();
            upstream.ask(NONCE, NOW);
            upstream.failed("does not answer");
        }
        assertThat(upstream.reach()).isZero();
        assertThat(upstream.lost()).isTrue();
        assertThat(upstream.measured()).isFalse();
    }

    @Test
    void rateDoublesThePollEachTime() {
        NtpMessage answer = with(reply(0, MILLI), 3, 0, RATE, NONCE);
        assertThat(askAndHear(answer)).isEqualTo(Heard.KISS);
        assertThat(upstream.pause()).isEqualTo(Duration.ofSeconds(128));
        askAndHear(answer);
        assertThat(upstream.poll()).isEqualTo(Duration.ofSeconds(256));
        for (int i = 0; i < 50; i++) {
            askAndHear(answer);
        }
        assertThat(upstream.poll()).isEqualTo(Duration.ofSeconds(131_072));
        assertThat(upstream.stopped()).isFalse();
    }

    @Test
    void aForgedKissIsNothing() {
        upstream.ask(NONCE, NOW);

        assertThat(hear(with(reply(0, MILLI), 3, 0, RATE, 77), NOW)).isEqualTo(Heard.NOTHING);
        assertThat(upstream.poll()).isEqualTo(Duration.ofSeconds(64));
    }

    @ParameterizedTest
    @CsvSource({"DENY", "RSTR"})
    void whoForbidsIsNotAskedAgain(String letters) {
        askAndHear(reply(0, MILLI));
        NtpMessage answer = with(reply(0, MILLI), 3, 0, NtpMessage.letters(letters), NONCE);

        assertThat(askAndHear(answer)).isEqualTo(Heard.KISS);
        assertThat(upstream.stopped()).isTrue();
        assertThat(upstream.settled()).isTrue();
        assertThat(upstream.candidate(NOW)).isEmpty();
        assertThat(upstream.state()).contains(letters);
    }

    @Test
    void anIpv6ServerIsReferredToByAHash() throws Exception {
        // as ntpd shows 2001:db8::1
        assertThat(Upstream.referenceTo(InetAddress.getByName("2001:db8::1")))
                .isEqualTo(
                        NtpMessage.intAt(
                                java.security.MessageDigest.getInstance("MD5")
                                        .digest(InetAddress.getByName("2001:db8::1").getAddress()),
                                0));
    }
}
