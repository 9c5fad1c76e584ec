package org.portolan.server;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Accounts;

/** What is counted, for Prometheus: as text, and over HTTP on a loopback port if one is set. */
final class MetricsPage implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusRegistry registry;
    private @Nullable HttpServer server;

    MetricsPage(PrometheusRegistry registry, Accounts accounts) {
        this.registry = registry;
        CounterWithCallback.builder()
                .name("portolan_password_checks")
                .help("Passwords compared, about 50 ms of a core each.")
                .callback(report -> report.call((double) accounts.passwordChecks()))
                .register(registry);
    }

    String text() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(page, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("a page in memory cannot be written", e);
        }
        return page.toString(StandardCharsets.UTF_8);
    }

    /** Serves the page at {@code port} instead of wherever it was served before; 0 for nowhere. */
    synchronized void serveAt(int port) throws IOException {
        HttpServer before = server;
        if (before != null) {
            if (before.getAddress().getPort() == port) {
                return;
            }
            before.stop(0);
            server = null;
        }
        if (port > 0) {
            HttpServer opened =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            opened.createContext(
                    "/metrics",
                    exchange -> {
                        byte[] page = text().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", TEXT);
                        exchange.sendResponseHeaders(200, page.length);
                        exchange.getResponseBody().write(page);
                        exchange.close();
                    });
            opened.start();
            server = opened;
        }
    }

    @Override
    public synchronized void close() {
        HttpServer open = server;
        if (open != null) {
            open.stop(0);
        }
    }
}
