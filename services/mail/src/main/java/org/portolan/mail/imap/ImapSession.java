package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.auth.LoginGuard;
import org.portolan.auth.Mechanism;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.MalformedLine;
import org.portolan.mail.LoginDialogue;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.wire.Refusal;

/** One IMAP conversation: a method for each state, a case for each command. */
final class ImapSession {
    /** RFC 9051 §3. */
    private sealed interface State {
        /** Nobody logged in yet. */
        record NotAuthenticated() implements State {}

        /** Somebody did. */
        record Authenticated(Account account) implements State {}

        /** Somebody has a mailbox open. */
        record Selected(Account account, Selection selection) implements State {}

        /** After LOGOUT. */
        record Over() implements State {}
    }

    /** LOGIN is a command of IMAP, and no mechanism. */
    private static final List<Mechanism> MECHANISMS =
            List.of(Mechanism.SCRAM_SHA_256_PLUS, Mechanism.SCRAM_SHA_256, Mechanism.PLAIN);

    private final Connection client;
    private final String site;
    private final ImapSettings settings;
    private final Mail mail;
    private final Clock clock;
    private final LoginDialogue login;
    private final ImapPeer peer;
    private final CommandReader reader;
    private State state = new State.NotAuthenticated();
    private String tag = "*";

    ImapSession(
            Connection client,
            String site,
            ImapSettings settings,
            Accounts accounts,
            LoginGuard guard,
            Mail mail,
            Events events,
            Clock clock) {
        this.client = client;
        this.site = site;
        this.settings = settings;
        this.mail = mail;
        this.clock = clock;
        this.peer = new ImapPeer(client);
        this.reader = new CommandReader(client);
        this.login =
                new LoginDialogue(
                        accounts,
                        guard,
                        events,
                        client,
                        new LoginDialogue.Words(
                                ImapReply.AUTH_PROMPT,
                                ImapReply.AUTH_CANCELLED,
                                ImapReply.AUTH_MALFORMED,
                                ImapReply.AUTH_FAILED,
                                ImapReply.AUTH_REFUSED));
    }

    void converse() throws IOException {
        peer.say("* OK [CAPABILITY " + capabilities() + "] " + site + " IMAP Portolan");
        try {
            while (!(state instanceof State.Over)) {
                next();
            }
        } finally {
            if (state instanceof State.Selected selected) {
                selected.selection().close();
            }
        }
    }

    private boolean loggedIn() {
        return !(state instanceof State.NotAuthenticated);
    }

    private void next() throws IOException {
        tag = "*";
        try {
            peer.output().rest();
            CommandReader.Read read = reader.next(loggedIn());
            tag = CommandParser.tagOf(read.text());
            if (read.beforeMessage().isPresent()) {
                append(read);
            } else {
                state = obey(CommandParser.parse(read.text()));
            }
            if (loggedIn()) {
                client.pardoned();
            }
            endIfGone();
        } catch (MalformedLine e) {
            refuse(ImapReply.malformed(e.fault()).reply());
        } catch (CommandReader.Refused e) {
            tag = e.tag();
            refuse(e.reply());
        } catch (Refusal e) {
            refuse(e.reply());
        } catch (StoreException e) {
            client.log().error("a store failed", e);
            refuse(ImapReply.temporary().reply());
        }
    }

    /** A NO is an answer like others once somebody logged in; a BAD is none of these. */
    private void refuse(String reply) throws IOException {
        if (state instanceof State.Selected selected) {
            selected.selection().tell(false);
        }
        peer.say(tag + " " + reply);
        if (!loggedIn() || reply.startsWith("BAD")) {
            client.refused();
        }
    }

    /** Somebody else deleted the mailbox: nothing that is said of it would be true. */
    private void endIfGone() throws IOException {
        if (state instanceof State.Selected selected && selected.selection().gone()) {
            peer.say("* BYE the mailbox was deleted");
            selected.selection().close();
            state = new State.Over();
        }
    }

    // ---- the states

    private State obey(ImapCommand command) throws IOException, Refusal, StoreException {
        return switch (state) {
            case State.NotAuthenticated _ -> beforeLogin(command);
            case State.Authenticated authenticated ->
                    authenticated(authenticated.account(), command);
            case State.Selected selected -> selected(selected, command);
            case State.Over over -> over;
        };
    }

    private State beforeLogin(ImapCommand command) throws IOException, Refusal, StoreException {
        return switch (command) {
            case ImapCommand.Capability _ -> tellCapabilities();
            case ImapCommand.Noop _ -> ok("NOOP completed");
            case ImapCommand.Id _ -> id();
            case ImapCommand.Logout _ -> logout();
            case ImapCommand.StartTls _ -> startTls();
            case ImapCommand.Login named -> login(named);
            case ImapCommand.Authenticate named -> authenticate(named);
            case ImapCommand.Enable _,
                    ImapCommand.Compress _,
                    ImapCommand.Select _,
                    ImapCommand.Create _,
                    ImapCommand.Delete _,
                    ImapCommand.Rename _,
                    ImapCommand.Subscribe _,
                    ImapCommand.ListMailboxes _,
                    ImapCommand.Namespace _,
                    ImapCommand.Status _,
                    ImapCommand.Append _,
                    ImapCommand.Replace _,
                    ImapCommand.Idle _,
                    ImapCommand.Check _,
                    ImapCommand.Close _,
                    ImapCommand.Unselect _,
                    ImapCommand.Expunge _,
                    ImapCommand.Search _,
                    ImapCommand.Sort _,
                    ImapCommand.Fetch _,
                    ImapCommand.Store _,
                    ImapCommand.Copy _,
                    ImapCommand.GetQuota _,
                    ImapCommand.GetQuotaRoot _,
                    ImapCommand.SetQuota _ ->
                    throw ImapReply.logInFirst();
        };
    }

    private State authenticated(Account account, ImapCommand command)
            throws IOException, Refusal, StoreException {
        MailboxVerbs mailboxes = mailboxes(account);
        switch (command) {
            case ImapCommand.Capability _ -> {
                return tellCapabilities();
            }
            case ImapCommand.Id _ -> {
                return id();
            }
            case ImapCommand.Logout _ -> {
                return logout();
            }
            case ImapCommand.Select select -> {
                return select(account, select);
            }
            case ImapCommand.Idle _ -> {
                return idle();
            }
            case ImapCommand.Create create -> {
                peer.say(tag + " " + mailboxes.create(create));
                return state;
            }
            case ImapCommand.Compress compress -> {
                return compress(compress);
            }
            case ImapCommand.Noop _ -> {}
            case ImapCommand.Enable enable -> enable(enable);
            case ImapCommand.Delete delete -> mailboxes.delete(delete.mailbox());
            case ImapCommand.Rename rename -> mailboxes.rename(rename);
            case ImapCommand.Subscribe subscribe -> mailboxes.subscribe(subscribe);
            case ImapCommand.ListMailboxes list -> mailboxes.list(list);
            case ImapCommand.Namespace _ -> mailboxes.namespace();
            case ImapCommand.Status status -> mailboxes.status(status);
            case ImapCommand.GetQuota quota -> mailboxes.quota(quota.root());
            case ImapCommand.GetQuotaRoot root -> mailboxes.quotaRoot(root.mailbox());
            case ImapCommand.SetQuota _ -> throw ImapReply.noPermission();
            case ImapCommand.StartTls _, ImapCommand.Login _, ImapCommand.Authenticate _ ->
                    throw ImapReply.loggedInAlready();
            case ImapCommand.Append _, ImapCommand.Replace _ ->
                    throw ImapReply.syntax("a message is missing");
            case ImapCommand.Check _,
                    ImapCommand.Close _,
                    ImapCommand.Unselect _,
                    ImapCommand.Expunge _,
                    ImapCommand.Search _,
                    ImapCommand.Sort _,
                    ImapCommand.Fetch _,
                    ImapCommand.Store _,
                    ImapCommand.Copy _ ->
                    throw ImapReply.selectFirst();
        }
        return ok("completed");
    }

    private State selected(State.Selected in, ImapCommand command)
            throws IOException, Refusal, StoreException {
        Selection selection = in.selection();
        MessageVerbs verbs = new MessageVerbs(mail, clock, peer, selection, tag);
        switch (command) {
            case ImapCommand.Fetch fetch -> {
                return said(verbs.fetch(fetch), fetch.uid());
            }
            case ImapCommand.Store store -> {
                return said(verbs.store(store), store.uid());
            }
            case ImapCommand.Search search -> {
                return said(verbs.search(search), search.uid());
            }
            case ImapCommand.Sort sort -> {
                return said(verbs.sort(sort), sort.uid());
            }
            case ImapCommand.Copy copy -> {
                String answer = verbs.copy(copy, mailboxes(in.account()));
                return said(answer, true);
            }
            case ImapCommand.Expunge expunge -> {
                return said(verbs.expunge(expunge), true);
            }
            case ImapCommand.Check _ -> {
                return said("OK CHECK completed", true);
            }
            case ImapCommand.Noop _ -> {
                return said("OK NOOP completed", true);
            }
            case ImapCommand.Close _ -> {
                verbs.expungeSilently();
                return unselect(in, "CLOSE");
            }
            case ImapCommand.Unselect _ -> {
                return unselect(in, "UNSELECT");
            }
            case ImapCommand.Delete delete -> {
                mailboxes(in.account()).delete(delete.mailbox());
                return selection.gone() ? unselect(in, "DELETE") : ok("DELETE completed");
            }
            case ImapCommand.Capability _,
                    ImapCommand.Logout _,
                    ImapCommand.Id _,
                    ImapCommand.StartTls _,
                    ImapCommand.Authenticate _,
                    ImapCommand.Login _,
                    ImapCommand.Enable _,
                    ImapCommand.Compress _,
                    ImapCommand.Select _,
                    ImapCommand.Create _,
                    ImapCommand.Rename _,
                    ImapCommand.Subscribe _,
                    ImapCommand.ListMailboxes _,
                    ImapCommand.Namespace _,
                    ImapCommand.Status _,
                    ImapCommand.Append _,
                    ImapCommand.Replace _,
                    ImapCommand.Idle _,
                    ImapCommand.GetQuota _,
                    ImapCommand.GetQuotaRoot _,
                    ImapCommand.SetQuota _ -> {
                return authenticated(in.account(), command);
            }
        }
    }

    private MailboxVerbs mailboxes(Account account) {
        return new MailboxVerbs(mail, peer, account, settings.messageSize().bytes());
    }

    /**
     * Tells what changed, then the tagged answer. RFC 9051 §7.5.1: after FETCH, STORE and SEARCH
     * nobody hears of messages that are gone, but after their UID forms and all else.
     */
    private State said(String answer, boolean mayExpunge) throws IOException {
        String words = answer;
        if (state instanceof State.Selected selected) {
            selected.selection().withUids(mayExpunge && answer.contains("UID"));
            selected.selection().tell(mayExpunge);
            words = answer.replace("[HIGHESTMODSEQ]", modSeqCode(selected.selection()));
        }
        peer.say(tag + " " + words);
        return state;
    }

    private static String modSeqCode(Selection selection) {
        return "[HIGHESTMODSEQ " + selection.toldModSeq() + "]";
    }

    private State ok(String words) throws IOException {
        return said("OK " + words, true);
    }

    // ---- before the log-in

    private String capabilities() {
        List<String> words = new ArrayList<>(List.of("IMAP4rev2", "IMAP4rev1", "LITERAL+"));
        if (loggedIn()) {
            words.addAll(
                    List.of(
                            "ID",
                            "ENABLE",
                            "IDLE",
                            "NAMESPACE",
                            "UIDPLUS",
                            "MOVE",
                            "UNSELECT",
                            "CHILDREN",
                            "SPECIAL-USE",
                            "CREATE-SPECIAL-USE",
                            "LIST-EXTENDED",
                            "LIST-STATUS",
                            "STATUS=SIZE",
                            "ESEARCH",
                            "SEARCHRES",
                            "WITHIN",
                            "SORT",
                            "SORT=DISPLAY",
                            "ESORT",
                            "CONDSTORE",
                            "QRESYNC",
                            "BINARY",
                            "MULTIAPPEND",
                            "REPLACE",
                            "UTF8=ACCEPT",
                            "OBJECTID",
                            "SAVEDATE",
                            "PREVIEW",
                            "QUOTA",
                            "QUOTA=RES-STORAGE",
                            "QUOTA=RES-MESSAGE"));
            words.add("APPENDLIMIT=" + settings.messageSize().bytes()); // RFC 7889
            if (!client.deflated()) {
                words.add("COMPRESS=DEFLATE");
            }
            return String.join(" ", words);
        }
        words.addAll(List.of("SASL-IR", "ID", "ENABLE"));
        if (client.tls().isEmpty()) {
            words.add("STARTTLS");
        }
        if (!client.confidential()) {
            words.add("LOGINDISABLED"); // RFC 9051 §6.2.3
        }
        for (Mechanism mechanism : offered()) {
            words.add("AUTH=" + mechanism.word());
        }
        return String.join(" ", words);
    }

    private List<Mechanism> offered() {
        return Mechanism.offered(
                MECHANISMS, client.confidential(), client.channelBinding().isPresent());
    }

    private State tellCapabilities() throws IOException {
        peer.say("* CAPABILITY " + capabilities());
        return ok("CAPABILITY completed");
    }

    private State id() throws IOException {
        peer.say("* ID (\"name\" \"Portolan\")");
        return ok("ID completed");
    }

    private State logout() throws IOException {
        peer.say(List.of("* BYE goodbye", tag + " OK LOGOUT completed"));
        if (state instanceof State.Selected selected) {
            selected.selection().close();
        }
        return new State.Over();
    }

    private State startTls() throws IOException, Refusal {
        if (client.tls().isPresent()) {
            throw ImapReply.tlsAlready();
        }
        client.startTls(tag + " OK begin TLS");
        return state;
    }

    private State login(ImapCommand.Login named) throws IOException, Refusal, StoreException {
        if (!client.confidential()) {
            throw ImapReply.needsTls();
        }
        return welcome(login.password(text(named.name()), text(named.password())));
    }

    private static String text(String raw) {
        return new String(raw.getBytes(ISO_8859_1), UTF_8);
    }

    private State authenticate(ImapCommand.Authenticate named)
            throws IOException, Refusal, StoreException {
        Mechanism mechanism =
                Mechanism.named(named.mechanism())
                        .filter(MECHANISMS::contains)
                        .orElseThrow(ImapReply::unknownMechanism);
        if (!offered().contains(mechanism)) {
            throw ImapReply.needsTls();
        }
        return welcome(login.sasl(mechanism, named.initial(), client.channelBinding()));
    }

    private State welcome(Account account) throws IOException, StoreException {
        state = new State.Authenticated(account);
        mail.prepare(account);
        peer.say(tag + " OK [CAPABILITY " + capabilities() + "] welcome");
        return state;
    }

    // ---- after it

    private void enable(ImapCommand.Enable command) throws IOException {
        StringBuilder enabled = new StringBuilder("* ENABLED");
        List<Extension> news = new ArrayList<>();
        for (String word : command.extensions()) {
            Optional<Extension> extension =
                    switch (word) {
                        case "IMAP4REV2" -> Optional.of(Extension.IMAP4REV2);
                        case "CONDSTORE" -> Optional.of(Extension.CONDSTORE);
                        case "QRESYNC" -> Optional.of(Extension.QRESYNC);
                        case "UTF8=ACCEPT" -> Optional.of(Extension.UTF8_ACCEPT);
                        default -> Optional.empty(); // RFC 5161 §3.1: others are passed over
                    };
            if (extension.isPresent() && peer.enable(extension.get())) {
                enabled.append(' ').append(word.equals("IMAP4REV2") ? "IMAP4rev2" : word);
                news.add(extension.get());
            }
        }
        peer.say(enabled.toString());
        for (Extension extension : news) {
            tellModSeq(extension);
        }
    }

    /** RFC 7162 §3.1.2: whoever begins to look at mod-sequences has to know where they stand. */
    private void tellModSeq(Extension extension) throws IOException {
        boolean looks = extension == Extension.CONDSTORE || extension == Extension.QRESYNC;
        if (looks && state instanceof State.Selected selected) {
            peer.say("* OK " + modSeqCode(selected.selection()) + " mod-sequences are told");
        }
    }

    private State compress(ImapCommand.Compress command) throws IOException, Refusal {
        if (!command.algorithm().equals("DEFLATE")) {
            throw ImapReply.unknownCompression();
        }
        if (client.deflated()) {
            throw ImapReply.compressedAlready();
        }
        client.deflate(tag + " OK DEFLATE active");
        return state;
    }

    private State select(Account account, ImapCommand.Select command)
            throws IOException, Refusal, StoreException {
        if (state instanceof State.Selected selected) { // RFC 9051 §6.3.2: even if it fails
            selected.selection().close();
            state = new State.Authenticated(account);
            peer.say("* OK [CLOSED] the mailbox before is closed");
        }
        Idling idling = new Idling(peer);
        SelectVerb verb = new SelectVerb(mail, peer, mailboxes(account), idling);
        Selection selection = verb.open(command);
        idling.of(selection);
        state = new State.Selected(account, selection);
        verb.tell(command, selection);
        String access = selection.readOnly() ? "READ-ONLY" : "READ-WRITE";
        peer.say(
                "%s OK [%s] %s completed"
                        .formatted(tag, access, command.readOnly() ? "EXAMINE" : "SELECT"));
        return state;
    }

    private State unselect(State.Selected selected, String verb) throws IOException {
        Optional<String> code =
                verb.equals("CLOSE") ? selected.selection().codeOfModSeq() : Optional.empty();
        selected.selection().close();
        peer.say(tag + " OK " + code.orElse("") + verb + " completed");
        return new State.Authenticated(selected.account());
    }

    private State idle() throws IOException, Refusal {
        if (state instanceof State.Selected selected) {
            selected.selection().idling().idle(selected.selection());
        } else {
            peer.say(ImapReply.IDLING);
            Idling.awaitDone(client);
        }
        return ok("IDLE completed");
    }

    private void append(CommandReader.Read first)
            throws IOException, Refusal, StoreException, CommandReader.Refused {
        Optional<Account> account =
                switch (state) {
                    case State.Authenticated in -> Optional.of(in.account());
                    case State.Selected in -> Optional.of(in.account());
                    case State.NotAuthenticated _, State.Over _ -> Optional.empty();
                };
        MailboxVerbs mailboxes = mailboxes(account.orElseThrow(ImapReply::logInFirst));
        AppendVerb verb =
                new AppendVerb(mail, clock, client, reader, settings.messageSize().bytes());
        boolean kept = false;
        try {
            AppendVerb.Received received =
                    verb.receive(first, command -> beforeMessages(mailboxes, command));
            Additions additions = new Additions(mail, mailboxes);
            String answer =
                    switch (received.command()) {
                        case ImapCommand.Append append ->
                                additions.append(append, received.additions());
                        case ImapCommand.Replace replace ->
                                additions.replace(replace, received.additions(), selection());
                        default -> throw ImapReply.unknownCommand();
                    };
            kept = true;
            said(answer, true);
        } finally {
            if (!kept) {
                verb.discard();
            }
        }
    }

    private Selection selection() throws Refusal {
        if (state instanceof State.Selected selected) {
            return selected.selection();
        }
        throw ImapReply.selectFirst();
    }

    /** What would be refused anyhow is refused before its bytes are sent. */
    private void beforeMessages(MailboxVerbs mailboxes, ImapCommand command)
            throws Refusal, StoreException {
        switch (command) {
            case ImapCommand.Append append -> mailboxes.target(append.mailbox());
            case ImapCommand.Replace replace -> {
                mailboxes.target(replace.mailbox());
                Additions.checked(selection(), replace);
            }
            default -> throw ImapReply.unknownCommand();
        }
    }
}
