package org.portolan.kernel;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.Reception;
import org.portolan.kernel.Door.StreamDoor;

/** A kernel on free ports of the loopback address, with services of the test's own. */
final class TestSite implements AutoCloseable {
    /** So patient that only the deadline a test is about can end anything. */
    static final Limits PATIENT =
            new Limits(
                    512,
                    1000,
                    Duration.ofDays(1000),
                    Duration.ofDays(1000),
                    Duration.ofDays(10_000),
                    Duration.ofDays(1000),
                    Duration.ofDays(1000));

    final SteppedClock clock = new SteppedClock();
    final TestCertificates certificates = TestCertificates.of("portolan.test");
    final List<Kernel.Opened> opened = new ArrayList<>();
    Kernel kernel;

    private int connections = 10_000;
    private int perPeer = 10_000;
    private int perNetwork = 10_000;
    private int datagramsPerPeer = 1_000_000;
    private Duration drain = Duration.ofSeconds(20);
    private List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
    private Admission admission = Admission.EVERYBODY;
    private Optional<Path> traces = Optional.empty();

    private final List<Service> services = new ArrayList<>();

    /** A service with one datagram door, which answers as it is told. */
    record Answering(String name, Reception reception, Answers answers) implements Service {
        @Override
        public List<Door> doors() {
            return List.of(new DatagramDoor(new Port(7, name), reception, answers, ""));
        }
    }

    static TestSite answering(Answers answers) {
        return new TestSite().with("test", Reception.upTo(512), answers).open();
    }

    TestSite with(String name, Reception reception, Answers answers) {
        services.add(new Answering(name, reception, answers));
        return this;
    }

    /** A service with one door. */
    record Served(String name, Tls tls, Limits limits, Conversation conversation)
            implements Service {
        @Override
        public List<Door> doors() {
            return List.of(new StreamDoor(new Port(7, name), tls, conversation, ""));
        }
    }

    static TestSite serving(Conversation conversation) {
        return new TestSite().with("test", Tls.UPGRADE, PATIENT, conversation).open();
    }

    static TestSite serving(Limits limits, Conversation conversation) {
        return new TestSite().with("test", Tls.UPGRADE, limits, conversation).open();
    }

    static TestSite serving(Tls tls, Conversation conversation) {
        return new TestSite().with("test", tls, PATIENT, conversation).open();
    }

    /** Waits for a condition; looks often, and long enough for a machine that is busy. */
    static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(40));
    }

    TestSite with(String name, Tls tls, Limits limits, Conversation conversation) {
        services.add(new Served(name, tls, limits, conversation));
        return this;
    }

    TestSite with(Service service) {
        services.add(service);
        return this;
    }

    TestSite atMost(int inAll, int ofPeer, int ofNetwork) {
        connections = inAll;
        perPeer = ofPeer;
        perNetwork = ofNetwork;
        return this;
    }

    TestSite draining(Duration atMost) {
        drain = atMost;
        return this;
    }

    TestSite at(InetAddress... where) {
        addresses = List.of(where);
        return this;
    }

    TestSite admitting(Admission who) {
        admission = who;
        return this;
    }

    TestSite tracedIn(Path folder) {
        traces = Optional.of(folder);
        return this;
    }

    /** Lets in, from now on, whom this one admits, as a reload does. */
    void reload(Admission who) {
        kernel.configure(settings(), who);
    }

    private KernelSettings settings() {
        return new KernelSettings(
                addresses,
                KernelSettings.ANY_FREE_PORT,
                connections,
                perPeer,
                perNetwork,
                datagramsPerPeer,
                drain,
                traces,
                traces.isEmpty() ? Set.of() : Set.of("test"));
    }

    TestSite open() {
        try {
            kernel = new Kernel(settings(), clock, admission, certificates);
            opened.addAll(kernel.open(services));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    Service service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    InetSocketAddress door() {
        return opened.getFirst().at();
    }

    InetSocketAddress door(String service) {
        return opened.stream()
                .filter(o -> o.service().name().equals(service))
                .findFirst()
                .orElseThrow()
                .at();
    }

    TestPeer connect() throws IOException {
        return TestPeer.to(door());
    }

    TestPeer connect(String service) throws IOException {
        return TestPeer.to(door(service));
    }

    /** The server's end of the only connection, once it is there. */
    Connection only() {
        await().until(() -> kernel.sockets().open().size() == 1);
        return kernel.sockets().open().iterator().next();
    }

    /** Waits until the only conversation waits for input, with the deadline this long from now. */
    void awaitReadDue(Duration fromNow) {
        long due = clock.nanos() + fromNow.toNanos();
        Connection connection = only();
        await().until(() -> connection.socket().readDue == due);
    }

    /** Waits until nobody is in the table, and proves that nobody is counted either. */
    void awaitEmpty() {
        await().until(() -> kernel.sockets().open().isEmpty());
        await().until(() -> kernel.sockets().counted() == 0);
    }

    /** How often the kernel counted {@code metric} with these label values, in any order. */
    double counted(String metric, String... labelValues) {
        double sum = 0;
        for (MetricSnapshot snapshot : kernel.metrics().registry().scrape()) {
            if (snapshot instanceof CounterSnapshot counter
                    && counter.getMetadata().getName().equals(metric)) {
                sum +=
                        counter.getDataPoints().stream()
                                .filter(point -> has(point.getLabels(), labelValues))
                                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                                .sum();
            }
        }
        return sum;
    }

    private static boolean has(Labels labels, String... values) {
        List<String> all = labels.stream().map(label -> label.getValue()).toList();
        return all.containsAll(List.of(values));
    }

    double hungUp(Hangup.Reason why) {
        return counted("portolan_hangups", why.name().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public void close() {
        kernel.close();
    }
}
