package org.portolan.kernel;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Door.PortDoor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the doors of services and holds everything that their conversations share. */
public final class Kernel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);

    static {
        Carriers.keepOneToSpare();
    }

    private volatile KernelSettings settings;
    private final Clock clock;
    private volatile Admission admission;
    private final Certificates certificates;
    private final Sockets sockets;
    private final Metrics metrics;
    private final Watchdog watchdog;
    private final FileSender files;
    private final PacketPool packets = new PacketPool();
    private final Map<String, Attendants> attendants = new ConcurrentHashMap<>(); // by service
    private final Doors doors = new Doors(this); // guarded by this
    private List<Service> served = List.of(); // guarded by this
    private final AtomicLong nextConversation = new AtomicLong();
    private final String run; // tells this run's conversations from those of earlier ones
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopping;
    private @Nullable TlsEngines tls;
    private @Nullable Switchboard switchboard; // guarded by this

    public Kernel(
            KernelSettings settings, Clock clock, Admission admission, Certificates certificates)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.admission = admission;
        this.certificates = certificates;
        this.sockets = new Sockets(settings);
        this.metrics = new Metrics(sockets);
        this.files = new FileSender();
        this.watchdog = new Watchdog(clock, sockets::watched);
        this.run = Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX);
    }

    /**
     * A door on one address, open or not.
     *
     * @param at where it is, with the port in use
     * @param problem why it is not open; empty when it is
     */
    public record Opened(
            Service service, PortDoor door, InetSocketAddress at, Optional<String> problem) {}

    /** Takes new settings for what opens and who comes in from now on. */
    public void configure(KernelSettings changed, Admission judge) {
        settings = changed;
        admission = judge;
        sockets.configure(changed);
    }

    /**
     * Opens every door of {@code services} that is not open yet, lets the ones that are open answer
     * for {@code services}, and closes all others. A port that is taken does not keep the rest
     * shut.
     */
    public synchronized List<Opened> open(List<? extends Service> services) throws IOException {
        if (stopping) {
            throw new IOException("the server is stopping");
        }
        List<Opened> opened = doors.open(services);
        beginAndEnd(List.copyOf(services));
        return opened;
    }

    /** Those that are new begin before the old ones end, so that they can take over. */
    private void beginAndEnd(List<Service> services) {
        List<Service> before = served;
        served = services;
        services.stream().filter(service -> !before.contains(service)).forEach(Service::begin);
        before.stream().filter(service -> !services.contains(service)).forEach(Service::end);
    }

    /** Dials and listens on behalf of conversations. */
    public Ports ports() {
        return new SecondSockets(this);
    }

    /** The live table. */
    public Sockets sockets() {
        return sockets;
    }

    public Metrics metrics() {
        return metrics;
    }

    public Clock clock() {
        return clock;
    }

    KernelSettings settings() {
        return settings;
    }

    Admission admission() {
        return admission;
    }

    FileSender files() {
        return files;
    }

    PacketPool packets() {
        return packets;
    }

    /** Made with the first dialogue: most sites have none. */
    synchronized Switchboard switchboard() throws IOException {
        if (stopping) {
            throw new Hangup(Hangup.Reason.STOPPING);
        }
        Switchboard made = switchboard;
        if (made == null) {
            made = new Switchboard();
            switchboard = made;
        }
        return made;
    }

    /** Made with the first handshake: loading the JDK's TLS takes longer than opening all ports. */
    synchronized TlsEngines tls() {
        TlsEngines made = tls;
        if (made == null) {
            made = new TlsEngines(certificates);
            tls = made;
        }
        return made;
    }

    /** Does {@code work} beside everything else, once. */
    public void inBackground(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
    }

    /** The same, in such a thread as conversations of {@code service} have. */
    void inBackground(Service service, String name, Runnable work) {
        if (service.wantsAttendants()) {
            attended(service.name(), name, work);
        } else {
            inBackground(name, work);
        }
    }

    /** Does {@code work} once, in an attendant's thread if one is free. */
    void attended(String name, Runnable work) {
        attended("any", name, work);
    }

    /** Each service has its own: who is silent at one must not be in the way at another. */
    private void attended(String whose, String name, Runnable work) {
        if (!attendants.computeIfAbsent(whose, Attendants::new).start(name, work)) {
            inBackground(name, work);
        }
    }

    /**
     * Does {@code work} again and again, with {@code pause} before each time, until it is closed.
     */
    public void every(Duration pause, String name, Runnable work) {
        whileWanted(
                pause,
                name,
                () -> {
                    work.run();
                    return true;
                });
    }

    /** The same, as long as {@code work} says that it is wanted. */
    void whileWanted(Duration pause, String name, BooleanSupplier work) {
        inBackground(
                name,
                () -> {
                    boolean wanted = true;
                    while (wanted && !stopsWithin(pause)) {
                        try {
                            wanted = work.getAsBoolean();
                        } catch (RuntimeException e) { // the next time it may go well
                            LOG.error("{} failed", name, e);
                        }
                    }
                });
    }

    private boolean stopsWithin(Duration pause) {
        try {
            return stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Loads TLS while nobody waits for it. */
    public void warmUp() {
        inBackground("tls-warm-up", () -> tls().serverEngine("warm-up"));
    }

    Logger loggerOf(Service service) {
        return LoggerFactory.getLogger("portolan." + service.name());
    }

    /** Whether what is said to {@code service} is kept. */
    boolean traces(Service service) {
        return settings.traces().isPresent() && settings.traced().contains(service.name());
    }

    @Nullable Trace traceOf(Connection connection) {
        if (!traces(connection.service())) {
            return null;
        }
        String title =
                "%s, port %d, with %s at %s"
                        .formatted(
                                connection.service().name(),
                                connection.port().number(),
                                connection.peer(),
                                connection.since());
        return trace(connection.id(), title);
    }

    /** A trace of the datagrams that one receiver takes in from now on. */
    @Nullable Trace traceOf(Service service, Port port) {
        String title =
                "%s, port %d/udp, from %s on"
                        .formatted(service.name(), port.number(), clock.instant());
        return trace(newConversation(service), title);
    }

    private @Nullable Trace trace(String id, String title) {
        try {
            return new Trace(settings.traces().orElseThrow(), id, title);
        } catch (IOException e) { // a full disk must not keep anybody from being served
            LOG.warn("no trace of {}", id, e);
            return null;
        }
    }

    String newConversation(Service service) {
        return service.name() + "-" + run + "-" + nextConversation.incrementAndGet();
    }

    /** Gives an accepted or dialled channel its options. */
    static void prepare(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // we send whole replies
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    static ServerSocketChannel bind(SocketAddress where) throws IOException {
        if (where instanceof InetSocketAddress at && at.isUnresolved()) {
            throw new UnknownHostException(at.getHostString());
        }
        ServerSocketChannel channel;
        try {
            channel = ServerSocketChannel.open(familyOf(where));
        } catch (UnsupportedOperationException e) {
            throw new IOException("this machine has no IPv6", e);
        }
        try {
            return channel.bind(where, 1024);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Java would listen on {@code ::} for {@code 0.0.0.0}: all of IPv6, which nobody asked for. */
    private static ProtocolFamily familyOf(SocketAddress where) {
        return switch (where) {
            case UnixDomainSocketAddress path -> StandardProtocolFamily.UNIX;
            case InetSocketAddress at when at.getAddress() instanceof Inet4Address ->
                    StandardProtocolFamily.INET;
            default -> StandardProtocolFamily.INET6;
        };
    }

    boolean stopping() {
        return stopping;
    }

    /**
     * Closes the doors, lets every conversation finish the command it is in, says the farewells,
     * and after {@link KernelSettings#drain} cuts off who is still there.
     */
    @Override
    public void close() {
        stopping = true;
        stopped.countDown();
        synchronized (this) {
            doors.close();
            beginAndEnd(List.of());
        }
        for (Connection connection : sockets.snapshot()) {
            connection.socket().stop();
        }
        List.copyOf(sockets.lines()).forEach(DatagramLine::close);
        waitUntilEmpty(settings.drain());
        for (Connection connection : sockets.snapshot()) {
            connection.socket().reset();
        }
        waitUntilEmpty(Duration.ofSeconds(1));
        watchdog.close();
        attendants.values().forEach(Attendants::close);
        try {
            files.close();
            closeSwitchboard();
        } catch (IOException e) {
            LOG.warn("a selector did not close", e);
        }
    }

    private synchronized void closeSwitchboard() throws IOException {
        if (switchboard != null) {
            switchboard.close();
        }
    }

    private void waitUntilEmpty(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (sockets) {
            while (!sockets.open().isEmpty() && System.nanoTime() < end) {
                try {
                    sockets.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Tells a stop that waits that one conversation fewer is left. */
    void ended() {
        if (stopping) {
            synchronized (sockets) {
                sockets.notifyAll();
            }
        }
    }
}
