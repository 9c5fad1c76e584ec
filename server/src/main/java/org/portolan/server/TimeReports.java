package org.portolan.server;

import java.time.Duration;
import java.util.Locale;
import org.portolan.admin.TimeReport;
import org.portolan.kernel.posix.HostClock;
import org.portolan.watch.ntp.TimeStatus;

/** What the time's service knows, as the administrator's verbs want it. */
final class TimeReports {
    private TimeReports() {}

    static TimeReport of(TimeStatus status) {
        HostClock.State host = status.host();
        TimeStatus.Says says = status.says();
        return new TimeReport(
                new TimeReport.Host(
                        host.readable(),
                        host.synchronised(),
                        Duration.ofNanos(host.offset()),
                        host.frequency(),
                        Duration.ofNanos(host.maxError()),
                        switch (host.leap()) {
                            case USUAL -> leap(0);
                            case INSERT -> leap(1);
                            case DELETE -> leap(2);
                        }),
                new TimeReport.Replies(
                        says.synchronised(),
                        says.stratum(),
                        says.reference(),
                        Duration.ofNanos(says.rootDelay()),
                        Duration.ofNanos(says.rootDispersion()),
                        says.precision(),
                        leap(says.leap())),
                status.steering(),
                status.upstreams().stream().map(TimeReports::of).toList(),
                status.answered(),
                status.limited(),
                status.ignored());
    }

    private static String leap(int indicator) {
        return switch (indicator) {
            case 1 -> "a leap second comes";
            case 2 -> "a second will be left out";
            default -> "";
        };
    }

    private static TimeReport.Upstream of(TimeStatus.Upstream upstream) {
        return new TimeReport.Upstream(
                upstream.name(),
                upstream.role().name().toLowerCase(Locale.ROOT),
                upstream.stratum(),
                upstream.reach(),
                upstream.poll(),
                upstream.measured(),
                Duration.ofNanos(upstream.offset()),
                Duration.ofNanos(upstream.delay()),
                Duration.ofNanos(upstream.jitter()),
                upstream.remark());
    }
}
