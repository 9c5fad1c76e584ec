package org.portolan.watch.ntp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Ports;
import org.portolan.kernel.posix.HostClock;
import org.portolan.stores.Events;

/**
 * What this machine's clock is worth: from what the system says of it, from what the upstreams say,
 * and from what the administrator knows. It outlives the services that ask it: a reload does not
 * forget what was measured.
 */
public final class Timekeeping implements SystemProcess {
    /** What is said of a clock that somebody keeps who does not say from where. */
    static final int STRATUM_OF_A_STRANGER = 5;

    /**
     * The least dispersion of a clock that was not compared with anything, in ns. systemd-timesyncd
     * tells the system a bound of 0, which is nobody's.
     */
    static final long LEAST_DISPERSION = 10_000_000;

    /** So long an answer is given again, in ns: the system is asked once a second at most. */
    private static final long FRESH = 1_000_000_000L;

    /** As ntpd and chronyd do, so that the first judgement comes after ten seconds. */
    private static final Duration BETWEEN_FIRST_QUESTIONS = Duration.ofSeconds(2);

    private final HostClock host;
    private final Clock clock;
    private final Ports ports;
    private final Events events;
    private volatile int precision;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable SystemVariables latest;
    private volatile @Nullable Serving serving;

    /** Who asks now, and how. */
    private record Serving(NtpService service, NtpSettings settings, Monitor monitor) {}

    public Timekeeping(HostClock host, Clock clock, Ports ports, Events events) {
        this.host = host;
        this.clock = clock;
        this.ports = ports;
        this.events = events;
        this.precision = precision(clock);
    }

    /** Serves {@code service} from now on; with the same settings what was measured stays. */
    synchronized void begin(NtpService service, NtpSettings settings) {
        Serving before = serving;
        if (before != null && before.settings.equals(settings)) {
            serving = new Serving(service, settings, before.monitor);
            return;
        }
        Optional<Discipline> discipline =
                settings.steer()
                        ? Optional.of(new Discipline(host, clock, settings.step()))
                        : Optional.empty();
        Monitor monitor =
                new Monitor(
                        service,
                        settings,
                        clock,
                        ports,
                        events,
                        discipline,
                        BETWEEN_FIRST_QUESTIONS,
                        NtpTime.nanosOfPower(precision));
        if (before != null) {
            before.monitor.end();
        }
        serving = new Serving(service, settings, monitor);
        monitor.begin();
        latest = null;
    }

    /** Ends what {@code service} began, unless another has taken over. */
    synchronized void end(NtpService service) {
        Serving now = serving;
        if (now != null && now.service == service) {
            now.monitor.end();
            serving = null;
        }
    }

    @Override
    public SystemVariables at(long now) {
        SystemVariables known = latest;
        if (known != null && Math.abs(now - known.at()) < FRESH) {
            return known;
        }
        // one of those who ask looks; the others go on with what there is, if there is anything
        if (known != null && !looking.compareAndSet(false, true)) {
            return known;
        }
        try {
            SystemVariables seen = look(now);
            latest = seen;
            return seen;
        } finally {
            looking.set(false);
        }
    }

    /** The manual page of the package says why it is as it is. */
    private SystemVariables look(long now) {
        Serving current = serving;
        precision = Math.min(precision, precision(clock)); // a program that is warm reads faster
        HostClock.State state = host.read();
        if (current == null) {
            return SystemVariables.unsynchronised(precision, now);
        }
        NtpSettings settings = current.settings;
        if (!state.synchronised()) {
            return settings.localStratum() == 0
                    ? SystemVariables.unsynchronised(precision, now)
                    : alone(settings.localStratum(), LEAST_DISPERSION, 0, now);
        }
        Optional<Following> following = current.monitor.following();
        int leap = leap(state, following);
        if (following.isEmpty()) {
            int stratum = settings.stratum() == 0 ? STRATUM_OF_A_STRANGER : settings.stratum();
            return alone(stratum, Math.max(LEAST_DISPERSION, state.maxError()), leap, now);
        }
        Following followed = following.get();
        int stratum = settings.stratum() == 0 ? followed.stratum() + 1 : settings.stratum();
        if (stratum >= SystemVariables.STRATA) {
            return SystemVariables.unsynchronised(precision, now);
        }
        return new SystemVariables(
                leap,
                stratum,
                precision,
                followed.rootDelay(),
                followed.rootDispersion() + NtpTime.drift(now - followed.at()),
                followed.referenceId(),
                NtpTime.timestamp(followed.at()),
                now);
    }

    private SystemVariables alone(int stratum, long dispersion, int leap, long now) {
        return new SystemVariables(
                leap,
                stratum,
                precision,
                0,
                dispersion,
                SystemVariables.LOCAL,
                NtpTime.timestamp(now),
                now);
    }

    private static int leap(HostClock.State state, Optional<Following> following) {
        return switch (state.leap()) {
            case INSERT -> 1;
            case DELETE -> 2;
            case USUAL -> following.map(Following::leap).orElse(0);
        };
    }

    /** How it stands, for people; nothing if no time is served. */
    public Optional<TimeStatus> status() {
        Serving current = serving;
        if (current == null) {
            return Optional.empty();
        }
        SystemVariables says = at(clock.wallNanos());
        List<TimeStatus.Upstream> upstreams = new ArrayList<>();
        current.monitor.report(upstreams::add);
        NtpAnswers.Counts counts = current.service.counts();
        return Optional.of(
                new TimeStatus(
                        host.read(),
                        new TimeStatus.Says(
                                says.synchronised(),
                                says.synchronised() ? says.leap() : 0,
                                says.stratum(),
                                says.precision(),
                                reference(says),
                                says.rootDelay(),
                                says.rootDispersion(clock.wallNanos())),
                        upstreams,
                        current.monitor.steering(),
                        counts.answered(),
                        counts.limited(),
                        counts.ignored()));
    }

    private static String reference(SystemVariables says) {
        if (!says.synchronised()) {
            return "none";
        }
        int id = says.referenceId();
        return id == SystemVariables.LOCAL
                ? "the host's clock"
                : "%d.%d.%d.%d".formatted(id >>> 24, (id >> 16) & 255, (id >> 8) & 255, id & 255);
    }

    /** RFC 5905 §7.3: how long it takes to read the clock, or how coarse it is. */
    private static int precision(Clock clock) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long first = clock.wallNanos();
            long passed = clock.wallNanos() - first;
            least = passed > 0 ? Math.min(least, passed) : least;
        }
        return least == Long.MAX_VALUE ? -20 : NtpTime.powerOf(least);
    }
}
