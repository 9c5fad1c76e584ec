package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.kernel.Ports;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.View;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * One FTP conversation: a method for each state, a case for each command. While a transfer runs in
 * a thread of its own, ABOR and STAT are answered, and anything else waits for its end.
 */
final class FtpSession {
    /** What services an FTP conversation is made of. */
    record Site(
            String name,
            FtpSettings settings,
            Accounts accounts,
            LoginGuard guard,
            FileTree tree,
            Events events,
            Ports ports,
            Clock clock) {}

    /** RFC 959 §5. */
    private sealed interface State {
        /** Nobody logged in yet. */
        record Stranger(Optional<String> user) implements State {}

        /** Somebody who sees files. */
        record Visitor(FtpVisit visit) implements State {}

        /** After QUIT. */
        record Over() implements State {}
    }

    private static final State AT_START = new State.Stranger(Optional.empty());
    private static final List<String> STRANGERS = List.of("anonymous", "ftp"); // RFC 1635

    private final Connection client;
    private final Site site;
    private final FtpLogin login;
    private DataChannel channel;

    FtpSession(Connection client, Site site) {
        this.client = client;
        this.site = site;
        this.login = new FtpLogin(site.accounts(), site.guard(), site.events(), client);
        this.channel = newChannel();
    }

    /** Who speaks TLS from the first byte on means it for the data, too. */
    private DataChannel newChannel() {
        boolean implicit = client.port().equals(FtpService.FTPS);
        return new DataChannel(client, site.ports(), site.settings(), implicit);
    }

    void converse() throws IOException {
        client.writeLine(FtpReply.greeting(site.name()));
        State state = AT_START;
        try {
            while (!(state instanceof State.Over)) {
                state = next(state);
            }
        } finally {
            leave(state);
        }
    }

    /** A transfer does not outlive the conversation that would be told of its end. */
    private void leave(State state) throws IOException {
        channel.forget();
        if (state instanceof State.Visitor(FtpVisit visit)) {
            visit.leave();
        }
    }

    private State next(State state) throws IOException {
        try {
            FtpCommand command = FtpCommand.parse(client.readLine());
            return switch (state) {
                case State.Stranger stranger -> beforeLogin(stranger, command);
                case State.Visitor visitor -> visiting(visitor, command);
                case State.Over over -> over;
            };
        } catch (MalformedLine e) {
            refuse(state, FtpReply.malformed(e.fault()));
        } catch (Refusal e) {
            refuse(state, e);
        } catch (FileProblem e) {
            refuse(state, FtpReply.of(client, e));
        } catch (StoreException e) {
            client.log().error("a store failed", e);
            refuse(state, FtpReply.temporary());
        }
        return state;
    }

    /** Answers come in the order of the commands: a transfer's own is said before. */
    private void refuse(State state, Refusal refusal) throws IOException {
        if (state instanceof State.Visitor(FtpVisit visit)) {
            visit.awaitTransfer();
        }
        client.writeLine(refusal.reply());
        client.refused();
    }

    private State say(String reply, State next) throws IOException {
        client.writeLine(reply);
        return next;
    }

    // ---- the states

    private State beforeLogin(State.Stranger state, FtpCommand command)
            throws IOException, Refusal, StoreException, FileProblem {
        return switch (command) {
            case FtpCommand.User user -> user(user.name());
            case FtpCommand.Pass pass -> pass(state, pass.password());
            case FtpCommand.Host host -> host(host.name(), state);
            case FtpCommand.Auth auth -> auth(auth.mechanism());
            case FtpCommand.Reinitialize _ -> say(FtpReply.READY_FOR_USER, AT_START);
            case FtpCommand.BufferSize _,
                    FtpCommand.Protect _,
                    FtpCommand.ClearControl _,
                    FtpCommand.Features _,
                    FtpCommand.Options _,
                    FtpCommand.ClientName _,
                    FtpCommand.SystemType _,
                    FtpCommand.Help _,
                    FtpCommand.Noop _,
                    FtpCommand.Language _,
                    FtpCommand.Quit _ ->
                    always(command, Listings.ALL_FACTS, state);
            case FtpCommand.Status status -> {
                if (status.path().isPresent()) {
                    throw FtpReply.logInFirst();
                }
                yield status("nobody is logged in", "nothing was transferred", state);
            }
            case FtpCommand.Type _,
                    FtpCommand.Active _,
                    FtpCommand.Passive _,
                    FtpCommand.ExtendedPassive _,
                    FtpCommand.OnlyExtendedPassive _,
                    FtpCommand.WhereAmI _,
                    FtpCommand.Enter _,
                    FtpCommand.MakeFolder _,
                    FtpCommand.RemoveFolder _,
                    FtpCommand.Delete _,
                    FtpCommand.RenameFrom _,
                    FtpCommand.RenameTo _,
                    FtpCommand.SizeOf _,
                    FtpCommand.ModifiedOf _,
                    FtpCommand.SetModified _,
                    FtpCommand.SetMode _,
                    FtpCommand.Available _,
                    FtpCommand.Hash _,
                    FtpCommand.Facts _,
                    FtpCommand.ListLong _,
                    FtpCommand.ListNames _,
                    FtpCommand.ListFacts _,
                    FtpCommand.Restart _,
                    FtpCommand.Retrieve _,
                    FtpCommand.Store _,
                    FtpCommand.StoreUnique _,
                    FtpCommand.Append _,
                    FtpCommand.Abort _ ->
                    throw FtpReply.logInFirst();
        };
    }

    private State visiting(State.Visitor state, FtpCommand command)
            throws IOException, Refusal, StoreException, FileProblem {
        FtpVisit visit = state.visit();
        switch (command) { // two that a transfer does not keep waiting
            case FtpCommand.Abort _ -> {
                return say(visit.abort(), state);
            }
            case FtpCommand.Status(Optional<String> path) when path.isEmpty() -> {
                return status(visit.who(), visit.status(), state);
            }
            case FtpCommand _ -> visit.awaitTransfer();
        }
        return switch (command) {
            case FtpCommand.User _, FtpCommand.Pass _, FtpCommand.Auth _, FtpCommand.Host _ ->
                    throw FtpReply.loggedInAlready();
            case FtpCommand.Reinitialize _ -> reinitialize();
            case FtpCommand.Options options when options.command().equals("MLST") ->
                    say("200 MLST OPTS " + visit.listings().choose(options.value()), state);
            case FtpCommand.BufferSize _,
                    FtpCommand.Protect _,
                    FtpCommand.ClearControl _,
                    FtpCommand.Features _,
                    FtpCommand.Options _,
                    FtpCommand.ClientName _,
                    FtpCommand.SystemType _,
                    FtpCommand.Help _,
                    FtpCommand.Noop _,
                    FtpCommand.Language _,
                    FtpCommand.Quit _ ->
                    always(command, visit.listings().features(), state);
            case FtpCommand.Active active -> {
                channel.active(active.host(), active.port());
                yield say(FtpReply.OK, state);
            }
            case FtpCommand.Passive _ -> say(channel.passive(), state);
            case FtpCommand.ExtendedPassive extended ->
                    say(channel.extendedPassive(extended.family()), state);
            case FtpCommand.OnlyExtendedPassive _ -> {
                channel.onlyExtended();
                yield say("200 only EPSV from now on", state);
            }
            case FtpCommand.ListLong _,
                    FtpCommand.ListNames _,
                    FtpCommand.ListFacts _,
                    FtpCommand.Retrieve _,
                    FtpCommand.Store _,
                    FtpCommand.StoreUnique _,
                    FtpCommand.Append _ -> {
                dataIsAllowed();
                yield say(visit.transfer(command, channel), state, visit);
            }
            case FtpCommand.Abort _ -> say(FtpReply.NOTHING_TO_ABORT, state);
            case FtpCommand.Type _,
                    FtpCommand.Restart _,
                    FtpCommand.WhereAmI _,
                    FtpCommand.Enter _,
                    FtpCommand.MakeFolder _,
                    FtpCommand.RemoveFolder _,
                    FtpCommand.Delete _,
                    FtpCommand.RenameFrom _,
                    FtpCommand.RenameTo _,
                    FtpCommand.SizeOf _,
                    FtpCommand.ModifiedOf _,
                    FtpCommand.SetModified _,
                    FtpCommand.SetMode _,
                    FtpCommand.Available _,
                    FtpCommand.Hash _,
                    FtpCommand.Facts _,
                    FtpCommand.Status _ -> {
                visit.answer(command);
                yield state;
            }
        };
    }

    /** The opening reply is on its way before the transfer can say its last word. */
    private State say(String reply, State next, FtpVisit visit) throws IOException {
        client.writeLine(reply);
        visit.begin();
        return next;
    }

    /** What is answered in both states. */
    private State always(FtpCommand command, String facts, State state)
            throws IOException, Refusal {
        return switch (command) {
            case FtpCommand.BufferSize _ -> {
                channel.bufferSize();
                yield say("200 PBSZ=0", state); // RFC 4217 §9: TLS has no buffer to size
            }
            case FtpCommand.Protect protect -> {
                channel.protect(protect.level());
                yield say(
                        "200 data goes " + (channel.secured() ? "in TLS" : "in the clear"), state);
            }
            case FtpCommand.ClearControl _ -> throw FtpReply.clearControl();
            case FtpCommand.Features _ -> features(facts, state);
            case FtpCommand.Options options -> options(options, state);
            case FtpCommand.ClientName name -> {
                client.log().info("the client is {}", name.name());
                yield say(FtpReply.OK, state);
            }
            case FtpCommand.SystemType _ -> say(FtpReply.SYSTEM, state);
            case FtpCommand.Help _ -> {
                client.writeLines(FtpReply.help());
                yield state;
            }
            case FtpCommand.Noop noop -> say(noop.reply(), state);
            case FtpCommand.Language language -> language(language.tag(), state);
            case FtpCommand.Quit _ -> say(FtpReply.GOODBYE, new State.Over());
            case FtpCommand other -> throw new IllegalArgumentException(other.toString());
        };
    }

    // ---- logging in

    private State user(String raw) throws IOException, Refusal {
        String name = decoded(raw);
        boolean stranger = isStranger(name);
        if (!stranger && !client.confidential() && !site.settings().clearText()) {
            throw FtpReply.passwordNeedsTls();
        }
        return say(
                stranger && site.settings().anonymous()
                        ? "331 send your address as the password, if you like" // RFC 1635
                        : FtpReply.SEND_PASSWORD, // whether there is such a user tells only PASS
                new State.Stranger(Optional.of(name)));
    }

    private static boolean isStranger(String name) {
        return STRANGERS.stream().anyMatch(word -> Ascii.same(word, name));
    }

    private State pass(State.Stranger state, String raw)
            throws IOException, Refusal, StoreException, FileProblem {
        String name = state.user().orElseThrow(FtpReply::userFirst);
        if (isStranger(name) && site.settings().anonymous()) {
            client.loggedIn("anonymous");
            View view = site.tree().strangersView(client.service().name(), client.id());
            return enter(view, "anonymous");
        }
        if (!client.confidential() && !site.settings().clearText()) {
            throw FtpReply.passwordNeedsTls();
        }
        Account account = login.password(name, decoded(raw));
        View view = site.tree().view(account, client.service().name(), client.id());
        return enter(view, account.name());
    }

    private State enter(View view, String who) throws IOException {
        FtpVisit visit = new FtpVisit(client, site, view, who);
        return say("230 welcome, " + FtpReply.text(who), new State.Visitor(visit));
    }

    /** Lines come as ISO-8859-1; names and passwords are UTF-8. */
    private static String decoded(String raw) {
        return new String(raw.getBytes(ISO_8859_1), UTF_8);
    }

    /** RFC 7151 §3: there is one host here, whatever its letters' case. */
    private State host(String name, State.Stranger state) throws IOException, Refusal {
        boolean literal = name.startsWith("[") && name.endsWith("]");
        if (!literal && !Ascii.same(name, site.name())) {
            throw FtpReply.unknownHost();
        }
        return say("220 " + site.name(), state);
    }

    private State auth(String mechanism) throws IOException, Refusal {
        if (!List.of("TLS", "TLS-C", "SSL").contains(mechanism)) {
            throw FtpReply.unknownMechanism();
        }
        if (client.tls().isPresent()) {
            throw FtpReply.tlsAlready();
        }
        client.startTls(FtpReply.READY_FOR_TLS);
        return AT_START; // RFC 4217 §4: what was said before TLS is forgotten
    }

    private State reinitialize() throws IOException {
        client.loggedIn("");
        channel.forget();
        channel = newChannel();
        return say(FtpReply.READY_FOR_USER, AT_START);
    }

    /** Who may not show a password in the clear may not show files either. */
    private void dataIsAllowed() throws Refusal {
        boolean own = !client.account().equals("anonymous");
        if (own
                && !channel.secured()
                && !client.peer().loopback()
                && !site.settings().clearText()) {
            throw FtpReply.dataNeedsTls();
        }
    }

    // ---- about the conversation

    private State features(String facts, State state) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("211-beyond RFC 959 there is:");
        lines.add(" AUTH TLS");
        lines.add(" AVBL");
        lines.add(" EPRT");
        lines.add(" EPSV");
        lines.add(" HASH SHA-256*");
        lines.add(" HOST");
        lines.add(" LANG EN*");
        lines.add(" MDTM");
        lines.add(" MFMT");
        lines.add(" MLST " + facts);
        lines.add(" PBSZ");
        lines.add(" PROT");
        lines.add(" REST STREAM");
        lines.add(" SIZE");
        lines.add(" TVFS");
        lines.add(" UTF8");
        lines.add("211 end");
        client.writeLines(lines);
        return state;
    }

    private State options(FtpCommand.Options options, State state) throws IOException, Refusal {
        return switch (options.command()) {
            case "UTF8", "UTF-8" -> { // names are UTF-8 whatever is asked
                if (Ascii.same(options.value(), "OFF")) {
                    throw FtpReply.parameterNotDone("names are UTF-8 here");
                }
                yield say(FtpReply.OK, state);
            }
            case "HASH" -> {
                if (!options.value().isEmpty() && !Ascii.same(options.value(), "SHA-256")) {
                    throw FtpReply.parameterNotDone("only SHA-256 is done here");
                }
                yield say("200 SHA-256", state);
            }
            case "MLST" -> throw FtpReply.logInFirst();
            default -> throw FtpReply.syntax("that command has no options"); // RFC 2389 §4
        };
    }

    private State language(String tag, State state) throws IOException, Refusal {
        String wanted = Ascii.upper(tag);
        if (!wanted.isEmpty() && !wanted.equals("EN") && !wanted.startsWith("EN-")) {
            throw FtpReply.parameterNotDone("only English is spoken here");
        }
        return say("200 English is spoken here", state);
    }

    private State status(String who, String transfer, State state) throws IOException {
        client.writeLines(
                List.of(
                        "211-" + site.name() + ", FTP Portolan",
                        " you are at " + client.peer(),
                        " " + who,
                        " the conversation goes "
                                + client.tls().map(t -> "in " + t.version()).orElse("in the clear"),
                        " data goes " + (channel.secured() ? "in TLS" : "in the clear"),
                        " " + transfer,
                        "211 end"));
        client.flush(); // a transfer may keep the next read from waiting
        return state;
    }
}
