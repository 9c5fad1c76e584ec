package org.portolan.watch.ntp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.kernel.Admission;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Kernel;
import org.portolan.kernel.KernelSettings;
import org.portolan.kernel.posix.HostClock;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.testkit.FrozenClock;

/** A site that serves the time, on a free port of the loopback address. */
final class NtpSite implements AutoCloseable {
    private final Clock clock;
    private final Events events;
    private final Kernel kernel;
    private final Timekeeping timekeeping;
    private List<Kernel.Opened> opened = List.of();

    /** In which no time passes. */
    static NtpSite frozen(Path folder, HostClock host) throws IOException, StoreException {
        return new NtpSite(folder, host, FrozenClock.frozen());
    }

    static NtpSite running(Path folder, HostClock host) throws IOException, StoreException {
        return new NtpSite(folder, host, Clock.SYSTEM);
    }

    private NtpSite(Path folder, HostClock host, Clock clock) throws IOException, StoreException {
        this.clock = clock;
        this.events = new Events(folder, clock);
        this.kernel =
                new Kernel(
                        new KernelSettings(
                                List.of(InetAddress.getByName("127.0.0.1")),
                                KernelSettings.ANY_FREE_PORT,
                                10_000,
                                10_000,
                                10_000,
                                10_000,
                                Duration.ofSeconds(10),
                                Optional.empty(),
                                Set.of()),
                        clock,
                        Admission.EVERYBODY,
                        name -> {
                            throw new IllegalStateException("no TLS here");
                        });
        this.timekeeping = new Timekeeping(host, clock, kernel.ports(), events);
    }

    /** Serves by these settings from now on. */
    NtpSite serve(NtpSettings settings) throws IOException {
        opened = kernel.open(List.of(new NtpService(settings, clock, timekeeping)));
        return this;
    }

    void serveNothing() throws IOException {
        opened = kernel.open(List.of());
    }

    Clock clock() {
        return clock;
    }

    Events events() {
        return events;
    }

    Kernel kernel() {
        return kernel;
    }

    Timekeeping timekeeping() {
        return timekeeping;
    }

    InetSocketAddress door() {
        return opened.getFirst().at();
    }

    @Override
    public void close() {
        kernel.close();
        events.close();
    }
}
