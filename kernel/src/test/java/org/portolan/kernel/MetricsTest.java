package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is counted, by which names. */
class MetricsTest {
    private static final Conversation ECHO =
            client -> {
                while (true) {
                    client.writeLine("=" + client.readLine());
                }
            };

    @Test
    void everythingThatHappensIsCounted() throws Exception {
        TestSite at =
                new TestSite()
                        .with("test", Tls.NEVER, TestSite.PATIENT, ECHO)
                        .with("other", Tls.AT_ONCE, TestSite.PATIENT, ECHO)
                        .open();
        try (TestSite site = at) {
            try (TestPeer first = site.connect("test");
                    TestPeer second = site.connect("test");
                    TestPeer third = site.connect("other")) {
                first.send("hello\r\n");
                first.line();
                second.send("hello\r\n");
                second.line();
                third.secure(site.certificates.trust(), "", "TLSv1.3");
                third.send("hello\r\n");
                third.line();
                assertThat(open(site)).isEqualTo(Map.of("test", 2.0, "other", 1.0));
                assertThat(site.kernel.sockets().perService())
                        .isEqualTo(Map.of("test", 2, "other", 1));
            }
            site.awaitEmpty();
            assertThat(open(site)).isEmpty();
            assertThat(site.counted("portolan_conversations", "test", "7")).isEqualTo(2);
            assertThat(site.counted("portolan_conversations", "other", "7")).isEqualTo(1);
            assertThat(site.counted("portolan_hangups", "test", "peer_gone")).isEqualTo(2);
            assertThat(site.counted("portolan_tls_handshakes", "other", "TLSv1.3")).isEqualTo(1);
            assertThat(site.counted("portolan_bytes", "test", "in")).isEqualTo(14);
            assertThat(site.counted("portolan_bytes", "test", "out")).isEqualTo(16);
            assertThat(site.counted("portolan_bytes", "other", "in")).isGreaterThan(100);
            assertThat(names(site))
                    .containsExactly(
                            "portolan_bytes",
                            "portolan_conversations",
                            "portolan_hangups",
                            "portolan_open_connections",
                            "portolan_tls_handshakes");
        }
    }

    private static Map<String, Double> open(TestSite site) {
        Map<String, Double> open = new TreeMap<>();
        for (MetricSnapshot snapshot : site.kernel.metrics().registry().scrape()) {
            if (snapshot instanceof GaugeSnapshot gauge) {
                gauge.getDataPoints()
                        .forEach(p -> open.put(p.getLabels().get("service"), p.getValue()));
            }
        }
        return open;
    }

    private static TreeSet<String> names(TestSite site) {
        TreeSet<String> names = new TreeSet<>();
        for (MetricSnapshot snapshot : site.kernel.metrics().registry().scrape()) {
            if (!snapshot.getDataPoints().isEmpty()
                    || snapshot.getMetadata().getName().endsWith("open_connections")) {
                names.add(snapshot.getMetadata().getName());
            }
            for (DataPointSnapshot point : snapshot.getDataPoints()) {
                assertThat(point.getLabels().get("service")).isIn("test", "other");
            }
        }
        return names;
    }
}
