package org.portolan.mail.smtp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.Mechanism;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.mail.DotReader;
import org.portolan.mail.LoginDialogue;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Draft;
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

        /** After QUIT. */
        record Over() implements State {}
    }

    private final Connection client;
    private final String site;
    private final SmtpSettings settings;
    private final Accounts accounts;
    private final Mail mail;
    private final Clock clock;
    private final LoginDialogue login;
    private int messages;

    SmtpSession(
            Connection client,
            String site,
            SmtpSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            Clock clock) {
        this.client = client;
        this.site = site;
        this.settings = settings;
        this.accounts = accounts;
        this.mail = mail;
        this.clock = clock;
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
        while (!(state instanceof State.Over)) {
            state = next(state);
        }
    }

    private State next(State state) throws IOException {
        try {
            SmtpCommand command = SmtpCommand.parse(client.readLine());
            return switch (state) {
                case State.Stranger stranger -> beforeHello(stranger, command);
                case State.Greeted greeted -> betweenMails(greeted, command);
                case State.Transaction transaction -> inMail(transaction, command);
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
        };
    }

    private State inMail(State.Transaction transaction, SmtpCommand command)
            throws IOException, Refusal, StoreException {
        return switch (command) {
            case SmtpCommand.RcptTo to -> rcptTo(transaction, to);
            case SmtpCommand.Data _ -> data(transaction);
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
            lines.add("SMTPUTF8");
            lines.add("ENHANCEDSTATUSCODES");
            if (client.tls().isEmpty()) {
                lines.add("STARTTLS"); // RFC 3207 §4.2: not once TLS is on
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
        return Mechanism.offered(
                        List.of(Mechanism.values()),
                        client.confidential(),
                        client.channelBinding().isPresent())
                .stream()
                .map(Mechanism::word)
                .collect(Collectors.joining(" "));
    }

    private State startTls() throws IOException, Refusal {
        if (client.tls().isPresent()) {
            throw SmtpReply.tlsAlready();
        }
        client.startTls(SmtpReply.READY_FOR_TLS);
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
        List<Mechanism> offered =
                Mechanism.offered(
                        List.of(Mechanism.values()),
                        client.confidential(),
                        client.channelBinding().isPresent());
        if (!offered.contains(mechanism)) {
            throw SmtpReply.needsTls();
        }
        login.sasl(mechanism, auth.initial());
        return say(SmtpReply.LOGGED_IN, greeted);
    }

    // ---- a message

    private State mailFrom(State.Greeted greeted, SmtpCommand.MailFrom from)
            throws IOException, Refusal {
        boolean forPrograms = client.port().number() != SmtpService.SMTP.number();
        if (forPrograms && client.account().isEmpty()) {
            throw SmtpReply.logInFirst(); // RFC 6409 §4.3
        }
        if (from.size().orElse(0) > settings.messageSize().bytes()) {
            throw tooLarge(); // RFC 1870 §6.1
        }
        Envelope envelope = new Envelope(from.from(), from.utf8());
        return say(SmtpReply.SENDER_OK, new State.Transaction(greeted, envelope));
    }

    private State rcptTo(State.Transaction transaction, SmtpCommand.RcptTo to)
            throws IOException, Refusal, StoreException {
        Envelope envelope = transaction.envelope();
        Address address = to.to();
        if (address.international() && !envelope.utf8()) {
            throw SmtpReply.needsUtf8();
        }
        if (!address.domain().isEmpty() && !accounts.isLocal(address.domain())) {
            throw SmtpReply.relayDenied();
        }
        Set<Account> reached = accounts.recipients(address.toString());
        if (reached.isEmpty()) {
            throw SmtpReply.unknownMailbox();
        }
        if (envelope.recipients().size() >= settings.recipients()) {
            throw SmtpReply.tooManyRecipients(); // RFC 5321 §4.5.3.1.10
        }
        envelope.add(address, reached);
        return say(SmtpReply.RECIPIENT_OK, transaction);
    }

    private State data(State.Transaction transaction) throws IOException, Refusal, StoreException {
        Envelope envelope = transaction.envelope();
        if (envelope.recipients().isEmpty()) {
            throw SmtpReply.noRecipients();
        }
        Draft draft = mail.draft();
        messages++;
        String id = client.id() + "." + messages;
        Incoming incoming = new Incoming(draft);
        boolean delivered = false;
        try {
            client.writeLine(SmtpReply.GO_AHEAD);
            State.Greeted greeted = transaction.greeted();
            incoming.begin(
                    TraceFields.of(
                            client,
                            id,
                            site,
                            greeted.name(),
                            greeted.extended(),
                            envelope,
                            clock.instant()));
            DotReader.Result result =
                    new DotReader(
                                    client::arrived,
                                    client::traceBody,
                                    settings.messageSize().bytes(),
                                    incoming)
                            .read();
            if (result == DotReader.Result.FALSE_END) {
                return say(SmtpReply.FALSE_END, new State.Over());
            }
            if (result == DotReader.Result.ENDLESS) {
                return say(tooLarge().reply(), new State.Over());
            }
            refuseUnlessWhole(result, incoming);
            mail.deliver(draft, envelope.accounts());
            delivered = true;
            client.pardoned();
            return say("250 2.0.0 delivered as " + id, greeted);
        } catch (StoreException e) {
            client.log().error("a message could not be stored", e);
            refuse(
                    e.kind() == StoreException.Kind.FULL
                            ? SmtpReply.diskFull()
                            : SmtpReply.notOnDisk());
        } catch (Refusal e) {
            refuse(e);
        } finally {
            if (!delivered) {
                draft.discard();
            }
        }
        return transaction
                .greeted(); // RFC 5321 §4.1.1.4: whatever the reply, the buffers are clear
    }

    private void refuseUnlessWhole(DotReader.Result result, Incoming incoming)
            throws Refusal, StoreException {
        switch (result) {
            case WHOLE -> {
                incoming.checkStored();
                if (incoming.looping()) {
                    throw SmtpReply.looping(); // RFC 5321 §6.3
                }
            }
            case TOO_LARGE, ENDLESS -> throw tooLarge();
            case MALFORMED, FALSE_END -> throw SmtpReply.malformedMessage();
        }
    }

    private Refusal tooLarge() {
        return SmtpReply.tooLarge(settings.messageSize().bytes());
    }
}
