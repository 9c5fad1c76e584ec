package org.portolan.mail.pop3;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.Mechanism;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.mail.DotWriter;
import org.portolan.mail.LoginDialogue;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Message;
import org.portolan.wire.Refusal;

/** One POP3 conversation: a method for each state, a case for each command. */
final class Pop3Session {
    /** RFC 1939 §3. */
    private sealed interface State {
        /** Nobody logged in yet. */
        record Authorization(Optional<String> user) implements State {}

        /** Somebody reads a maildrop. */
        record Transaction(Marked maildrop) implements State {}

        /** After QUIT. */
        record Over() implements State {}
    }

    /** PLAIN and SCRAM; LOGIN is no mechanism of POP3. */
    private static final List<Mechanism> MECHANISMS =
            List.of(Mechanism.SCRAM_SHA_256_PLUS, Mechanism.SCRAM_SHA_256, Mechanism.PLAIN);

    private static final State AT_START = new State.Authorization(Optional.empty());

    private final Connection client;
    private final String site;
    private final Mail mail;
    private final LoginDialogue login;

    /** The maildrop from the moment it is locked, so that others get in again however this ends. */
    private Optional<Marked> held = Optional.empty();

    Pop3Session(
            Connection client,
            String site,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events) {
        this.client = client;
        this.site = site;
        this.mail = mail;
        this.login =
                new LoginDialogue(
                        accounts,
                        guard,
                        events,
                        client,
                        new LoginDialogue.Words(
                                Pop3Reply.AUTH_PROMPT,
                                Pop3Reply.AUTH_CANCELLED,
                                Pop3Reply.AUTH_MALFORMED,
                                Pop3Reply.AUTH_FAILED,
                                Pop3Reply.AUTH_REFUSED));
    }

    void converse() throws IOException {
        client.writeLine("+OK " + site + " POP3 Portolan");
        State state = AT_START;
        try {
            while (!(state instanceof State.Over)) {
                state = next(state);
            }
        } finally {
            held.ifPresent(Marked::close); // not by QUIT: nothing is deleted (RFC 1939 §6)
        }
    }

    private State next(State state) throws IOException {
        try {
            Pop3Command command = Pop3Command.parse(client.readLine());
            return switch (state) {
                case State.Authorization authorization -> beforeLogin(authorization, command);
                case State.Transaction transaction -> reading(transaction, command);
                case State.Over over -> over;
            };
        } catch (MalformedLine e) {
            refuse(Pop3Reply.malformed(e.fault()));
        } catch (Refusal e) {
            refuse(e);
        } catch (StoreException e) {
            client.log().error("a store failed", e);
            refuse(Pop3Reply.temporary());
        }
        return state;
    }

    private void refuse(Refusal refusal) throws IOException {
        client.writeLine(refusal.reply());
        client.refused();
    }

    // ---- the states

    private State beforeLogin(State.Authorization state, Pop3Command command)
            throws IOException, Refusal, StoreException {
        return switch (command) {
            case Pop3Command.User user -> user(user);
            case Pop3Command.Pass pass -> pass(state, pass);
            case Pop3Command.Auth auth -> auth(state, auth);
            case Pop3Command.Capabilities _ -> capabilities(state);
            case Pop3Command.StartTls _ -> startTls();
            case Pop3Command.Noop _ -> say(Pop3Reply.OK, state);
            case Pop3Command.Quit _ -> say(Pop3Reply.GOODBYE, new State.Over());
            case Pop3Command.Stat _,
                    Pop3Command.ListSizes _,
                    Pop3Command.ListNames _,
                    Pop3Command.Retrieve _,
                    Pop3Command.Top _,
                    Pop3Command.Delete _,
                    Pop3Command.Reset _ ->
                    throw Pop3Reply.logInFirst();
        };
    }

    private State reading(State.Transaction state, Pop3Command command)
            throws IOException, Refusal, StoreException {
        Marked maildrop = state.maildrop();
        return switch (command) {
            case Pop3Command.Stat _ ->
                    say("+OK %d %d".formatted(maildrop.count(), maildrop.size()), state);
            case Pop3Command.ListSizes list ->
                    list(state, list.message(), message -> Long.toString(message.size()));
            case Pop3Command.ListNames list -> list(state, list.message(), maildrop::uniqueName);
            case Pop3Command.Retrieve retrieve -> retrieve(state, retrieve.message());
            case Pop3Command.Top top -> top(state, top);
            case Pop3Command.Delete delete -> {
                maildrop.delete(delete.message());
                yield say("+OK marked as deleted", state);
            }
            case Pop3Command.Reset _ -> {
                maildrop.reset();
                yield say("+OK nothing is marked as deleted", state);
            }
            case Pop3Command.Capabilities _ -> capabilities(state);
            case Pop3Command.Noop _ -> say(Pop3Reply.OK, state);
            case Pop3Command.Quit _ -> update(maildrop);
            case Pop3Command.User _,
                    Pop3Command.Pass _,
                    Pop3Command.Auth _,
                    Pop3Command.StartTls _ ->
                    throw Pop3Reply.loggedInAlready();
        };
    }

    private State say(String reply, State next) throws IOException {
        client.writeLine(reply);
        return next;
    }

    // ---- logging in

    private State capabilities(State state) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("+OK capabilities follow");
        lines.add("TOP");
        lines.add("UIDL");
        lines.add("RESP-CODES");
        lines.add("AUTH-RESP-CODE");
        lines.add("PIPELINING");
        lines.add("EXPIRE NEVER");
        if (client.confidential()) {
            lines.add("USER"); // RFC 2595 §2.2: not where it would show the password
        }
        lines.add("SASL " + mechanisms()); // RFC 2449 §6.2, §6.3: announced in both states
        if (client.tls().isEmpty() && state instanceof State.Authorization) {
            lines.add("STLS"); // RFC 2595 §4: in this state only
        }
        lines.add("IMPLEMENTATION Portolan");
        lines.add(".");
        client.writeLines(lines);
        return state;
    }

    private String mechanisms() {
        return offered().stream().map(Mechanism::word).collect(Collectors.joining(" "));
    }

    private List<Mechanism> offered() {
        return Mechanism.offered(
                MECHANISMS, client.confidential(), client.channelBinding().isPresent());
    }

    private State startTls() throws IOException, Refusal {
        if (client.tls().isPresent()) {
            throw Pop3Reply.tlsAlready();
        }
        client.startTls(Pop3Reply.READY_FOR_TLS);
        return AT_START; // RFC 2595 §4: what was said before TLS is forgotten
    }

    private State user(Pop3Command.User user) throws IOException, Refusal {
        if (!client.confidential()) {
            throw Pop3Reply.needsTls();
        }
        // whether there is such a user is told by nothing but PASS
        return say(Pop3Reply.SEND_PASSWORD, new State.Authorization(Optional.of(user.name())));
    }

    private State pass(State.Authorization state, Pop3Command.Pass pass)
            throws IOException, Refusal, StoreException {
        if (!client.confidential()) {
            throw Pop3Reply.needsTls();
        }
        String name = state.user().orElseThrow(Pop3Reply::userFirst);
        return open(login.password(decoded(name), decoded(pass.password())));
    }

    /**
     * Lines come as ISO-8859-1; names and passwords are UTF-8 (RFC 6856 §2.1 says so, if asked).
     */
    private static String decoded(String word) {
        return new String(
                word.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    private State auth(State.Authorization state, Pop3Command.Auth auth)
            throws IOException, Refusal, StoreException {
        if (auth.mechanism().isEmpty()) { // not in RFC 5034, but asked by old programs
            return listMechanisms(state);
        }
        Mechanism mechanism =
                Mechanism.named(auth.mechanism().get())
                        .filter(MECHANISMS::contains)
                        .orElseThrow(Pop3Reply::unknownMechanism);
        if (!offered().contains(mechanism)) {
            throw Pop3Reply.needsTls();
        }
        return open(login.sasl(mechanism, auth.initial(), client.channelBinding()));
    }

    private State listMechanisms(State state) throws IOException {
        client.writeLine("+OK mechanisms follow");
        for (Mechanism mechanism : offered()) {
            client.writeLine(mechanism.word());
        }
        return say(".", state);
    }

    private State open(Account account) throws IOException, Refusal, StoreException {
        Optional<Mail.Maildrop> maildrop = mail.lock(account);
        if (maildrop.isEmpty()) {
            client.loggedIn(""); // the name and password were right, but nobody is in
            throw Pop3Reply.inUse();
        }
        Marked marked = new Marked(maildrop.get());
        held = Optional.of(marked);
        client.writeLine("+OK %d messages, %d bytes".formatted(marked.count(), marked.size()));
        return new State.Transaction(marked);
    }

    // ---- the maildrop

    private State list(State.Transaction state, OptionalInt one, Function<Message, String> what)
            throws IOException, Refusal {
        Marked maildrop = state.maildrop();
        if (one.isPresent()) {
            Message message = maildrop.message(one.getAsInt());
            return say("+OK %d %s".formatted(one.getAsInt(), what.apply(message)), state);
        }
        client.writeLine("+OK " + maildrop.count() + " messages");
        for (int number = 1; number <= maildrop.last(); number++) {
            Optional<Message> message = maildrop.unmarked(number);
            if (message.isPresent()) {
                client.writeLine(number + " " + what.apply(message.get()));
            }
        }
        return say(".", state);
    }

    private State retrieve(State.Transaction state, int number) throws IOException, Refusal {
        Message message = state.maildrop().message(number);
        try (FileChannel body = body(state, message)) {
            client.writeLine("+OK " + message.size() + " bytes");
            if (message.dotted()) {
                new DotWriter(client::write).writeAll(body);
            } else {
                client.send(body, 0, message.size());
            }
        }
        return say(".", state);
    }

    private State top(State.Transaction state, Pop3Command.Top top) throws IOException, Refusal {
        Message message = state.maildrop().message(top.message());
        try (FileChannel body = body(state, message)) {
            client.writeLine(Pop3Reply.OK);
            new DotWriter(client::write).writeTop(body, top.lines());
        }
        return say(".", state);
    }

    private FileChannel body(State.Transaction state, Message message) throws Refusal {
        try {
            return state.maildrop().open(message);
        } catch (IOException e) {
            client.log().error("a message's body cannot be read", e);
            throw Pop3Reply.bodyMissing();
        }
    }

    /** The UPDATE state (RFC 1939 §6): what is marked goes, then everybody else may come in. */
    private State update(Marked maildrop) throws IOException {
        try {
            maildrop.commit();
            return say(Pop3Reply.GOODBYE, new State.Over());
        } catch (StoreException e) {
            client.log().error("messages could not be deleted", e);
            return say(Pop3Reply.notDeleted().reply(), new State.Over());
        } finally {
            maildrop.close();
        }
    }
}
