package org.portolan.mail.imap;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/** Turns a command's text into its record. */
final class CommandParser {
    private static final int MOST_MESSAGES = 1000;

    /** A command with the tag that its answer carries. */
    record Tagged(String tag, ImapCommand command) {}

    private final CommandText text;

    private CommandParser(CommandText text) {
        this.text = text;
    }

    /** The tag of {@code line}, or {@code *} where there is none, for the refusal of the rest. */
    static String tagOf(String line) {
        try {
            return new CommandText(line).tag();
        } catch (Refusal none) { // RFC 9051 §7.1.3: untagged, where the command is not known
            return "*";
        }
    }

    /**
     * Parses a whole command.
     *
     * @throws Refusal with the answer, without its tag
     */
    static ImapCommand parse(String whole) throws Refusal {
        CommandText text = new CommandText(whole);
        text.tag();
        text.space();
        return new CommandParser(text).command();
    }

    /**
     * The APPEND or REPLACE that {@code soFar}, the text up to the head of a literal, is: empty if
     * it is another command, or one whose literal is no message.
     */
    static Optional<ImapCommand> messageFollows(String soFar) throws Refusal {
        CommandText text = new CommandText(soFar);
        text.tag();
        text.space();
        boolean uid = text.takeWord("UID");
        if (uid) {
            text.space();
        }
        boolean append = !uid && text.takeWord("APPEND");
        if (!append && !text.takeWord("REPLACE")) {
            return Optional.empty();
        }
        CommandParser parser = new CommandParser(text);
        return Optional.of(append ? parser.append() : parser.replace(uid))
                .filter(command -> !messages(command).isEmpty());
    }

    /** What {@code command} brings; empty for other commands. */
    static List<ImapCommand.Incoming> messages(ImapCommand command) {
        return switch (command) {
            case ImapCommand.Append append -> append.messages();
            case ImapCommand.Replace replace -> replace.messages();
            default -> List.of();
        };
    }

    private ImapCommand command() throws Refusal {
        String verb = text.keyword();
        return switch (verb) {
            case "CAPABILITY" -> bare(new ImapCommand.Capability());
            case "NOOP" -> bare(new ImapCommand.Noop());
            case "LOGOUT" -> bare(new ImapCommand.Logout());
            case "STARTTLS" -> bare(new ImapCommand.StartTls());
            case "NAMESPACE" -> bare(new ImapCommand.Namespace());
            case "IDLE" -> bare(new ImapCommand.Idle());
            case "CHECK" -> bare(new ImapCommand.Check());
            case "CLOSE" -> bare(new ImapCommand.Close());
            case "UNSELECT" -> bare(new ImapCommand.Unselect());
            case "EXPUNGE" -> bare(new ImapCommand.Expunge(Optional.empty()));
            default -> {
                text.space();
                yield withArguments(verb);
            }
        };
    }

    private ImapCommand withArguments(String verb) throws Refusal {
        ImapCommand command =
                switch (verb) {
                    case "ID" -> new ImapCommand.Id(idParameters());
                    case "AUTHENTICATE" -> authenticate();
                    case "LOGIN" -> login();
                    case "ENABLE" -> new ImapCommand.Enable(words());
                    case "COMPRESS" -> new ImapCommand.Compress(text.keyword());
                    case "SELECT" -> select(false);
                    case "EXAMINE" -> select(true);
                    case "CREATE" -> create();
                    case "DELETE" -> new ImapCommand.Delete(text.astring());
                    case "RENAME" -> rename();
                    case "SUBSCRIBE" -> new ImapCommand.Subscribe(text.astring(), true);
                    case "UNSUBSCRIBE" -> new ImapCommand.Subscribe(text.astring(), false);
                    case "LIST" -> new ListParser(text).list();
                    case "LSUB" -> new ListParser(text).lsub();
                    case "STATUS" -> status();
                    case "APPEND" -> append();
                    case "REPLACE" -> replace(false);
                    case "SEARCH", "SORT", "FETCH", "STORE", "COPY", "MOVE" -> onSet(false, verb);
                    case "UID" -> uid();
                    case "GETQUOTA" -> new ImapCommand.GetQuota(text.astring());
                    case "GETQUOTAROOT" -> new ImapCommand.GetQuotaRoot(text.astring());
                    case "SETQUOTA" -> setQuota();
                    default -> throw ImapReply.unknownCommand();
                };
        text.end();
        return command;
    }

    private ImapCommand uid() throws Refusal {
        String verb = text.keyword();
        text.space();
        return switch (verb) {
            case "EXPUNGE" -> new ImapCommand.Expunge(Optional.of(text.sequenceSet()));
            case "REPLACE" -> replace(true);
            default -> onSet(true, verb);
        };
    }

    private ImapCommand onSet(boolean uid, String verb) throws Refusal {
        return switch (verb) {
            case "SEARCH" -> new SearchParser(text).search(uid);
            case "SORT" -> new SearchParser(text).sort(uid);
            case "FETCH" -> new FetchParser(text).fetch(uid);
            case "STORE" -> store(uid);
            case "COPY" -> copy(uid, false);
            case "MOVE" -> copy(uid, true);
            default -> throw ImapReply.unknownCommand();
        };
    }

    private ImapCommand bare(ImapCommand command) throws Refusal {
        text.end();
        return command;
    }

    private List<String> words() throws Refusal {
        List<String> words = new ArrayList<>();
        words.add(text.keyword());
        while (text.peek() == ' ') {
            text.space();
            words.add(text.keyword());
        }
        return words;
    }

    /** RFC 2971 §3.3: at most 30 fields. */
    private Map<String, String> idParameters() throws Refusal {
        Map<String, String> about = new LinkedHashMap<>();
        if (text.takeWord("NIL")) {
            return about;
        }
        List<String> strings = text.list(() -> text.takeWord("NIL") ? "" : text.string());
        if (strings.size() % 2 != 0 || strings.size() > 60) {
            throw ImapReply.syntax("ID takes pairs of strings, thirty at the most");
        }
        for (int i = 0; i < strings.size(); i += 2) {
            about.put(strings.get(i), strings.get(i + 1));
        }
        return about;
    }

    private ImapCommand authenticate() throws Refusal {
        String mechanism = text.atom();
        Optional<String> initial = Optional.empty();
        if (text.peek() == ' ') { // RFC 4959
            text.space();
            initial = Optional.of(text.astring());
        }
        return new ImapCommand.Authenticate(mechanism, initial);
    }

    private ImapCommand login() throws Refusal {
        String name = text.astring();
        text.space();
        return new ImapCommand.Login(name, text.astring());
    }

    private ImapCommand select(boolean readOnly) throws Refusal {
        String mailbox = text.astring();
        boolean condStore = false;
        Optional<ImapCommand.Resumption> resumption = Optional.empty();
        if (text.peek() == ' ') {
            text.space();
            text.expect('(');
            do {
                text.take(' ');
                if (text.takeWord("CONDSTORE")) {
                    condStore = true;
                } else if (text.takeWord("QRESYNC")) {
                    text.space();
                    resumption = Optional.of(resumption());
                } else {
                    throw ImapReply.syntax("SELECT knows CONDSTORE and QRESYNC here");
                }
            } while (text.peek() == ' ');
            text.expect(')');
        }
        return new ImapCommand.Select(mailbox, readOnly, condStore, resumption);
    }

    /** RFC 7162 §3.2.5: "(" uidvalidity SP mod-sequence [SP known-uids] [SP seq-match] ")". */
    private ImapCommand.Resumption resumption() throws Refusal {
        text.expect('(');
        long uidValidity = text.nzNumber();
        text.space();
        long modSeq = text.number();
        if (modSeq == 0) {
            throw ImapReply.syntax("a mod-sequence of QRESYNC is not zero");
        }
        Optional<SequenceSet> known = Optional.empty();
        Optional<SequenceSet> numbers = Optional.empty();
        Optional<SequenceSet> uids = Optional.empty();
        if (text.take(' ') && text.peek() != '(') {
            known = Optional.of(text.sequenceSet());
            text.take(' ');
        }
        if (text.take('(')) {
            numbers = Optional.of(text.sequenceSet());
            text.space();
            uids = Optional.of(text.sequenceSet());
            text.expect(')');
        }
        text.expect(')');
        return new ImapCommand.Resumption(uidValidity, modSeq, known, numbers, uids);
    }

    /** RFC 6154 §3: CREATE name (USE (\Drafts)). */
    private ImapCommand create() throws Refusal {
        String mailbox = text.astring();
        Set<String> uses = new LinkedHashSet<>();
        if (text.peek() == ' ') {
            text.space();
            text.expect('(');
            if (!text.takeWord("USE")) {
                throw ImapReply.syntax("CREATE knows USE here");
            }
            text.space();
            uses.addAll(text.list(text::flag));
            text.expect(')');
        }
        return new ImapCommand.Create(mailbox, uses);
    }

    private ImapCommand rename() throws Refusal {
        String from = text.astring();
        text.space();
        return new ImapCommand.Rename(from, text.astring());
    }

    private ImapCommand status() throws Refusal {
        String mailbox = text.astring();
        text.space();
        List<String> items = text.list(text::keyword);
        return new ImapCommand.Status(mailbox, ListParser.statusItems(items));
    }

    private ImapCommand append() throws Refusal {
        String mailbox = mailboxBeforeMessages();
        return new ImapCommand.Append(mailbox, incoming());
    }

    private ImapCommand replace(boolean uid) throws Refusal {
        text.skipSpaces();
        long message = text.take('*') ? SequenceSet.LAST : text.nzNumber();
        String mailbox = mailboxBeforeMessages();
        List<ImapCommand.Incoming> messages = incoming();
        if (messages.size() > 1) {
            throw ImapReply.syntax("REPLACE brings one message");
        }
        return new ImapCommand.Replace(uid, message, mailbox, messages);
    }

    /** Empty where its own literal is still to come. */
    private String mailboxBeforeMessages() throws Refusal {
        text.skipSpaces();
        if (text.peek() == '{') {
            int mark = text.mark();
            text.literalSize();
            if (text.bytesToCome()) {
                return "";
            }
            text.back(mark);
        }
        return text.astring();
    }

    private List<ImapCommand.Incoming> incoming() throws Refusal {
        List<ImapCommand.Incoming> messages = new ArrayList<>();
        while (!text.atEnd()) {
            text.space();
            if (text.atEnd()) {
                break;
            }
            List<String> flags = List.of();
            Optional<OffsetDateTime> received = Optional.empty();
            if (text.peek() == '(') {
                flags = text.list(text::flag);
                text.space();
            }
            if (text.peek() == '"') {
                received = Optional.of(dateTime(text.string()));
                text.space();
            }
            boolean utf8 = text.takeWord("UTF8"); // RFC 6855 §4
            if (utf8) {
                text.space();
                text.expect('(');
            }
            messages.add(message(flags, received, utf8));
            if (messages.size() > MOST_MESSAGES) {
                throw ImapReply.syntax("a thousand messages are the most of one APPEND");
            }
        }
        return messages;
    }

    /** The bytes of a message never stand in the text: the session takes them as they come. */
    private ImapCommand.Incoming message(
            List<String> flags, Optional<OffsetDateTime> received, boolean utf8) throws Refusal {
        int head = text.mark();
        boolean waits = true;
        text.take('~');
        text.expect('{');
        long size = text.number();
        if (text.take('+')) {
            waits = false;
        }
        text.back(head);
        text.literalSize();
        if (utf8 && !text.atEnd()) {
            text.expect(')');
        }
        return new ImapCommand.Incoming(flags, received, size, waits, utf8);
    }

    private static final List<String> MONTHS =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");

    /** date-time of RFC 9051 §9: {@code "17-Jul-1996 02:44:25 -0700"}. */
    private static OffsetDateTime dateTime(String text) throws Refusal {
        try {
            String[] words = text.trim().split(" ", -1);
            String[] day = words[0].split("-", -1);
            String[] time = words[1].split(":", -1);
            String zone = words[2];
            int minutes =
                    Integer.parseInt(zone.substring(1, 3)) * 60
                            + Integer.parseInt(zone.substring(3, 5));
            return OffsetDateTime.of(
                    Integer.parseInt(day[2]),
                    month(day[1]),
                    Integer.parseInt(day[0]),
                    Integer.parseInt(time[0]),
                    Integer.parseInt(time[1]),
                    Math.min(Integer.parseInt(time[2]), 59), // a leap second
                    0,
                    ZoneOffset.ofTotalSeconds((zone.charAt(0) == '-' ? -minutes : minutes) * 60));
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
            throw ImapReply.syntax("a date looks like \"17-Jul-1996 02:44:25 -0700\"");
        }
    }

    static int month(String name) throws Refusal {
        int month = MONTHS.indexOf(Ascii.upper(name)) + 1;
        if (month == 0) {
            throw ImapReply.syntax("there is no month of that name");
        }
        return month;
    }

    private ImapCommand store(boolean uid) throws Refusal {
        SequenceSet set = text.sequenceSet();
        text.space();
        OptionalLong unchangedSince = OptionalLong.empty();
        if (text.take('(')) { // RFC 7162 §3.1.3
            if (!text.takeWord("UNCHANGEDSINCE")) {
                throw ImapReply.syntax("STORE knows UNCHANGEDSINCE here");
            }
            text.space();
            unchangedSince = OptionalLong.of(text.number());
            text.expect(')');
            text.space();
        }
        ImapCommand.Change change =
                text.take('+')
                        ? ImapCommand.Change.ADD
                        : text.take('-') ? ImapCommand.Change.REMOVE : ImapCommand.Change.REPLACE;
        String item = text.keyword();
        boolean silent = item.equals("FLAGS.SILENT");
        if (!silent && !item.equals("FLAGS")) {
            throw ImapReply.syntax("STORE changes FLAGS");
        }
        text.space();
        List<String> flags = text.peek() == '(' ? text.list(text::flag) : bareFlags();
        return new ImapCommand.Store(uid, set, unchangedSince, change, silent, flags);
    }

    private List<String> bareFlags() throws Refusal {
        List<String> flags = new ArrayList<>();
        flags.add(text.flag());
        while (text.peek() == ' ') {
            text.space();
            flags.add(text.flag());
        }
        return flags;
    }

    private ImapCommand copy(boolean uid, boolean move) throws Refusal {
        SequenceSet set = text.sequenceSet();
        text.space();
        return new ImapCommand.Copy(uid, move, set, text.astring());
    }

    private ImapCommand setQuota() throws Refusal {
        String root = text.astring();
        text.space();
        text.list(text::astring);
        return new ImapCommand.SetQuota(root);
    }
}
