package org.portolan.watch.ntp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.DatagramLine;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.stores.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every upstream again and again, each in a thread of its own and each time from another port
 * (RFC 9109), and says how far the clock is off. Everything that is known changes under one lock;
 * nobody waits for the network within it.
 */
final class Monitor {
    private static final Logger LOG = LoggerFactory.getLogger("portolan.ntp");

    private final Service service;
    private final NtpSettings settings;
    private final Clock clock;
    private final Ports ports;
    private final Events events;
    private final Optional<Discipline> discipline;
    private final List<Upstream> upstreams;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Alarm drift;
    private final Alarm lost;
    private volatile @Nullable Following following;
    private List<String> agreeing = List.of(); // guarded by this
    private boolean toldForbidden; // guarded by this

    /**
     * @param quick the time between the first questions
     * @param precision of the clock, in nanoseconds
     */
    Monitor(
            Service service,
            NtpSettings settings,
            Clock clock,
            Ports ports,
            Events events,
            Optional<Discipline> discipline,
            Duration quick,
            long precision) {
        this.service = service;
        this.settings = settings;
        this.clock = clock;
        this.ports = ports;
        this.events = events;
        this.discipline = discipline;
        this.upstreams =
                settings.upstreams().stream()
                        .map(name -> new Upstream(name, quick, settings.poll(), precision))
                        .toList();
        this.drift = new Alarm(this::note);
        this.lost = new Alarm(this::note);
    }

    private void note(Events.Kind kind, String words) {
        if (kind == Events.Kind.ALARM) {
            LOG.warn(words);
        } else {
            LOG.info(words);
        }
        events.note(kind, service.name(), "", "", "", words);
    }

    /** Whom the clock is compared with at the moment; nothing if nobody can be believed. */
    Optional<Following> following() {
        return Optional.ofNullable(following);
    }

    /** Begins to ask. */
    void begin() {
        for (Upstream upstream : upstreams) {
            ports.inBackground("ntp-" + upstream.name(), () -> askAgainAndAgain(upstream));
        }
    }

    /** Asks no more. */
    void end() {
        ended.countDown();
    }

    private void askAgainAndAgain(Upstream upstream) {
        Optional<InetAddress> address = Optional.empty();
        while (!endsWithin(pause(upstream))) {
            boolean again;
            synchronized (this) {
                again = upstream.lost();
            }
            try {
                if (address.isEmpty() || again) { // it may have moved
                    address = Optional.of(ports.lookUp(upstream.name().host()));
                }
                ask(upstream, new InetSocketAddress(address.get(), upstream.name().port()));
            } catch (Hangup e) {
                change(() -> upstream.failed("nobody listens there"));
            } catch (IOException e) {
                String why = String.valueOf(e.getMessage());
                change(() -> upstream.failed(why));
            }
            synchronized (this) {
                if (upstream.stopped()) {
                    return;
                }
            }
        }
    }

    /** A little more or less each time, so that hosts that started together drift apart. */
    private Duration pause(Upstream upstream) {
        Duration pause;
        synchronized (this) {
            pause = upstream.pause();
        }
        long spread = pause.toNanos() / 16;
        return spread == 0 ? pause : pause.plusNanos(random.nextLong(-spread, spread));
    }

    private boolean endsWithin(Duration pause) {
        try {
            return ended.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void ask(Upstream upstream, InetSocketAddress to) throws IOException {
        byte[] request;
        Duration patience;
        synchronized (this) {
            request = upstream.ask(random.nextLong() | 1, clock.wallNanos());
            patience = upstream.patience();
        }
        try (DatagramLine line = ports.openDatagram(service, to)) {
            long left = clock.wallNanos();
            line.send(request, request.length);
            synchronized (this) {
                upstream.left(left);
            }
            awaitAnswer(upstream, line, clock.nanos() + patience.toNanos());
        }
    }

    /** Passes over what is no answer: forgers must guess the port and 63 bits besides. */
    private void awaitAnswer(Upstream upstream, DatagramLine line, long deadline)
            throws IOException {
        byte[] packet = new byte[1024];
        Upstream.Heard heard = Upstream.Heard.NOTHING;
        while (heard == Upstream.Heard.NOTHING) {
            long wait = deadline - clock.nanos();
            int length = wait <= 0 ? -1 : line.receive(packet, Duration.ofNanos(wait));
            if (length < 0) {
                change(() -> upstream.failed("does not answer"));
                return;
            }
            synchronized (this) {
                heard =
                        upstream.hear(
                                packet,
                                length,
                                line.arrived(),
                                line.peer().address(),
                                line.at().getAddress());
            }
        }
        change(() -> {});
    }

    /** Does {@code what}, and then thinks again whom to believe. */
    private synchronized void change(Runnable what) {
        if (ended.getCount() == 0) {
            return; // a line that is closed at the end is no silence of a server
        }
        what.run();
        long now = clock.wallNanos();
        List<Selection.Candidate> candidates =
                upstreams.stream().flatMap(u -> u.candidate(now).stream()).toList();
        Optional<Selection.Outcome> outcome = Selection.of(candidates);
        agreeing =
                outcome.stream()
                        .flatMap(o -> o.truechimers().stream())
                        .map(Selection.Candidate::name)
                        .toList();
        if (outcome.isPresent()) {
            follow(outcome.get(), now);
        } else {
            following = null;
        }
        watch(
                candidates.isEmpty()
                        ? "no upstream gives the time: nobody checks the clock"
                        : "the upstreams do not agree on the time: nobody checks the clock");
    }

    private void follow(Selection.Outcome outcome, long now) {
        Upstream peer =
                upstreams.stream()
                        .filter(u -> u.name().toString().equals(outcome.peer().name()))
                        .findFirst()
                        .orElseThrow();
        Following next = peer.following(outcome.offset(), now);
        following = next;
        if (discipline.isPresent() && peer.useBest(now)) {
            steer(discipline.get(), peer, next, now);
        }
    }

    private void steer(Discipline steering, Upstream peer, Following next, long now) {
        long error = next.rootDelay() / 2 + next.rootDispersion();
        long jitter = peer.estimate(now).jitter();
        switch (steering.take(next, peer.poll(), error, jitter)) {
            case SLEWED, REFUSED -> {} // what is refused, the alarm below tells
            case STEPPED -> {
                upstreams.forEach(Upstream::clockWasSet);
                note(
                        Events.Kind.CHANGED,
                        "the clock was set by %s".formatted(millis(next.offset())));
                following = null;
            }
            case FORBIDDEN -> {
                if (!toldForbidden) {
                    toldForbidden = true;
                    note(Events.Kind.ALARM, "the clock cannot be steered: " + steering.why());
                }
            }
        }
    }

    /** Says what somebody should look at, once, and that it is over, once. */
    private void watch(String whyLost) {
        if (!upstreams.stream().allMatch(Upstream::settled)) {
            return;
        }
        Following now = following;
        lost.set(now == null, whyLost, "the clock is checked again");
        if (now != null) {
            long off = Math.abs(now.offset());
            long most = settings.driftAlarm().toNanos();
            // half of it ends the alarm, so that a clock at the edge does not ring all day
            drift.set(
                    drift.on() ? off > most / 2 : off > most,
                    "the clock is off by %s, says %s".formatted(millis(now.offset()), now.name()),
                    "the clock is right again, within " + millis(most));
        }
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }

    /** For people: whether the clock is steered, and why not; empty if it need not be. */
    synchronized String steering() {
        return discipline.map(d -> d.why().isEmpty() ? "on" : d.why()).orElse("");
    }

    /** For people: every upstream as it is now. */
    synchronized void report(Consumer<TimeStatus.Upstream> each) {
        long now = clock.wallNanos();
        Following followed = following;
        for (Upstream upstream : upstreams) {
            String name = upstream.name().toString();
            ClockFilter.Estimate estimate = upstream.estimate(now);
            boolean measured = upstream.measured();
            TimeStatus.Role role =
                    followed != null && followed.name().equals(name)
                            ? TimeStatus.Role.FOLLOWED
                            : agreeing.contains(name)
                                    ? TimeStatus.Role.AGREES
                                    : measured
                                            ? TimeStatus.Role.REJECTED
                                            : TimeStatus.Role.UNUSABLE;
            each.accept(
                    new TimeStatus.Upstream(
                            name,
                            role,
                            upstream.stratum(),
                            upstream.reach(),
                            upstream.poll(),
                            measured,
                            estimate.offset(),
                            estimate.delay(),
                            estimate.jitter(),
                            upstream.state()));
        }
    }
}
