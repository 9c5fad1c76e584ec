package org.portolan.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel.Opened;
import org.portolan.kernel.Sockets;
import org.portolan.kernel.Tls;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.SiteCertificates;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;

/** How the site is, at one moment, for people and for programs. */
record StatusPage(
        Site site,
        Accounts accounts,
        Mail mail,
        Events events,
        SiteCertificates certificates,
        Sockets sockets,
        Clock clock) {

    /** A certificate that ends sooner is a problem: it should have been renewed. */
    private static final Duration CERTIFICATE_SHOULD_LAST = Duration.ofDays(14);

    /** One door with all its addresses; who sent datagrams lately counts as connected. */
    private record Row(ServedDoor served, long connections) {
        PortDoor door() {
            return served.door();
        }
    }

    String forPeople() throws IOException, StoreException {
        StringBuilder page = new StringBuilder();
        Instant since = site.startedAt();
        page.append(
                "%s, Portolan %s, up %s (since %s)\n\n"
                        .formatted(
                                site.name(),
                                Version.number(),
                                Words.duration(Duration.between(since, clock.instant())),
                                Words.time(since)));
        Table table = new Table("SERVICE", "PORT", "TLS", "ADDRESSES", "CONNECTIONS");
        for (Row row : rows()) {
            table.row(
                    row.door().port().name(),
                    row.served().numbers(),
                    tls(row.door().tls()),
                    addresses(row.served().open()),
                    row.connections());
        }
        page.append(table).append('\n');
        Mail.Usage kept = allMail();
        page.append(
                "%s, %s (%s)\n"
                        .formatted(
                                Words.count(accounts.list().size(), "account"),
                                Words.count(kept.messages(), "message"),
                                Words.bytes(kept.bytes())));
        page.append(
                "Memory: %s of heap in use, at most %s%s\n"
                        .formatted(
                                Words.bytes(heapUsed()),
                                Words.bytes(Runtime.getRuntime().maxMemory()),
                                resident()
                                        .map(r -> ", " + Words.bytes(r) + " resident")
                                        .orElse("")));
        page.append("The site's certificate is good until ").append(Words.time(certificateEnds()));
        page.append('\n');
        for (String problem : problems()) {
            page.append("Problem: ").append(problem).append('\n');
        }
        return page.toString();
    }

    String forPrograms() throws IOException, StoreException {
        Mail.Usage kept = allMail();
        Map<String, Object> page =
                Json.entries(
                        "name",
                        site.name(),
                        "version",
                        Version.number(),
                        "started",
                        site.startedAt().toString(),
                        "uptime_seconds",
                        Duration.between(site.startedAt(), clock.instant()).toSeconds(),
                        "doors",
                        rows().stream().map(StatusPage::door).toList(),
                        "accounts",
                        accounts.list().size(),
                        "messages",
                        kept.messages(),
                        "mail_bytes",
                        kept.bytes(),
                        "heap_bytes",
                        heapUsed(),
                        "heap_limit_bytes",
                        Runtime.getRuntime().maxMemory());
        resident().ifPresent(bytes -> page.put("resident_bytes", bytes));
        page.put("certificate_ends", certificateEnds().toString());
        page.put("events_lost", events.lost());
        page.put("problems", problems());
        return Json.page(page);
    }

    private static Map<String, Object> door(Row row) {
        List<Map<String, Object>> places = new ArrayList<>();
        for (Opened place : row.served().places()) {
            Map<String, Object> entry =
                    Json.entries(
                            "address",
                            Words.host(place.at()),
                            "port",
                            place.at().getPort(),
                            "open",
                            place.problem().isEmpty());
            place.problem().ifPresent(problem -> entry.put("problem", problem));
            places.add(entry);
        }
        return Json.entries(
                "service", row.served().service(),
                "name", row.door().port().name(),
                "transport", row.door().transport(),
                "well_known_port", row.door().port().number(),
                "tls", tls(row.door().tls()),
                "connections", row.connections(),
                "places", places);
    }

    private List<Row> rows() {
        return ServedDoor.of(site.doors()).stream().map(this::row).toList();
    }

    private Row row(ServedDoor served) {
        String service = served.service();
        long peers =
                switch (served.door()) {
                    case StreamDoor stream ->
                            sockets.open().stream()
                                    .filter(one -> one.service().name().equals(service))
                                    .filter(one -> one.port().equals(stream.port()))
                                    .count();
                    case DatagramDoor datagrams ->
                            sockets.peers().stream()
                                    .filter(one -> one.service().equals(service))
                                    .filter(one -> one.port().equals(datagrams.port()))
                                    .count();
                };
        return new Row(served, peers);
    }

    private static String addresses(List<Opened> open) {
        return open.isEmpty()
                ? "not open"
                : String.join(", ", open.stream().map(place -> Words.host(place.at())).toList());
    }

    private static String tls(Tls tls) {
        return switch (tls) {
            case NEVER -> "never";
            case UPGRADE -> "upgrade";
            case AT_ONCE -> "at once";
            case OWN -> "its own";
        };
    }

    private Mail.Usage allMail() throws StoreException {
        long messages = 0;
        long bytes = 0;
        for (Mail.Usage usage : mail.usage().values()) {
            messages += usage.messages();
            bytes += usage.bytes();
        }
        return new Mail.Usage(messages, bytes);
    }

    private static long heapUsed() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The process's resident memory, where the system tells. */
    private static Optional<Long> resident() throws IOException {
        Path self = Path.of("/proc/self/status");
        if (!Files.isReadable(self)) {
            return Optional.empty();
        }
        return Files.readAllLines(self).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst();
    }

    private Instant certificateEnds() {
        X509Certificate leaf = certificates.forHost(Optional.empty()).chain().getFirst();
        return leaf.getNotAfter().toInstant();
    }

    /** What an administrator should look at, in sentences. */
    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Opened opened : site.doors()) {
            opened.problem()
                    .ifPresent(
                            problem ->
                                    problems.add(
                                            "%s is not open at %s port %d: %s"
                                                    .formatted(
                                                            opened.door().port().name(),
                                                            Words.host(opened.at()),
                                                            opened.at().getPort(),
                                                            problem)));
        }
        problems.addAll(site.problems());
        if (certificateEnds().isBefore(clock.instant().plus(CERTIFICATE_SHOULD_LAST))) {
            problems.add("the site's certificate ends " + Words.time(certificateEnds()));
        }
        if (sockets.overflown() > 0) {
            problems.add(
                    Words.count(sockets.overflown(), "datagram")
                            + " came faster than they were taken; a larger net.core.rmem_max lets"
                            + " more of them wait");
        }
        if (events.lost() > 0) {
            problems.add(
                    Words.count(events.lost(), "event")
                            + " could not be written down: too many at once");
        }
        return problems;
    }
}
