package org.portolan.watch.ntp;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;

/**
 * One server that the clock is compared with: what is asked, what its replies are worth, and how
 * often it may be asked (RFC 5905 §9, §13). Knows no socket; whoever uses it lets one thread at a
 * time do so.
 */
final class Upstream {
    /** What became of a packet. */
    enum Heard {
        /** It answers nothing that was asked: a forgery, an echo, something late. */
        NOTHING,
        /** An answer, with a sample. */
        SAMPLE,
        /** An answer of a server that says it must not be believed, or that cannot be. */
        UNUSABLE,
        /** The server wants to be asked less often, or not at all. */
        KISS
    }

    /** So many questions at the start are asked in quick succession. */
    static final int BURST = 6;

    private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);

    /** RFC 5905 §7.2, MAXPOLL: 36 hours. */
    private static final Duration RAREST = Duration.ofSeconds(1 << 17);

    /** RFC 5905 §7.2, MAXDIST: 1 s; who may be further off is not considered. */
    private static final long MOST_DISTANCE = 1_000_000_000L;

    /** RFC 5905 §7.2, MINDISP: 5 ms; nobody is nearer than that. */
    private static final long LEAST_DELAY = 5_000_000;

    private static final int VERSION = 4;
    private static final int NOT_TOLD = 32; // a precision that tells a stranger nothing

    private final UpstreamName name;
    private final long precision;
    private final Duration quick;
    private final Duration usualPoll;
    private final ClockFilter filter = new ClockFilter();
    private Duration poll;
    private int burst = BURST;
    private int reach;
    private int unanswered;
    private String state = "not asked yet";
    private boolean stopped;
    private long asked;
    private long nonce;
    private int referenceId;
    private NtpMessage last = new NtpMessage(3, 4, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * @param quick the time between the first questions
     * @param poll the time between all others
     * @param precision of this clock, in nanoseconds
     */
    Upstream(UpstreamName name, Duration quick, Duration poll, long precision) {
        this.name = name;
        this.quick = quick;
        this.usualPoll = poll;
        this.poll = poll;
        this.precision = precision;
    }

    UpstreamName name() {
        return name;
    }

    /** The last eight questions, each a bit: the lowest is the last one, and 1 is answered. */
    int reach() {
        return reach;
    }

    Duration poll() {
        return poll;
    }

    int stratum() {
        return last.stratum();
    }

    /** What there is to say besides numbers. */
    String state() {
        return state;
    }

    /** True if the server forbade to be asked again. */
    boolean stopped() {
        return stopped;
    }

    /** True if it has been silent for so long that it may have moved. */
    boolean lost() {
        return reach == 0 && unanswered > 0 && unanswered % 8 == 0;
    }

    /** True if its first questions have all been asked. */
    boolean settled() {
        return burst == 0 || stopped;
    }

    /** How long to wait before the next question. */
    Duration pause() {
        return burst > 0 && burst < BURST ? quick : burst == BURST ? Duration.ZERO : poll;
    }

    /** How long to wait for the answer. */
    Duration patience() {
        return burst > 0 ? quick : poll.compareTo(MOST_PATIENCE) < 0 ? poll : MOST_PATIENCE;
    }

    /**
     * The next question. It tells nothing of this machine: its transmit timestamp is a number that
     * nobody can guess, which the answer has to repeat.
     *
     * @param number to be repeated
     */
    byte[] ask(long number, long now) {
        burst = Math.max(0, burst - 1);
        reach = (reach << 1) & 0xff; // RFC 5905 §13, poll(): as if it will not be answered
        unanswered++;
        nonce = number;
        asked = now;
        int exponent = NtpTime.powerOf(poll.toNanos());
        return new NtpMessage(
                        0,
                        VERSION,
                        NtpMessage.CLIENT,
                        0,
                        exponent,
                        NOT_TOLD,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        number)
                .bytes();
    }

    /** Sets the moment when the question really left. */
    void left(long now) {
        asked = now;
    }

    /** Says why no question could be asked, or no answer came. */
    void failed(String why) {
        state = why;
        if ((reach & 7) == 0) { // RFC 5905 §13, poll(): three silences, and samples fade
            filter.fade();
        }
    }

    /**
     * Looks at what came.
     *
     * @param arrived wall time in nanoseconds
     * @param self this end's address: a server that follows it is no source
     */
    Heard hear(byte[] packet, int length, long arrived, InetAddress server, InetAddress self) {
        Optional<NtpMessage> read = NtpMessage.of(packet, length);
        if (read.isEmpty() || !answers(read.get())) {
            return Heard.NOTHING;
        }
        nonce = 0; // RFC 5905 §8: a second copy of the answer is not one
        NtpMessage message = read.get();
        if (message.stratum() == 0) {
            return kissed(message.referenceId());
        }
        Optional<String> wrong = wrong(message, self);
        if (wrong.isPresent()) {
            failed(wrong.get());
            return Heard.UNUSABLE;
        }
        reach |= 1;
        unanswered = 0;
        state = "";
        last = message;
        referenceId = referenceTo(server);
        filter.add(sample(message, arrived));
        return Heard.SAMPLE;
    }

    private boolean answers(NtpMessage message) {
        return message.mode() == NtpMessage.SERVER
                && message.version() <= VERSION
                && nonce != 0
                && message.origin() == nonce;
    }

    /** RFC 5905 §7.4. */
    private Heard kissed(int code) {
        String letters = letters(code);
        return switch (letters) {
            case "RATE" -> {
                Duration doubled = poll.multipliedBy(2);
                poll = doubled.compareTo(RAREST) > 0 ? RAREST : doubled;
                burst = 0;
                failed("wants to be asked less often");
                yield Heard.KISS;
            }
            case "DENY", "RSTR" -> {
                stopped = true;
                burst = 0;
                reach = 0;
                failed("refuses to be asked (" + letters + ")");
                yield Heard.KISS;
            }
            default -> {
                failed("is not synchronised itself");
                yield Heard.UNUSABLE;
            }
        };
    }

    private static String letters(int code) {
        StringBuilder letters = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            char c = (char) ((code >> shift) & 0xff);
            letters.append(c >= ' ' && c < 0x7f ? c : '.');
        }
        return letters.toString();
    }

    /** RFC 5905 §9.2, packet(): why a header that answers cannot be believed. */
    private Optional<String> wrong(NtpMessage message, InetAddress self) {
        if (message.leap() == NtpMessage.UNSYNCHRONISED
                || message.stratum() >= SystemVariables.STRATA) {
            return Optional.of("is not synchronised itself");
        }
        long distance =
                NtpTime.nanosOfShort(message.rootDelay()) / 2
                        + NtpTime.nanosOfShort(message.rootDispersion());
        if (distance >= ClockFilter.MOST_DISPERSION) {
            return Optional.of("is too far from its own source");
        }
        if (message.receive() == 0
                || message.transmit() == 0
                || NtpTime.between(message.receive(), message.transmit()) < 0
                || NtpTime.between(message.reference(), message.transmit()) < 0) {
            return Optional.of("sends timestamps that cannot be");
        }
        if (message.stratum() > 1 && message.referenceId() == referenceTo(self)) {
            return Optional.of("follows this machine"); // RFC 5905 §11.2.3, fit(): a loop
        }
        return Optional.empty();
    }

    /** RFC 5905 §8: T1 when it left, T2 and T3 the server's, T4 when it arrived. */
    private ClockFilter.Sample sample(NtpMessage message, long arrived) {
        long received = NtpTime.nanos(message.receive(), asked);
        long sent = NtpTime.nanos(message.transmit(), arrived);
        long offset = (received - asked) / 2 + (sent - arrived) / 2;
        long away = arrived - asked;
        long delay = Math.max(away - (sent - received), precision);
        long dispersion =
                NtpTime.nanosOfPower(message.precision()) + precision + NtpTime.drift(away);
        return new ClockFilter.Sample(offset, delay, dispersion, arrived);
    }

    /** RFC 5905 §7.3: an IPv4 address as it is, of an IPv6 address the first octets of its MD5. */
    static int referenceTo(InetAddress server) {
        byte[] address = server.getAddress();
        if (address.length == 4) {
            return NtpMessage.intAt(address, 0);
        }
        try {
            return NtpMessage.intAt(MessageDigest.getInstance("MD5").digest(address), 0);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible); // every Java has it
        }
    }

    // What all samples together say.

    ClockFilter.Estimate estimate(long now) {
        return filter.estimate(now, precision);
    }

    /** Whether there is anything to estimate from. */
    boolean measured() {
        return filter.size() > 0;
    }

    /** Whether its best sample has not been used yet; from now on it has. */
    boolean useBest(long now) {
        return filter.useBest(now);
    }

    /** After the clock was set, what was measured before means nothing. */
    void clockWasSet() {
        filter.clear();
    }

    /** RFC 5905 §11.2, fit() and root_dist(): what it brings to the selection. */
    Optional<Selection.Candidate> candidate(long now) {
        if (reach == 0 || filter.size() == 0) {
            return Optional.empty();
        }
        ClockFilter.Estimate estimate = estimate(now);
        long distance = distance(estimate);
        if (distance >= MOST_DISTANCE + NtpTime.drift(usualPoll.toNanos())) {
            return Optional.empty();
        }
        return Optional.of(
                new Selection.Candidate(
                        name.toString(), estimate.offset(), distance, last.stratum()));
    }

    private long distance(ClockFilter.Estimate estimate) {
        return Math.max(LEAST_DELAY, rootDelay(estimate)) / 2
                + NtpTime.nanosOfShort(last.rootDispersion())
                + estimate.dispersion()
                + estimate.jitter();
    }

    private long rootDelay(ClockFilter.Estimate estimate) {
        return NtpTime.nanosOfShort(last.rootDelay()) + estimate.delay();
    }

    /**
     * RFC 5905 §11.2.3, clock_update(): what a clock that follows this server may say of itself.
     *
     * @param offset of all that agree, which this clock is off
     */
    Following following(long offset, long now) {
        ClockFilter.Estimate estimate = estimate(now);
        long dispersion =
                NtpTime.nanosOfShort(last.rootDispersion())
                        + estimate.dispersion()
                        + estimate.jitter()
                        + Math.abs(offset);
        return new Following(
                name.toString(),
                last.leap(),
                last.stratum(),
                rootDelay(estimate),
                dispersion,
                referenceId,
                offset,
                now);
    }
}
