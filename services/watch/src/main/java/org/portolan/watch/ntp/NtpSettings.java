package org.portolan.watch.ntp;

import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param upstreams the servers that the clock is compared with
 * @param poll how often
 * @param stratum what replies say; 0 if it is to be found out
 * @param localStratum what replies say of a clock that nobody keeps; 0 if they warn of it
 * @param rateLimit requests a second of one source; 0 for no limit
 * @param rateBurst requests of one source that may come at once
 * @param driftAlarm how far off the clock may be before an event says so
 * @param steer whether the host's clock is corrected
 * @param step whether it may be set, and not only corrected, at any time
 */
public record NtpSettings(
        List<UpstreamName> upstreams,
        Duration poll,
        int stratum,
        int localStratum,
        int rateLimit,
        int rateBurst,
        Duration driftAlarm,
        boolean steer,
        boolean step) {
    private static final Duration OFTENEST = Duration.ofSeconds(16);
    private static final Duration RAREST = Duration.ofSeconds(1024);

    /** Reads them, with their sentences and defaults. */
    public static NtpSettings read(Section in) {
        NtpSettings read =
                new NtpSettings(
                        in.list(
                                "upstreams",
                                List.of(),
                                "The NTP servers that the host's clock is compared with.",
                                UpstreamName::of),
                        in.duration("poll", "64 s", "How often each is asked: 16 s to 1024 s."),
                        in.number(
                                "stratum",
                                0,
                                0,
                                15,
                                "What replies say; 0: one more than the upstream's, or 5 if a"
                                        + " stranger keeps the clock."),
                        in.number(
                                "local_stratum",
                                0,
                                0,
                                15,
                                "What replies say of a clock that nobody keeps; 0: that it must"
                                        + " not be believed."),
                        in.number(
                                "rate_limit",
                                16,
                                0,
                                1000,
                                "Requests a second of one address or IPv6 /64 that are answered;"
                                        + " 0 for all."),
                        in.number(
                                "rate_burst",
                                64,
                                1,
                                10_000,
                                "How many of one address may come at once."),
                        in.duration(
                                "drift_alarm",
                                "128 ms",
                                "An event says when the clock is off by more."),
                        in.flag(
                                "steer",
                                false,
                                "Corrects the host's clock; only where nobody else does, and with"
                                        + " CAP_SYS_TIME."),
                        in.flag(
                                "step",
                                false,
                                "Sets a clock that is off by more than 0.5 s at any time, not"
                                        + " only at the start."));
        read.check(in);
        return read;
    }

    private void check(Section in) {
        if (poll.compareTo(OFTENEST) < 0 || poll.compareTo(RAREST) > 0) {
            in.problem("poll", "from \"16 s\" to \"1024 s\", please");
        }
        if (driftAlarm.isZero()) {
            in.problem("drift_alarm", "a clock is always off by something");
        }
        if (steer && upstreams.isEmpty()) {
            in.problem("steer", "there are no upstreams to follow");
        }
    }
}
