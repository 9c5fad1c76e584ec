package org.portolan.kernel;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What the kernel counts, for Prometheus. Each site has a registry of its own. */
public final class Metrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter conversations =
            counter("portolan_conversations", "Conversations begun.", "service", "port");
    private final Counter turnedAway =
            counter("portolan_turned_away", "Peers turned away at the door.", "service", "why");
    private final Counter ended =
            counter("portolan_hangups", "Conversations the kernel ended.", "service", "why");
    private final Counter refusals = counter("portolan_refusals", "Commands refused.", "service");
    private final Counter handshakes =
            counter("portolan_tls_handshakes", "TLS handshakes.", "service", "version");
    private final Counter bytes =
            counter(
                    "portolan_bytes",
                    "Bytes of ended conversations and of datagrams.",
                    "service",
                    "direction");

    private final Counter datagrams =
            counter("portolan_datagrams", "Datagrams.", "service", "port", "direction");
    private final Counter lost =
            counter("portolan_datagrams_lost", "Datagrams dropped.", "service", "port", "why");

    Metrics(Sockets sockets) {
        GaugeWithCallback.builder()
                .name("portolan_open_connections")
                .help("Connections open now.")
                .labelNames("service")
                .callback(report -> sockets.perService().forEach((s, n) -> report.call(n, s)))
                .register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** Where other parts of the site may register what they count. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** How many conversations and datagrams have come to {@code service} since the start. */
    public long visits(String service) {
        return sum(conversations, service, "") + sum(datagrams, service, "in");
    }

    private static long sum(Counter counter, String service, String direction) {
        return counter.collect().getDataPoints().stream()
                .filter(point -> service.equals(point.getLabels().get("service")))
                .filter(
                        point ->
                                direction.isEmpty()
                                        || direction.equals(point.getLabels().get("direction")))
                .mapToLong(point -> (long) point.getValue())
                .sum();
    }

    /** What one receiver of {@code service} counts at {@code port}. */
    DatagramCounts datagrams(Service service, Port port) {
        String number = Integer.toString(port.number());
        return new DatagramCounts(
                direction -> datagrams.labelValues(service.name(), number, direction),
                direction -> bytes.labelValues(service.name(), direction),
                why -> lost.labelValues(service.name(), number, why));
    }

    void begun(Service service, Port port) {
        conversations.labelValues(service.name(), Integer.toString(port.number())).inc();
    }

    void turnedAway(Service service, String why) {
        turnedAway.labelValues(service.name(), why).inc();
    }

    void hungUp(Service service, Hangup.Reason reason) {
        ended.labelValues(service.name(), reason.name().toLowerCase(java.util.Locale.ROOT)).inc();
    }

    void refused(Service service) {
        refusals.labelValues(service.name()).inc();
    }

    void handshake(Service service, TlsState agreed) {
        handshakes.labelValues(service.name(), agreed.version()).inc();
    }

    void transferred(Service service, long in, long out) {
        bytes.labelValues(service.name(), "in").inc(in);
        bytes.labelValues(service.name(), "out").inc(out);
    }
}
