package org.portolan.mail.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.stores.mail.MailQueue.Queued;

/**
 * A message that tells a sender what became of theirs (RFC 3461 §6, RFC 3464): a sentence for each
 * recipient, the same for programs, and the message or its header.
 */
record Report(String site, Queued about, List<Entry> entries, Instant now) {
    /** What happened to a recipient (RFC 3464 §2.3.3). */
    enum Action {
        FAILED("could not be delivered to", "failed"),
        DELAYED("could not be delivered yet to", "delayed"),
        RELAYED("was handed on, to a server that reports nothing, for", "relayed"),
        DELIVERED("was delivered to", "delivered");

        private final String sentence;
        private final String word;

        Action(String sentence, String word) {
            this.sentence = sentence;
            this.word = word;
        }
    }

    /**
     * One recipient's part.
     *
     * @param server the name of the one that answered; empty if none did
     * @param said what it answered, or our own words
     */
    record Entry(
            String recipient,
            String original,
            Action action,
            String status,
            String server,
            String said,
            Optional<Instant> retriedUntil) {}

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

    /** What is sent back whole where nobody asked for the header alone. */
    private static final long MOST_RETURNED = 100_000;

    private static final int MOST_HEADER = 64 * 1024;

    /** More than these are not spelled out for people; programs find them all. */
    private static final int MOST_SENTENCES = 50;

    private Action worst() {
        return entries.stream().map(Entry::action).min(Enum::compareTo).orElse(Action.FAILED);
    }

    private boolean international() {
        return about.demands().utf8();
    }

    /** Whether it has bytes above 127 in it. */
    boolean eightBit() {
        return about.demands().eightBit() || international();
    }

    /** The report, with its fields. */
    byte[] text(String id, FileChannel original) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String boundary = "report-" + id.replace('.', '-');
        put(out, head(id, boundary));
        put(out, "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\n");
        put(out, international() ? "Content-Transfer-Encoding: 8bit\r\n" : "");
        put(out, "\r\n" + sentences());
        put(out, "\r\n--" + boundary + "\r\nContent-Type: message/");
        put(out, international() ? "global-delivery-status" : "delivery-status"); // RFC 6533
        put(out, international() ? "\r\nContent-Transfer-Encoding: 8bit" : "");
        put(out, "\r\n\r\n" + status());
        put(out, "\r\n--" + boundary + "\r\n");
        boolean whole = isReturnedWhole();
        String type =
                international()
                        ? whole ? "message/global" : "message/global-headers"
                        : whole ? "message/rfc822" : "text/rfc822-headers";
        put(out, "Content-Type: " + type + "\r\n");
        put(out, (eightBit() ? "Content-Transfer-Encoding: 8bit\r\n" : "") + "\r\n");
        copy(original, whole, out);
        put(out, "\r\n--" + boundary + "--\r\n");
        return out.toByteArray();
    }

    /** RFC 3461 §4.3: RET is about failures; of what succeeded or waits the header is enough. */
    private boolean isReturnedWhole() {
        return worst() == Action.FAILED
                && !about.returned().equals("HDRS")
                && about.size() - about.skipped() <= MOST_RETURNED;
    }

    private String head(String id, String boundary) {
        String subject =
                switch (worst()) {
                    case FAILED -> "Your message could not be delivered";
                    case DELAYED -> "Your message has not been delivered yet";
                    case RELAYED, DELIVERED -> "Your message was delivered";
                };
        return "Return-Path: <>\r\n" // RFC 3461 §6.1; left out when it leaves
                + "From: Mail delivery <postmaster@"
                + site
                + ">\r\nTo: <"
                + about.sender()
                + ">\r\nSubject: "
                + subject
                + "\r\nDate: "
                + date(now)
                + "\r\nMessage-ID: <"
                + id
                + "@"
                + site
                + ">\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type="
                + (international() ? "global-delivery-status" : "delivery-status")
                + ";\r\n\tboundary=\""
                + boundary
                + "\"\r\n\r\nThis is a report in the form of RFC 3464.\r\n\r\n";
    }

    /** What is for mailboxes here only. */
    static int skipped() {
        return "Return-Path: <>\r\n".length();
    }

    static String date(Instant when) {
        return DATE.format(when.atZone(ZoneId.systemDefault()));
    }

    private String sentences() {
        StringBuilder text = new StringBuilder(300);
        text.append("This is the mail server of ").append(site).append(".\r\n");
        int left = MOST_SENTENCES;
        for (Entry entry : entries) {
            if (left-- == 0) {
                int more = entries.size() - MOST_SENTENCES;
                text.append("\r\nThe same is true for ").append(more).append(" more.\r\n");
                break;
            }
            text.append("\r\nYour message ")
                    .append(entry.action().sentence)
                    .append(" <")
                    .append(entry.recipient())
                    .append(">.\r\n");
            if (!entry.said().isEmpty()) {
                text.append(entry.server().isEmpty() ? "The reason: " : entry.server() + " said: ")
                        .append(entry.said())
                        .append("\r\n");
            }
            if (entry.retriedUntil().isPresent()) {
                text.append("You need not do anything: it will be tried until ")
                        .append(date(entry.retriedUntil().get()))
                        .append(".\r\n");
            }
        }
        return text.append("\r\nThe message was taken on ")
                .append(date(about.accepted()))
                .append(" as ")
                .append(about.id())
                .append(".\r\n")
                .toString();
    }

    /** RFC 3464 §2.2, §2.3 */
    private String status() {
        StringBuilder text = new StringBuilder(300);
        if (!about.envelopeId().isEmpty()) {
            text.append("Original-Envelope-Id: ")
                    .append(Xtext.decoded(about.envelopeId()))
                    .append("\r\n");
        }
        text.append("Reporting-MTA: dns; ").append(site).append("\r\nArrival-Date: ");
        text.append(date(about.accepted())).append("\r\n");
        for (Entry entry : entries) {
            text.append("\r\n");
            if (!entry.original().isEmpty()) {
                String[] parts = entry.original().split(";", 2);
                text.append("Original-Recipient: ").append(parts[0]).append("; ");
                text.append(Xtext.decoded(parts.length > 1 ? parts[1] : "")).append("\r\n");
            }
            text.append("Final-Recipient: ")
                    .append(international() ? "utf-8; " : "rfc822; ")
                    .append(entry.recipient())
                    .append("\r\nAction: ")
                    .append(entry.action().word)
                    .append("\r\nStatus: ")
                    .append(entry.status())
                    .append("\r\n");
            if (!entry.server().isEmpty()) {
                text.append("Remote-MTA: dns; ").append(entry.server()).append("\r\n");
                text.append("Diagnostic-Code: smtp; ").append(folded(entry.said())).append("\r\n");
            } else if (!entry.said().isEmpty()) {
                text.append("Diagnostic-Code: x-portolan; ")
                        .append(folded(entry.said()))
                        .append("\r\n");
            }
            text.append("Last-Attempt-Date: ").append(date(now)).append("\r\n");
            entry.retriedUntil()
                    .ifPresent(
                            until ->
                                    text.append("Will-Retry-Until: ")
                                            .append(date(until))
                                            .append("\r\n"));
        }
        return text.toString();
    }

    private static String folded(String text) {
        return text.replaceAll("(.{60,900}?) ", "$1\r\n\t");
    }

    private void copy(FileChannel original, boolean whole, ByteArrayOutputStream out)
            throws IOException {
        long count = original.size() - about.skipped();
        ByteBuffer bytes =
                ByteBuffer.allocate((int) Math.min(count, whole ? MOST_RETURNED : MOST_HEADER));
        while (bytes.hasRemaining()
                && original.read(bytes, about.skipped() + bytes.position()) >= 0) {}
        int end = whole ? bytes.position() : headerEnd(bytes.array(), bytes.position());
        byte[] fields = about.fields().getBytes(UTF_8);
        out.write(fields, 0, fields.length);
        out.write(bytes.array(), 0, end);
    }

    private static int headerEnd(byte[] bytes, int count) {
        for (int i = 0; i + 3 < count; i++) {
            if (bytes[i] == '\r'
                    && bytes[i + 1] == '\n'
                    && bytes[i + 2] == '\r'
                    && bytes[i + 3] == '\n') {
                return i + 2;
            }
        }
        return count;
    }

    private static void put(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
