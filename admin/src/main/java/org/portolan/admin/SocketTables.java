package org.portolan.admin;

import java.time.Instant;
import java.util.List;

/** The live table as people read it: conversations, and below them what goes over UDP. */
final class SocketTables {
    private SocketTables() {}

    static String of(List<SocketRow> rows, Instant now) {
        StringBuilder page = new StringBuilder();
        List<SocketRow> conversations = those(rows, SocketRow.Kind.CONVERSATION);
        List<SocketRow> heard = those(rows, SocketRow.Kind.HEARD);
        List<SocketRow> lines = those(rows, SocketRow.Kind.LINE);
        if (!conversations.isEmpty()) {
            page.append(conversations(conversations, now));
        }
        if (!heard.isEmpty()) {
            page.append(page.isEmpty() ? "" : "\n").append("Heard over UDP lately:\n");
            page.append(heard(heard, now));
        }
        if (!lines.isEmpty()) {
            page.append(page.isEmpty() ? "" : "\n").append("Second sockets over UDP:\n");
            page.append(lines(lines, now));
        }
        return page.isEmpty() ? "Nobody is there.\n" : page.toString();
    }

    private static List<SocketRow> those(List<SocketRow> rows, SocketRow.Kind kind) {
        return rows.stream().filter(row -> row.kind() == kind).toList();
    }

    private static Table conversations(List<SocketRow> rows, Instant now) {
        Table table =
                new Table(
                        "ID", "SERVICE", "PORT", "LOCAL", "PEER", "ACCOUNT", "TLS", "IN", "OUT",
                        "AGE");
        for (SocketRow row : rows) {
            table.row(
                    row.id(),
                    row.service(),
                    port(row),
                    row.local().map(Object::toString).orElse(""),
                    row.peerShown(),
                    row.account(),
                    row.tlsShown(),
                    Words.bytes(row.bytesIn()),
                    Words.bytes(row.bytesOut()),
                    Words.duration(row.age(now)));
        }
        return table;
    }

    private static Table heard(List<SocketRow> rows, Instant now) {
        Table table =
                new Table(
                        "SERVICE",
                        "PORT",
                        "LOCAL",
                        "PEER",
                        "REQUESTS",
                        "REPLIES",
                        "IN",
                        "OUT",
                        "LAST");
        for (SocketRow row : rows) {
            table.row(
                    row.service(),
                    port(row),
                    SocketRow.shown(row.local()),
                    SocketRow.shown(row.peer()),
                    row.requests(),
                    row.replies(),
                    Words.bytes(row.bytesIn()),
                    Words.bytes(row.bytesOut()),
                    Words.duration(row.age(now)) + " ago");
        }
        return table;
    }

    private static Table lines(List<SocketRow> rows, Instant now) {
        Table table = new Table("SERVICE", "LOCAL", "PEER", "AGE");
        for (SocketRow row : rows) {
            table.row(
                    row.service(),
                    SocketRow.shown(row.local()),
                    SocketRow.shown(row.peer()),
                    Words.duration(row.age(now)));
        }
        return table;
    }

    private static String port(SocketRow row) {
        return row.port().number() == 0 ? "" : Integer.toString(row.port().number());
    }
}
