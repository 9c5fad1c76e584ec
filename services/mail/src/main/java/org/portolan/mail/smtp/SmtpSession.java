package org.portolan.mail.smtp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.Mechanism;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.mail.Address;
import org.portolan.mail.DotReader;
import org.portolan.mail.LoginDialogue;
import org.portolan.mail.Screening;
import org.portolan.mail.Signing;
import org.portolan.mail.queue.Destinations;
import org.portolan.mail.queue.Lifetime;
import org.portolan.mail.queue.Reports;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Accounts.Reached;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.wire.Refusal;

/** One SMTP conversation: a method for each state, a case for each command. */
final class SmtpSession {
    /** What there is in a conversation depends on how far it has come. */
    private sealed interface State {
        /** Nothing said yet. */
        record Stranger() implements State {}

        /** After EHLO or HELO, between messages. */
        record Greeted(String name, boolean extended) implements State {}

        /** After MAIL. */
        record Transaction(Greeted greeted, Envelope envelope) implements State {}

        /** After the first of several chunks. */
        record Chunked(Greeted greeted, Envelope envelope, Intake intake, Chunks chunks)
                implements State {}

        /** After QUIT. */
        record Over() implements State {}
    }

    private final Connection client;
    private final String site;
    private final SmtpSettings settings;
    private final Accounts accounts;
    private final Mail mail;
    private final Clock clock;
    private final Events events;
    private final Screening screening;
    private final Signing signing;
    private final Lifetime lifetime;
    private final Reports reports;
    private final LoginDialogue login;
    private Optional<Account> account = Optional.empty();
    private Optional<Intake> arriving = Optional.empty(); // in chunks
    private int messages;

    SmtpSession(
            Connection client,
            String site,
            SmtpSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            Clock clock,
            Screening screening,
            Signing signing,
            Lifetime lifetime) {
        this.client = client;
        this.site = site;
        this.settings = settings;
        this.accounts = accounts;
        this.mail = mail;
        this.clock = clock;
        this.events = events;
        this.screening = screening;
        this.signing = signing;
        this.lifetime = lifetime;
        this.reports = new Reports(site, mail, accounts, lifetime, signing);
        this.login =
                new LoginDialogue(
                        accounts,
                        guard,
                        events,
                        client,
                        new LoginDialogue.Words(
                                SmtpReply.AUTH_PROMPT,
                                SmtpReply.AUTH_CANCELLED,
                                SmtpReply.AUTH_MALFORMED,
                                SmtpReply.AUTH_FAILED,
                                SmtpReply.AUTH_REFUSED));
    }

    void converse() throws IOException {
        client.writeLine("220 " + site + " ESMTP Portolan"); // RFC 5321 §4.2: the name comes first
        State state = new State.Stranger();
        try {
            while (!(state instanceof State.Over)) {
                state = next(state);
            }
        } finally {
            arriving.ifPresent(Intake::close);
        }
    }

    private State next(State state) throws IOException {
        try {
            SmtpCommand command = SmtpCommand.parse(client.readLine());
            return switch (state) {
                case State.Stranger stranger -> beforeHello(stranger, command);
                case State.Greeted greeted -> betweenMails(greeted, command);
                case State.Transaction transaction -> inMail(transaction, command);
                case State.Chunked chunked -> betweenChunks(chunked, command);
                case State.Over over -> over;
            };
        } catch (MalformedLine e) {
            refuse(SmtpReply.malformed(e.fault()));
        } catch (Refusal e) {
            refuse(e);
        } catch (StoreException e) {
            client.log().error("a store failed", e);
            refuse(SmtpReply.temporary());
        }
        return state;
    }

    private void refuse(Refusal refusal) throws IOException {
        client.writeLine(refusal.reply());
        if (refusal.reply().startsWith("5")) { // what is only not now is no fault of the peer
            client.refused();
        }
    }

    // ---- the states, RFC 5321 §4.1.4

    private State beforeHello(State.Stranger stranger, SmtpCommand command)
            throws IOException, Refusal {
        return switch (command) {
            case SmtpCommand.Chunk chunk -> past(chunk, stranger, SmtpReply.helloFirst());
            case SmtpCommand.Hello hello -> hello(hello);
            case SmtpCommand.Noop _, SmtpCommand.Reset _ -> say(SmtpReply.OK, stranger);
            case SmtpCommand.Help _ -> say(SmtpReply.HELP, stranger);
            case SmtpCommand.Verify _ -> say(SmtpReply.TRY_IT, stranger);
            case SmtpCommand.Expand _ -> throw SmtpReply.noExpanding();
            case SmtpCommand.Quit _ -> say(SmtpReply.GOODBYE, new State.Over());
            case SmtpCommand.WebRequest _ -> say(SmtpReply.NO_WEB, new State.Over());
            case SmtpCommand.MailFrom _, SmtpCommand.RcptTo _, SmtpCommand.Data _ ->
                    throw SmtpReply.helloFirst();
            case SmtpCommand.StartTls _, SmtpCommand.Auth _ -> throw SmtpReply.helloFirst();
        };
    }

    private State betweenMails(State.Greeted greeted, SmtpCommand command)
            throws IOException, Refusal, StoreException {
        return switch (command) {
            case SmtpCommand.Hello hello -> hello(hello);
            case SmtpCommand.MailFrom from -> mailFrom(greeted, from);
            case SmtpCommand.Auth auth -> logIn(greeted, auth);
            case SmtpCommand.StartTls _ -> startTls();
            case SmtpCommand.Noop _, SmtpCommand.Reset _ -> say(SmtpReply.OK, greeted);
            case SmtpCommand.Help _ -> say(SmtpReply.HELP, greeted);
            case SmtpCommand.Verify _ -> say(SmtpReply.TRY_IT, greeted);
            case SmtpCommand.Expand _ -> throw SmtpReply.noExpanding();
            case SmtpCommand.Quit _ -> say(SmtpReply.GOODBYE, new State.Over());
            case SmtpCommand.WebRequest _ -> say(SmtpReply.NO_WEB, new State.Over());
            case SmtpCommand.RcptTo _, SmtpCommand.Data _ -> throw SmtpReply.mailFirst();
            case SmtpCommand.Chunk chunk -> past(chunk, greeted, SmtpReply.mailFirst());
        };
    }

    private State inMail(State.Transaction transaction, SmtpCommand command)
            throws IOException, Refusal, StoreException {
        return switch (command) {
            case SmtpCommand.RcptTo to -> rcptTo(transaction, to);
            case SmtpCommand.Data _ -> data(transaction);
            case SmtpCommand.Chunk chunk -> firstChunk(transaction, chunk);
            case SmtpCommand.Reset _ -> say(SmtpReply.OK, transaction.greeted());
            case SmtpCommand.Hello hello -> hello(hello);
            case SmtpCommand.Noop _ -> say(SmtpReply.OK, transaction);
            case SmtpCommand.Help _ -> say(SmtpReply.HELP, transaction);
            case SmtpCommand.Verify _ -> say(SmtpReply.TRY_IT, transaction);
            case SmtpCommand.Expand _ -> throw SmtpReply.noExpanding();
            case SmtpCommand.Quit _ -> say(SmtpReply.GOODBYE, new State.Over());
            case SmtpCommand.WebRequest _ -> say(SmtpReply.NO_WEB, new State.Over());
            case SmtpCommand.MailFrom _, SmtpCommand.Auth _, SmtpCommand.StartTls _ ->
                    throw SmtpReply.alreadyInMail();
        };
    }

    private State betweenChunks(State.Chunked chunked, SmtpCommand command)
            throws IOException, Refusal {
        return switch (command) {
            case SmtpCommand.Chunk chunk -> chunk(chunked, chunk);
            case SmtpCommand.Reset _ -> say(SmtpReply.OK, forget(chunked));
            case SmtpCommand.Hello hello -> {
                forget(chunked);
                yield hello(hello);
            }
            case SmtpCommand.Noop _ -> say(SmtpReply.OK, chunked);
            case SmtpCommand.Help _ -> say(SmtpReply.HELP, chunked);
            case SmtpCommand.Verify _ -> say(SmtpReply.TRY_IT, chunked);
            case SmtpCommand.Expand _ -> throw SmtpReply.noExpanding();
            case SmtpCommand.Quit _ -> say(SmtpReply.GOODBYE, new State.Over());
            case SmtpCommand.WebRequest _ -> say(SmtpReply.NO_WEB, new State.Over());
            // RFC 3030 §2: DATA and BDAT do not mix
            case SmtpCommand.Data _, SmtpCommand.RcptTo _ -> throw SmtpReply.chunksAreComing();
            case SmtpCommand.MailFrom _, SmtpCommand.Auth _, SmtpCommand.StartTls _ ->
                    throw SmtpReply.alreadyInMail();
        };
    }

    private State say(String reply, State next) throws IOException {
        client.writeLine(reply);
        return next;
    }

    // ---- EHLO, STARTTLS, AUTH

    private State hello(SmtpCommand.Hello hello) throws IOException {
        if (!hello.extended()) {
            client.writeLine("250 " + site);
        } else {
            List<String> lines = new ArrayList<>();
            lines.add(site + " greets you");
            lines.add("PIPELINING");
            lines.add("SIZE " + settings.messageSize().bytes());
            lines.add("8BITMIME");
            lines.add("CHUNKING");
            lines.add("BINARYMIME");
            lines.add("SMTPUTF8");
            lines.add("ENHANCEDSTATUSCODES");
            lines.add("LIMITS RCPTMAX=" + settings.recipients()); // RFC 9422
            if (maySend() || forPrograms()) {
                lines.add("DSN"); // reports of success, to whoever is named, are not for strangers
            }
            if (client.tls().isEmpty()) {
                lines.add("STARTTLS"); // RFC 3207 §4.2: not once TLS is on
            } else {
                lines.add("REQUIRETLS"); // RFC 8689 §2: only once TLS is on
            }
            lines.add("AUTH " + mechanisms());
            int last = lines.size() - 1;
            for (int i = 0; i <= last; i++) {
                client.writeLine((i < last ? "250-" : "250 ") + lines.get(i));
            }
        }
        return new State.Greeted(hello.name(), hello.extended());
    }

    private String mechanisms() {
        return offered().stream().map(Mechanism::word).collect(Collectors.joining(" "));
    }

    /** No SCRAM-SHA-256-PLUS: mutt 2.2 would choose it here and then has nothing to bind with. */
    private List<Mechanism> offered() {
        return Mechanism.offered(List.of(Mechanism.values()), client.confidential(), false);
    }

    private State startTls() throws IOException, Refusal {
        if (client.tls().isPresent()) {
            throw SmtpReply.tlsAlready();
        }
        client.startTls(SmtpReply.READY_FOR_TLS);
        account = Optional.empty();
        client.loggedIn(""); // RFC 3207 §4.2: what was said before TLS is forgotten
        return new State.Stranger();
    }

    private State logIn(State.Greeted greeted, SmtpCommand.Auth auth)
            throws IOException, Refusal, StoreException {
        if (!client.account().isEmpty()) {
            throw SmtpReply.loggedInAlready(); // RFC 4954 §4
        }
        Mechanism mechanism =
                Mechanism.named(auth.mechanism()).orElseThrow(SmtpReply::unknownMechanism);
        if (mechanism == Mechanism.SCRAM_SHA_256_PLUS) {
            throw SmtpReply.unknownMechanism();
        }
        if (!offered().contains(mechanism)) {
            throw SmtpReply.needsTls();
        }
        account = Optional.of(login.sasl(mechanism, auth.initial(), Optional.empty()));
        return say(SmtpReply.LOGGED_IN, greeted);
    }

    // ---- the envelope

    private boolean forPrograms() {
        return client.port().number() != SmtpService.SMTP.number();
    }

    /** Whether mail to the world is taken from this peer: there is no other way to it. */
    private boolean maySend() {
        return account.isPresent() || settings.relaysFor(client.peer().address());
    }

    private State mailFrom(State.Greeted greeted, SmtpCommand.MailFrom from)
            throws IOException, Refusal, StoreException {
        if (forPrograms() && account.isEmpty()) {
            throw SmtpReply.logInFirst(); // RFC 6409 §4.3
        }
        if (from.size().orElse(0) > settings.messageSize().bytes()) {
            throw tooLarge(); // RFC 1870 §6.1
        }
        if (from.requireTls() && client.tls().isEmpty()) {
            throw SmtpReply.needsTlsItself();
        }
        if (from.from().isPresent()) {
            checkSender(from.from().get().toString());
        }
        messages++;
        String id = client.id() + "." + messages;
        Screening.Sender sender =
                screening.sender(
                        new Screening.Arrival(
                                client.peer().address(),
                                greeted.name(),
                                from.from(),
                                client.account(),
                                id));
        if (sender.refusal().isPresent()) {
            throw sender.refusal().get();
        }
        Envelope envelope = new Envelope(id, from, sender);
        return say(SmtpReply.SENDER_OK, new State.Transaction(greeted, envelope));
    }

    /** RFC 6409 §6.1: who logs in speaks for themselves. */
    private void checkSender(String sender) throws Refusal, StoreException {
        if (account.isPresent()
                && settings.ownSenders()
                && !accounts.recipients(sender).contains(account.get())) {
            throw SmtpReply.notYourAddress("<" + ascii(sender) + ">");
        }
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private State rcptTo(State.Transaction transaction, SmtpCommand.RcptTo to)
            throws IOException, Refusal, StoreException {
        Envelope envelope = transaction.envelope();
        Address address = to.to();
        if (address.international() && !envelope.utf8()) {
            throw SmtpReply.needsUtf8();
        }
        boolean here = address.domain().isEmpty() || accounts.isLocal(address.domain());
        if (!here && !maySend()) {
            throw SmtpReply.relayDenied();
        }
        Set<Reached> reached = here ? accounts.reached(address.toString()) : Set.of();
        if (here && reached.isEmpty()) {
            throw SmtpReply.unknownMailbox();
        }
        if (here && isFull(reached, envelope)) {
            throw SmtpReply.mailboxFull(); // RFC 3463 §3.3
        }
        if (envelope.recipients().size() >= settings.recipients()) {
            throw SmtpReply.tooManyRecipients(); // RFC 5321 §4.5.3.1.10
        }
        if (here) {
            envelope.add(to, reached);
        } else {
            envelope.add(to, Destinations.of(address.domain()));
        }
        return say(SmtpReply.RECIPIENT_OK, transaction);
    }

    private boolean isFull(Set<Reached> reached, Envelope envelope) throws StoreException {
        long bytes = envelope.mail().size().orElse(1);
        for (Reached each : reached) {
            if (!mail.hasRoom(each.account(), bytes)) {
                return true;
            }
        }
        return false;
    }

    // ---- a message

    private Intake intake(State.Greeted greeted, Envelope envelope) throws StoreException {
        byte[] received =
                TraceFields.received(
                        client,
                        site,
                        greeted.name(),
                        greeted.extended(),
                        envelope,
                        clock.instant());
        return new Intake(
                client,
                envelope,
                received,
                header -> maySend() ? lacking(header, envelope) : "",
                signing,
                mail,
                lifetime,
                clock.instant());
    }

    /** RFC 6409 §8: what a message that is handed in may lack. */
    private String lacking(Incoming header, Envelope envelope) {
        StringBuilder fields = new StringBuilder();
        if (header.senders() == 0 && envelope.from().isPresent()) {
            fields.append("From: <").append(envelope.from().get().written()).append(">\r\n");
        }
        if (!header.dated()) {
            fields.append("Date: ").append(TraceFields.date(clock.instant())).append("\r\n");
        }
        if (!header.identified()) {
            fields.append("Message-ID: <").append(envelope.id()).append('@').append(site);
            fields.append(">\r\n");
        }
        return fields.toString();
    }

    private State data(State.Transaction transaction) throws IOException, Refusal, StoreException {
        Envelope envelope = transaction.envelope();
        if (envelope.recipients().isEmpty()) {
            throw SmtpReply.noRecipients();
        }
        if (envelope.binary()) {
            throw SmtpReply.binaryNeedsChunks();
        }
        Intake intake = intake(transaction.greeted(), envelope);
        try {
            client.writeLine(SmtpReply.GO_AHEAD);
            DotReader.Result result =
                    new DotReader(
                                    client::arrived,
                                    client::traceBody,
                                    settings.messageSize().bytes(),
                                    intake.sink())
                            .read();
            if (result == DotReader.Result.FALSE_END) {
                return say(SmtpReply.FALSE_END, new State.Over());
            }
            if (result == DotReader.Result.ENDLESS) {
                return say(tooLarge().reply(), new State.Over());
            }
            finish(envelope, intake, result);
        } finally {
            intake.close();
        }
        return transaction
                .greeted(); // RFC 5321 §4.1.1.4: whatever the reply, the buffers are clear
    }

    /** Says what has become of a message that has come to its end. */
    private void finish(Envelope envelope, Intake intake, DotReader.Result result)
            throws IOException {
        try {
            switch (result) {
                case WHOLE -> {}
                case TOO_LARGE, ENDLESS -> throw tooLarge();
                case MALFORMED, FALSE_END -> throw SmtpReply.malformedMessage();
            }
            intake.end();
            if (account.isPresent()) { // of strangers nobody asks
                for (String sender : intake.from()) {
                    checkSender(sender);
                }
            }
            long size = intake.accept();
            client.pardoned();
            report(envelope, intake);
            note(envelope, size, intake.found());
            boolean leaves = !envelope.leaving().isEmpty();
            client.writeLine(
                    "250 2.0.0 " + (leaves ? "taken as " : "delivered as ") + envelope.id());
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.OVER_QUOTA) {
                client.log().error("a message could not be stored", e);
            }
            refuse(
                    switch (e.kind()) {
                        case OVER_QUOTA -> SmtpReply.mailboxFull();
                        case FULL -> SmtpReply.diskFull();
                        default -> SmtpReply.notOnDisk();
                    });
        } catch (Refusal e) {
            refuse(e);
        }
    }

    /** Who wanted to hear of success hears of it before the client does. */
    private void report(Envelope envelope, Intake intake) {
        List<Reports.Reached> reached =
                envelope.delivered().stream()
                        .filter(to -> List.of(to.wishes().split(",")).contains("SUCCESS"))
                        .map(to -> new Reports.Reached(to.to().written(), to.original()))
                        .toList();
        if (!reached.isEmpty() && (maySend() || forPrograms())) {
            try {
                reports.delivered(intake.queued(), reached, clock.instant());
            } catch (StoreException e) { // the message is there, whoever hears of it
                client.log().error("a report could not be stored", e);
            }
        }
    }

    private void note(Envelope envelope, long size, String found) {
        int more = envelope.recipients().size() - 1;
        events.note(
                Events.Kind.ACCEPTED,
                "smtp",
                envelope.id(),
                client.peer().toString(),
                client.account(),
                "from <%s> to <%s>%s, %d bytes%s"
                        .formatted(
                                envelope.from().map(Address::written).orElse(""),
                                envelope.recipients().iterator().next().written(),
                                more == 0 ? "" : " and " + more + " more",
                                size,
                                found.isEmpty() ? "" : ", " + found));
    }

    private Refusal tooLarge() {
        return SmtpReply.tooLarge(settings.messageSize().bytes());
    }

    // ---- chunks

    /** Whether its bytes will be read, be it only to find the next command behind them. */
    private boolean isReadable(SmtpCommand.Chunk chunk) {
        return chunk.size() != SmtpCommand.Chunk.UNKNOWN
                && chunk.size() / 2 <= settings.messageSize().bytes();
    }

    private State hopeless(SmtpCommand.Chunk chunk) throws IOException {
        boolean unknown = chunk.size() == SmtpCommand.Chunk.UNKNOWN;
        Refusal refusal = unknown ? SmtpReply.badChunk() : tooLarge();
        return say(refusal.reply(), new State.Over());
    }

    /** RFC 3030 §2: the bytes come, whatever is answered, and are no commands. */
    private State past(SmtpCommand.Chunk chunk, State next, Refusal refusal) throws IOException {
        if (!isReadable(chunk)) {
            return hopeless(chunk);
        }
        new Chunks(client::arrived, client::traceBody, 0, true, (bytes, from, count) -> {})
                .read(chunk.size());
        refuse(refusal);
        return next;
    }

    private State firstChunk(State.Transaction transaction, SmtpCommand.Chunk chunk)
            throws IOException, StoreException {
        Envelope envelope = transaction.envelope();
        if (envelope.recipients().isEmpty()) {
            return past(chunk, transaction, SmtpReply.noRecipients());
        }
        Intake intake;
        try {
            intake = intake(transaction.greeted(), envelope);
        } catch (StoreException e) {
            client.log().error("a store failed", e);
            return past(chunk, transaction.greeted(), SmtpReply.temporary());
        }
        arriving = Optional.of(intake);
        Chunks chunks =
                new Chunks(
                        client::arrived,
                        client::traceBody,
                        settings.messageSize().bytes(),
                        envelope.binary(),
                        intake.sink());
        return chunk(new State.Chunked(transaction.greeted(), envelope, intake, chunks), chunk);
    }

    private State chunk(State.Chunked chunked, SmtpCommand.Chunk chunk) throws IOException {
        if (!isReadable(chunk)) {
            return hopeless(chunk);
        }
        chunked.chunks().read(chunk.size());
        if (chunk.last()) {
            finish(chunked.envelope(), chunked.intake(), chunked.chunks().end());
            return forget(chunked);
        }
        if (chunked.chunks().tooLarge()) { // RFC 3030 §2: what follows is in vain
            refuse(tooLarge());
            return forget(chunked);
        }
        return say("250 2.0.0 " + chunk.size() + " bytes", chunked);
    }

    private State.Greeted forget(State.Chunked chunked) {
        chunked.intake().close();
        arriving = Optional.empty();
        return chunked.greeted();
    }
}
