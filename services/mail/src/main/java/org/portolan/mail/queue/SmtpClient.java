package org.portolan.mail.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.kernel.Trust;
import org.portolan.stores.mail.MailQueue.Queued;
import org.portolan.stores.mail.MailQueue.Recipient;

/** A conversation with another SMTP server, in which we are the client. */
final class SmtpClient {
    /** What is waited for, and how long at most (RFC 5321 §4.5.3.2). */
    enum Step {
        GREETING(Duration.ofMinutes(5)),
        HELLO(Duration.ofMinutes(5)),
        STARTTLS(Duration.ofMinutes(5)),
        AUTH(Duration.ofMinutes(5)),
        MAIL(Duration.ofMinutes(5)),
        RCPT(Duration.ofMinutes(5)),
        DATA(Duration.ofMinutes(2)),
        END(Duration.ofMinutes(10)),
        QUIT(Duration.ofSeconds(5));

        private final Duration patience;

        Step(Duration patience) {
            this.patience = patience;
        }
    }

    /** The server broke the rules or the conversation; nothing more can be said in it. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(String why) {
            super(why);
        }
    }

    private static final int MOST_LINES = 200;
    private static final Pattern REPLY = Pattern.compile("[2-5][0-9][0-9]([ -].*)?");

    private final Connection server;
    private final String ourName;
    private Map<String, String> extensions = Map.of();
    private String name = "";
    private boolean verified;
    private boolean trusted;
    private boolean over;

    SmtpClient(Connection server, String ourName) {
        this.server = server;
        this.ourName = ourName;
    }

    Connection connection() {
        return server;
    }

    /** The name by which the server called itself. */
    String name() {
        return name;
    }

    /** Whether nothing can be sent any more. */
    boolean over() {
        return over;
    }

    boolean offers(String extension) {
        return extensions.containsKey(extension);
    }

    /** Whether TLS has proved that the other end is the host that was meant. */
    boolean verified() {
        return verified;
    }

    /** Nobody can have put another host in the place of this one: see {@link Host#secure}. */
    void trusted() {
        trusted = true;
    }

    // ---- the beginning

    ServerReply greeting() throws IOException {
        return read(Step.GREETING);
    }

    /**
     * EHLO, or HELO where that is not known (RFC 5321 §3.2).
     *
     * @return the first line's words: the name by which the server calls itself comes first
     */
    ServerReply hello() throws IOException {
        extensions = Map.of();
        ServerReply reply = say("EHLO " + ourName, Step.HELLO);
        if (reply.positive()) {
            Map<String, String> offered = new HashMap<>();
            for (String line : reply.lines().subList(1, reply.lines().size())) {
                String[] words = line.strip().split("[ =]", 2); // AUTH=LOGIN is said by some
                offered.put(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
            }
            extensions = offered;
        } else if (reply.permanent() && !reply.hangsUp()) {
            reply = say("HELO " + ourName, Step.HELLO);
        }
        name = ServerReply.printable(reply.lines().getFirst().strip().split("\\s", 2)[0]);
        return reply;
    }

    /**
     * Upgrades to TLS; the server is {@code host} if {@code trust} verifies. Say hello again
     * afterwards.
     */
    ServerReply startTls(String host, Trust trust) throws IOException {
        ServerReply reply = say("STARTTLS", Step.STARTTLS);
        if (reply.positive()) {
            secure(host, trust);
        }
        return reply;
    }

    /** Shakes hands at a port that speaks TLS at once (RFC 8314). */
    void secure(String host, Trust trust) throws IOException {
        try {
            verified = server.startTls(host, trust);
            extensions = Map.of(); // RFC 3207 §4.2: what was said before TLS is forgotten
        } catch (MalformedLine e) { // a reply that somebody slipped in before TLS
            throw new Broken("it went on speaking before TLS had begun");
        }
    }

    /** Logs in with PLAIN, or with LOGIN where there is only that; TLS is on. */
    ServerReply logIn(String name, String password) throws IOException {
        String offered = " " + extensions.getOrDefault("AUTH", "").toUpperCase(Locale.ROOT) + " ";
        if (offered.contains(" PLAIN ") || !offered.contains(" LOGIN ")) {
            return saySecret("AUTH PLAIN " + base64("\0" + name + "\0" + password), Step.AUTH);
        }
        ServerReply reply = say("AUTH LOGIN", Step.AUTH);
        if (reply.code() == 334) {
            reply = saySecret(base64(name), Step.AUTH);
        }
        return reply.code() == 334 ? saySecret(base64(password), Step.AUTH) : reply;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    // ---- a message

    /** The most recipients that one message may have there (RFC 9422). */
    int mostRecipients() {
        for (String limit : extensions.getOrDefault("LIMITS", "").split(" ")) {
            if (limit.matches("RCPTMAX=[1-9][0-9]{0,6}")) {
                return Math.min(MOST_RECIPIENTS, Integer.parseInt(limit.substring(8)));
            }
        }
        return MOST_RECIPIENTS;
    }

    private static final int MOST_RECIPIENTS = 100; // RFC 5321 §4.5.3.1.8

    /** What makes it useless to try, as far as can be known beforehand. */
    Optional<Outcome.Failed> hindrance(Queued message) {
        boolean sealed = trusted && verified && offers("REQUIRETLS");
        if (message.demands().requireTls() && !sealed) {
            return Optional.of(
                    new Outcome.Failed(
                            "REQUIRETLS: the next server is not verified, or does not promise it",
                            "5.7.30")); // RFC 8689 §4.2.1, §8.3
        }
        if (message.demands().utf8() && !offers("SMTPUTF8")) {
            return Optional.of(
                    new Outcome.Failed(
                            "the next server cannot take addresses or fields beyond ASCII"
                                    + " (SMTPUTF8)",
                            "5.6.7")); // RFC 6531 §3.2
        }
        long most = sizeLimit();
        if (most > 0 && message.size() - message.skipped() > most) {
            return Optional.of(
                    new Outcome.Failed(
                            "the message is larger than the next server takes (" + most + " bytes)",
                            "5.3.4")); // RFC 1870 §6.1
        }
        return Optional.empty();
    }

    private long sizeLimit() {
        String limit = extensions.getOrDefault("SIZE", "").strip();
        return limit.matches("[0-9]{1,18}") ? Long.parseLong(limit) : 0;
    }

    /**
     * Sends {@code message} to {@code recipients}, at most {@link #mostRecipients}; returns what
     * became of each, in their order. When the conversation breaks, those of whom nothing is known
     * are deferred.
     */
    List<Outcome> send(Queued message, List<Recipient> recipients, FileChannel body) {
        List<Outcome> outcomes = new ArrayList<>();
        try {
            transact(message, recipients, body, outcomes);
        } catch (IOException e) {
            over = true;
            String why =
                    "the conversation broke: "
                            + ServerReply.printable(String.valueOf(e.getMessage()));
            for (int i = 0; i < recipients.size(); i++) {
                if (i >= outcomes.size()) {
                    outcomes.add(new Outcome.Deferred(why, "4.4.2"));
                } else if (outcomes.get(i) instanceof Outcome.Delivered) {
                    outcomes.set(i, new Outcome.Deferred(why, "4.4.2")); // accepted, but not ended
                }
            }
        }
        return outcomes;
    }

    private void transact(
            Queued message, List<Recipient> recipients, FileChannel body, List<Outcome> outcomes)
            throws IOException {
        boolean pipelining = offers("PIPELINING");
        boolean chunking = offers("CHUNKING");
        String mail = mailFrom(message);
        if (pipelining) { // RFC 2920 §3.1: DATA may be the last of a group
            write(mail);
            for (Recipient recipient : recipients) {
                write(rcptTo(recipient));
            }
            if (!chunking) {
                write("DATA");
            }
        }
        ServerReply sender = pipelining ? read(Step.MAIL) : say(mail, Step.MAIL);
        int accepted = 0;
        for (Recipient recipient : recipients) {
            if (!sender.positive() && !pipelining) {
                outcomes.add(Outcome.refusal(sender));
                continue;
            }
            ServerReply reply = pipelining ? read(Step.RCPT) : say(rcptTo(recipient), Step.RCPT);
            boolean taken = sender.positive() && reply.positive();
            accepted += taken ? 1 : 0;
            // RFC 5321 §4.5.3.1.10: who has too many says 452, or 552 if it is old
            ServerReply refusal = sender.positive() ? reply : sender;
            outcomes.add(
                    taken
                            ? new Outcome.Delivered("", "2.0.0", offers("DSN"))
                            : Outcome.refusal(refusal));
        }
        if (chunking) {
            if (accepted == 0) {
                reset();
                return;
            }
            sendChunk(message, body);
        } else {
            ServerReply goAhead = pipelining ? read(Step.DATA) : ask(accepted);
            if (!goAhead.goAhead()) {
                refuseAll(outcomes, goAhead);
                reset();
                return;
            }
            sendLines(message, body, accepted > 0);
        }
        ServerReply end = read(Step.END);
        if (!end.positive()) {
            refuseAll(outcomes, end);
            over |= end.hangsUp();
            return;
        }
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Delivered delivered) {
                outcomes.set(
                        i,
                        new Outcome.Delivered(end.toString(), end.status(), delivered.reports()));
            }
        }
    }

    /** DATA, if anybody is there for whom; 503 is what the server would say otherwise. */
    private ServerReply ask(int accepted) throws IOException {
        return accepted > 0
                ? say("DATA", Step.DATA)
                : new ServerReply(503, List.of("5.5.1 no valid recipients"));
    }

    private static void refuseAll(List<Outcome> outcomes, ServerReply reply) {
        outcomes.replaceAll(
                outcome -> outcome instanceof Outcome.Delivered ? Outcome.refusal(reply) : outcome);
    }

    private String mailFrom(Queued message) {
        StringBuilder line = new StringBuilder("MAIL FROM:<").append(message.sender()).append('>');
        if (offers("SIZE")) {
            line.append(" SIZE=")
                    .append(message.size() - message.skipped() + message.fields().length());
        }
        if (message.demands().eightBit() && offers("8BITMIME")) {
            line.append(" BODY=8BITMIME");
        }
        if (message.demands().utf8()) {
            line.append(" SMTPUTF8");
        }
        if (message.demands().requireTls()) {
            line.append(" REQUIRETLS");
        }
        if (offers("DSN")) { // RFC 3461 §5.2.1: passed on as they came
            if (!message.returned().isEmpty()) {
                line.append(" RET=").append(message.returned());
            }
            if (!message.envelopeId().isEmpty()) {
                line.append(" ENVID=").append(message.envelopeId());
            }
        }
        return line.toString();
    }

    private String rcptTo(Recipient recipient) {
        StringBuilder line = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        if (offers("DSN")) {
            if (!recipient.wishes().isEmpty()) {
                line.append(" NOTIFY=").append(recipient.wishes());
            }
            if (!recipient.original().isEmpty()) {
                line.append(" ORCPT=").append(recipient.original());
            }
        }
        return line.toString();
    }

    private void sendLines(Queued message, FileChannel body, boolean wanted) throws IOException {
        if (wanted) {
            DataWriter writer = new DataWriter(server::write, true);
            byte[] fields = message.fields().getBytes(UTF_8);
            writer.write(fields, fields.length);
            writer.write(body, message.skipped());
            writer.end();
        }
        write("."); // nobody is left to get it, but 354 has to be answered
    }

    /** RFC 3030 §2: all of it in one chunk, whose size has to be known beforehand. */
    private void sendChunk(Queued message, FileChannel body) throws IOException {
        byte[] fields = message.fields().getBytes(UTF_8);
        long count = body.size() - message.skipped();
        write("BDAT " + (fields.length + count) + " LAST");
        server.write(fields, 0, fields.length);
        server.send(body, message.skipped(), count);
    }

    private void reset() throws IOException {
        if (!over) {
            over = !say("RSET", Step.MAIL).positive();
        }
    }

    /** Takes leave, without insisting on an answer. */
    void quit() {
        if (!over) {
            over = true;
            try {
                say("QUIT", Step.QUIT);
            } catch (IOException gone) {
                return; // RFC 5321 §4.1.1.10: it may not wait for our leaving
            }
        }
    }

    // ---- lines

    private ServerReply say(String line, Step step) throws IOException {
        write(line);
        return read(step);
    }

    /** Nothing of it is for a trace. */
    private ServerReply saySecret(String line, Step step) throws IOException {
        byte[] bytes = (line + "\r\n").getBytes(ISO_8859_1);
        server.write(bytes, 0, bytes.length);
        return read(step);
    }

    private void write(String line) throws IOException {
        server.writeLine(new String(line.getBytes(UTF_8), ISO_8859_1));
    }

    private ServerReply read(Step step) throws IOException {
        server.patience(step.patience);
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = line();
            boolean shaped = REPLY.matcher(line).matches();
            if (!shaped || lines.size() == MOST_LINES) {
                over = true;
                throw new Broken("it answered what is no reply");
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                ServerReply reply = new ServerReply(Integer.parseInt(line.substring(0, 3)), lines);
                over |= reply.hangsUp();
                return reply;
            }
        }
    }

    private String line() throws IOException {
        try {
            return server.readLine();
        } catch (MalformedLine e) {
            throw new Broken("it answered with " + e.fault().words());
        }
    }
}
