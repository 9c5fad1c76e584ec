package org.portolan.mail.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Door;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.kernel.Trust;
import org.portolan.mail.Names;
import org.portolan.mail.Signing;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.mail.Mail;

/** Mail on its way out: a service without doors, which calls others. */
public final class QueueService implements Service {
    /** RFC 5321 §4.5.3.1.5 has 512; what a greeting or a policy says is often longer. */
    private static final int LINE_BYTES = 4096;

    private final Supplier<Departures> making;
    private @Nullable Departures departures; // once it has begun
    private final Optional<Path> authorities;
    private @Nullable Trust trust; // guarded by this

    /**
     * @param site the name to greet others with
     * @param signing of the reports that leave
     * @param ours whether an address is one at which this site takes mail itself
     */
    public QueueService(
            String site,
            QueueSettings settings,
            Lifetime lifetime,
            Mail mail,
            Accounts accounts,
            Events events,
            Names names,
            Signing signing,
            Predicate<InetAddress> ours,
            Ports ports,
            Clock clock) {
        this.authorities = settings.authorities();
        this.making =
                () ->
                        new Departures(
                                mail.queue(),
                                new Settlement(
                                        mail,
                                        new Reports(site, mail, accounts, lifetime, signing),
                                        events,
                                        settings.schedule(),
                                        lifetime),
                                new Hosts(site, settings.routes(), names, ours),
                                new Opening(site, settings, ports, this, this::trust),
                                ports,
                                clock,
                                settings);
    }

    private synchronized Trust trust() throws IOException {
        @Nullable Trust known = trust;
        if (known != null) {
            return known;
        }
        Trust read =
                authorities.isPresent()
                        ? Trust.authorities(authorities.get())
                        : Trust.publicAuthorities();
        Trust lenient = read.opportunistic();
        trust = lenient;
        return lenient;
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public List<Door> doors() {
        return List.of();
    }

    /** RFC 5321 §4.5.3.2.5: three minutes for a block of data. */
    @Override
    public Limits limits() {
        Limits usual = Limits.USUAL.withLineBytes(LINE_BYTES).withSession(Duration.ofHours(4));
        return new Limits(
                usual.lineBytes(),
                usual.refusals(),
                usual.idle(),
                usual.command(),
                usual.session(),
                Duration.ofMinutes(3),
                usual.handshake());
    }

    @Override
    public synchronized void begin() {
        Departures made = making.get();
        departures = made;
        made.begin();
    }

    @Override
    public synchronized void end() {
        if (departures != null) {
            departures.end();
        }
    }
}
