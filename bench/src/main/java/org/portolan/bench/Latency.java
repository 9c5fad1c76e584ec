package org.portolan.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How long a message is on its way from its last byte to its mailbox, one after the other. */
record Latency(String mailbox, int messageBytes) {
    private static final int MESSAGES = 100;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    // Seldom enough not to take a core away from whoever delivers.
    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(100_000);
    private static final double MILLISECOND = 1e6;

    /** Counts what a reader would see. */
    private interface Inbox extends Closeable {
        long count() throws IOException;
    }

    Map<Metric, Double> run(Contender contender) throws IOException {
        long[] answered = new long[MESSAGES];
        long[] readable = new long[MESSAGES];
        try (Inbox inbox = inbox(contender);
                Socket socket = Greeting.openClear(contender.ports().smtp())) {
            Sender sender = new Sender(socket);
            sender.begin();
            long before = inbox.count();
            for (int i = 0; i < MESSAGES; i++) {
                sender.announce(mailbox);
                long begin = System.nanoTime();
                sender.send(messageBytes);
                answered[i] = System.nanoTime() - begin;
                while (inbox.count() <= before + i) {
                    if (System.nanoTime() - begin > LIMIT.toNanos()) {
                        throw new IOException(contender.name() + " keeps a message for itself");
                    }
                    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                }
                readable[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(answered);
        Arrays.sort(readable);
        Map<Metric, Double> measures = new EnumMap<>(Metric.class);
        measures.put(Metric.ACKNOWLEDGED_MEDIAN, answered[MESSAGES / 2] / MILLISECOND);
        measures.put(Metric.READABLE_MEDIAN, readable[MESSAGES / 2] / MILLISECOND);
        measures.put(Metric.READABLE_SLOWEST, readable[MESSAGES - 1] / MILLISECOND);
        return measures;
    }

    /** An IMAP client that asks for news where there is IMAP, otherwise the maildir itself. */
    private Inbox inbox(Contender contender) throws IOException {
        if (contender.runs(Program.PORTOLAN)) {
            return new Selected(ImapClient.loggedIn(contender.ports().imap(), mailbox));
        }
        return new Inbox() {
            @Override
            public long count() throws IOException {
                return contender.stored(List.of(mailbox));
            }

            @Override
            public void close() {}
        };
    }

    private static final class Selected implements Inbox {
        private final ImapClient client;
        private long count;

        Selected(ImapClient client) throws IOException {
            this.client = client;
            hear(client.told("SELECT INBOX"));
        }

        @Override
        public long count() throws IOException {
            hear(client.told("NOOP"));
            return count;
        }

        private void hear(String told) {
            for (String line : told.split("\n", -1)) {
                if (line.endsWith(" EXISTS")) {
                    count = Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /** A client that keeps its connection. */
    private static final class Sender {
        private final BufferedReader in;
        private final OutputStream out;

        Sender(Socket socket) throws IOException {
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        void begin() throws IOException {
            hear("220");
            write("EHLO client.invalid\r\n");
            hear("250");
        }

        void announce(String mailbox) throws IOException {
            write(
                    "MAIL FROM:<load@client.invalid>\r\nRCPT TO:<%s@bench.invalid>\r\nDATA\r\n"
                            .formatted(mailbox));
            hear("250");
            hear("250");
            hear("354");
        }

        void send(int bytes) throws IOException {
            String header = "From: <load@client.invalid>\r\nSubject: one of a hundred\r\n\r\n";
            String line = "x".repeat(78) + "\r\n";
            write(header + line.repeat((bytes - header.length()) / line.length()) + ".\r\n");
            hear("250");
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads a reply of one or more lines (RFC 5321 §4.2.1). */
        private void hear(String code) throws IOException {
            String line;
            do {
                line = in.readLine();
                if (line == null || !line.startsWith(code)) {
                    throw new IOException("expected " + code + " and heard " + line);
                }
            } while (line.startsWith("-", code.length()));
        }
    }
}
