package org.portolan.watch.ntp;

import java.util.concurrent.atomic.LongAdder;
import org.portolan.kernel.Answers;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;

/**
 * A client's request gets the time; everything else gets nothing (RFC 5905 §9, §14). Nothing is
 * kept of a client, and a reply is never longer than a request, so who forges an address gains
 * nothing.
 */
final class NtpAnswers implements Answers {
    /** How often each kind of thing came, since the start. */
    record Counts(long answered, long limited, long ignored) {}

    private static final int OLDEST = 1;
    private static final int NEWEST = 4;
    private static final int NTP_PORT = 123;
    private static final int RATE = NtpMessage.letters("RATE");

    /** RFC 5905 §7.4: what a client that hears RATE should not go below; 2^6 s is a minute. */
    private static final int CALMER_POLL = 6;

    private final Clock clock;
    private final SystemProcess system;
    private final SourceLimit limit;
    private final LongAdder answered = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder ignored = new LongAdder();

    NtpAnswers(Clock clock, SystemProcess system, SourceLimit limit) {
        this.clock = clock;
        this.system = system;
        this.limit = limit;
    }

    Counts counts() {
        return new Counts(answered.sum(), limited.sum(), ignored.sum());
    }

    @Override
    public void answer(Datagram request, Outbox replies) {
        byte[] asked = request.bytes();
        // RFC 7822 §7.5: fields and codes that follow are a multiple of four bytes, as the header
        if (request.length() < NtpMessage.LENGTH
                || request.length() % 4 != 0
                || !asksForTime(asked, request.port())) {
            ignored.increment();
            return;
        }
        switch (limit.judge(request.address(), request.arrived())) {
            case ANSWER -> {
                answered.increment();
                tellTime(request, replies.room());
                replies.reply(NtpMessage.LENGTH);
            }
            case KISS -> {
                limited.increment();
                tellRate(asked, replies.room());
                replies.reply(NtpMessage.LENGTH);
            }
            case DROP -> limited.increment();
        }
    }

    /** Replies are of another mode, so they are never answered: two servers cannot make a loop. */
    private static boolean asksForTime(byte[] asked, int port) {
        int version = NtpMessage.version(asked);
        int mode = NtpMessage.mode(asked);
        // RFC 1059 has no modes: a client is who asks from another port than the servers' own
        boolean first = version == OLDEST && mode == 0 && port != NTP_PORT;
        return (first || mode == NtpMessage.CLIENT) && version >= OLDEST && version <= NEWEST;
    }

    /** RFC 5905 §9.2, figure 26: the reply of a server that keeps no state. */
    private void tellTime(Datagram request, byte[] reply) {
        byte[] asked = request.bytes();
        SystemVariables is = system.at(request.arrived());
        reply[0] = NtpMessage.first(is.leap(), NtpMessage.version(asked), NtpMessage.SERVER);
        reply[NtpMessage.STRATUM] = (byte) is.stratum();
        reply[NtpMessage.POLL] = asked[NtpMessage.POLL];
        reply[NtpMessage.PRECISION] = (byte) is.precision();
        NtpMessage.putInt(reply, NtpMessage.ROOT_DELAY, NtpTime.shortTimestamp(is.rootDelay()));
        NtpMessage.putInt(
                reply,
                NtpMessage.ROOT_DISPERSION,
                NtpTime.shortTimestamp(is.rootDispersion(request.arrived())));
        NtpMessage.putInt(reply, NtpMessage.REFERENCE_ID, is.referenceId());
        NtpMessage.putLong(reply, NtpMessage.REFERENCE, is.reference());
        // whatever it is, zero or far away: it is the client's, who compares it
        long origin = NtpMessage.longAt(asked, NtpMessage.TRANSMIT);
        NtpMessage.putLong(reply, NtpMessage.ORIGIN, origin);
        long arrived = NtpTime.timestamp(request.arrived());
        NtpMessage.putLong(reply, NtpMessage.RECEIVE, arrived);
        // last of all, so that little of our own work comes after it
        NtpMessage.putLong(reply, NtpMessage.TRANSMIT, NtpTime.timestamp(clock.wallNanos()));
    }

    /** RFC 5905 §7.4: ask less often. It carries the client's own time back, and no other. */
    private static void tellRate(byte[] asked, byte[] reply) {
        reply[0] =
                NtpMessage.first(
                        NtpMessage.UNSYNCHRONISED, NtpMessage.version(asked), NtpMessage.SERVER);
        reply[NtpMessage.STRATUM] = 0;
        reply[NtpMessage.POLL] = (byte) Math.max(asked[NtpMessage.POLL], CALMER_POLL);
        reply[NtpMessage.PRECISION] = 0;
        NtpMessage.putInt(reply, NtpMessage.ROOT_DELAY, 0);
        NtpMessage.putInt(reply, NtpMessage.ROOT_DISPERSION, 0);
        NtpMessage.putInt(reply, NtpMessage.REFERENCE_ID, RATE);
        NtpMessage.putLong(reply, NtpMessage.REFERENCE, 0);
        long origin = NtpMessage.longAt(asked, NtpMessage.TRANSMIT);
        NtpMessage.putLong(reply, NtpMessage.ORIGIN, origin);
        NtpMessage.putLong(reply, NtpMessage.RECEIVE, origin);
        NtpMessage.putLong(reply, NtpMessage.TRANSMIT, origin);
    }
}
