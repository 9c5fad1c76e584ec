package org.portolan.mail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.Account;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Mailbox;
import org.portolan.stores.mail.Place;
import org.portolan.stores.mail.Quota;
import org.portolan.stores.mail.SpecialUse;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * What is done with mailboxes as such (RFC 9051 §6.3). An account's own stand at the top; those of
 * others that are shared with it stand below {@value #SHARED} and the name of whose they are.
 */
final class MailboxVerbs {
    /** RFC 2342: where the mailboxes are that belong to somebody else. */
    static final String SHARED = "Shared/";

    private final Mail mail;
    private final ImapPeer peer;
    private final Account account;
    private final long appendLimit;

    MailboxVerbs(Mail mail, ImapPeer peer, Account account, long appendLimit) {
        this.mail = mail;
        this.peer = peer;
        this.account = account;
        this.appendLimit = appendLimit;
    }

    /**
     * The mailboxes that the account sees under names that begin with {@code prefix}: of ten
     * thousand, a client that asks for one must not cost all.
     */
    private NavigableMap<String, Mailbox> beginningWith(String prefix) throws StoreException {
        NavigableMap<String, Mailbox> all = new TreeMap<>();
        for (Mailbox mailbox : mail.own(account, prefix)) {
            all.put(shown(mailbox), mailbox);
        }
        if (prefix.startsWith(SHARED) || SHARED.startsWith(prefix)) {
            int owner = prefix.indexOf('/', SHARED.length()); // where his name ends
            String below = owner < 0 ? "" : prefix.substring(owner + 1);
            for (Mailbox mailbox : mail.shared(account, below)) {
                String name = shown(mailbox);
                if (name.startsWith(prefix)) {
                    all.put(name, mailbox);
                }
            }
        }
        return all;
    }

    private String shown(Mailbox mailbox) throws StoreException {
        return mailbox.owner() == account.id()
                ? mailbox.name()
                : SHARED + mail.ownerOf(mailbox) + "/" + mailbox.name();
    }

    private String decoded(String raw) throws Refusal {
        return MailboxName.decoded(raw, peer.utf8());
    }

    private Optional<Mailbox> find(String raw) throws StoreException, Refusal {
        String name = decoded(raw);
        return name.startsWith(SHARED)
                ? Optional.ofNullable(beginningWith(name).get(name))
                : mail.mailbox(account, name);
    }

    /** The same without its counts, which is quicker. */
    private Optional<Place> place(String raw) throws StoreException, Refusal {
        String name = decoded(raw);
        return name.startsWith(SHARED)
                ? Optional.ofNullable(beginningWith(name).get(name)).map(Mailbox::place)
                : mail.place(account, name);
    }

    /** The mailbox that {@code raw} names, to be opened. */
    Place opened(String raw) throws StoreException, Refusal {
        return allowed(place(raw).orElseThrow(ImapReply::noSuchMailbox), 'r');
    }

    /** The mailbox that {@code raw} names and {@code right} allows something with. */
    private Mailbox existing(String raw, char right) throws StoreException, Refusal {
        Mailbox mailbox = find(raw).orElseThrow(ImapReply::noSuchMailbox);
        allowed(mailbox.place(), right);
        return mailbox;
    }

    /** The same, for what goes there. */
    Place target(String raw) throws StoreException, Refusal {
        return allowed(place(raw).orElseThrow(ImapReply::tryCreate), 'i');
    }

    static Place allowed(Place mailbox, char right) throws Refusal {
        if (!mailbox.may(right)) {
            throw ImapReply.noPermission();
        }
        return mailbox;
    }

    // ---- making and unmaking

    /** Returns the words of the answer. */
    String create(ImapCommand.Create command) throws StoreException, Refusal {
        String name = own(decoded(command.mailbox()));
        Optional<SpecialUse> use = Optional.empty();
        for (String word : command.uses()) {
            SpecialUse wanted = use(word);
            if (use.isPresent() || taken(wanted)) {
                throw ImapReply.useAttribute(); // RFC 6154 §3
            }
            use = Optional.of(wanted);
        }
        long id;
        try {
            id = mail.create(account.id(), name, use);
        } catch (StoreException e) {
            throw refusal(e, ImapReply.badName());
        }
        mail.subscribe(account, name, true); // a client that lists what is subscribed to finds it
        return "OK [MAILBOXID (F" + id + ")] CREATE completed"; // RFC 8474 §4.1
    }

    private boolean taken(SpecialUse use) throws StoreException {
        return mail.mailboxes(account).stream()
                .anyMatch(
                        m -> m.owner() == account.id() && m.specialUse().equals(Optional.of(use)));
    }

    private static SpecialUse use(String word) throws Refusal {
        for (SpecialUse use : SpecialUse.values()) {
            if (Ascii.same(word, "\\" + use.name())) {
                return use;
            }
        }
        throw ImapReply.useAttribute();
    }

    /** What is not below the shared ones. */
    private static String own(String name) throws Refusal {
        if (name.startsWith(SHARED) || (name + "/").equals(SHARED)) {
            throw ImapReply.noPermission();
        }
        return name;
    }

    void delete(String raw) throws StoreException, Refusal {
        Mailbox mailbox = existing(raw, 'x');
        if (mailbox.name().equals(Mailbox.INBOX)) {
            throw ImapReply.inboxStays(); // RFC 9051 §6.3.5
        }
        try {
            mail.delete(mailbox.id());
            mail.subscribe(account, shown(mailbox), false);
        } catch (StoreException e) {
            throw refusal(e, ImapReply.noSuchMailbox());
        }
    }

    void rename(ImapCommand.Rename command) throws StoreException, Refusal {
        Mailbox mailbox = existing(command.from(), 'x');
        String name = own(decoded(command.to()));
        if (mailbox.owner() != account.id()) {
            throw ImapReply.noPermission();
        }
        if (name.startsWith(mailbox.name() + "/") && !mailbox.name().equals(Mailbox.INBOX)) {
            throw ImapReply.badName(); // below itself
        }
        Set<String> subscribed = mail.subscriptions(account);
        try {
            mail.rename(mailbox.id(), name);
        } catch (StoreException e) {
            throw refusal(e, ImapReply.badName());
        }
        if (subscribed.contains(mailbox.name()) && !mailbox.name().equals(Mailbox.INBOX)) {
            mail.subscribe(account, mailbox.name(), false);
            mail.subscribe(account, name, true);
        }
    }

    void subscribe(ImapCommand.Subscribe command) throws StoreException, Refusal {
        String name = decoded(command.mailbox());
        if (command.on() && find(command.mailbox()).isEmpty()) {
            throw ImapReply.noSuchMailbox();
        }
        mail.subscribe(account, name, command.on());
    }

    /** What the store refused, in this protocol's words. */
    static Refusal refusal(StoreException e, Refusal missing) throws StoreException {
        return switch (e.kind()) {
            case EXISTS -> ImapReply.mailboxExists();
            case MISSING -> missing;
            case OVER_QUOTA, FULL -> ImapReply.overQuota();
            case REFUSED -> new Refusal("NO [CANNOT] " + e.getMessage());
            case BROKEN -> throw e;
        };
    }

    // ---- listing

    void namespace() throws IOException {
        peer.say("* NAMESPACE ((\"\" \"/\")) NIL ((\"" + SHARED + "\" \"/\"))");
    }

    void list(ImapCommand.ListMailboxes command) throws IOException, StoreException, Refusal {
        if (!command.extended() && command.patterns().equals(List.of(""))) {
            peer.say("* LIST (\\Noselect) \"/\" \"\""); // RFC 9051 §6.3.9: what divides levels
            return;
        }
        List<NamePattern> patterns = patterns(command);
        NavigableMap<String, Mailbox> all = beginningWith(NamePattern.prefixOf(patterns));
        NavigableSet<String> subscribed = new TreeSet<>(mail.subscriptions(account));
        Collection<String> names = new LinkedHashSet<>(all.keySet());
        names.addAll(parents(all.keySet()));
        if (command.select().contains("SUBSCRIBED")) {
            names.addAll(subscribed); // RFC 9051 §6.3.9.1: also those that are no more
        }
        for (String name : new TreeSet<>(names)) {
            if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
                list(command, name, all, subscribed);
            }
        }
        peer.output().flush();
    }

    /** Levels above a mailbox that are none themselves: those of the shared ones. */
    private static Set<String> parents(Set<String> names) {
        Set<String> parents = new LinkedHashSet<>();
        for (String name : names) {
            if (name.startsWith(SHARED)) {
                for (int at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
                    parents.add(name.substring(0, at));
                }
            }
        }
        return parents;
    }

    private List<NamePattern> patterns(ImapCommand.ListMailboxes command) throws Refusal {
        String reference = MailboxName.patternDecoded(command.reference(), peer.utf8());
        List<NamePattern> patterns = new ArrayList<>();
        for (String raw : command.patterns()) {
            String pattern = reference + MailboxName.patternDecoded(raw, peer.utf8());
            patterns.add(new NamePattern(MailboxName.inboxFirst(pattern)));
        }
        return patterns;
    }

    private void list(
            ImapCommand.ListMailboxes command,
            String name,
            NavigableMap<String, Mailbox> all,
            NavigableSet<String> subscribed)
            throws IOException {
        Optional<Mailbox> mailbox = Optional.ofNullable(all.get(name));
        boolean isSubscribed = subscribed.contains(name);
        Set<String> childInfo = new LinkedHashSet<>();
        boolean below =
                Optional.ofNullable(subscribed.higher(name + "/"))
                        .filter(next -> next.startsWith(name + "/"))
                        .isPresent();
        if (below && command.select().contains("RECURSIVEMATCH")) {
            childInfo.add("SUBSCRIBED"); // RFC 5258 §3.5
        }
        boolean wanted = !command.select().contains("SUBSCRIBED") || isSubscribed;
        boolean special =
                !command.select().contains("SPECIAL-USE")
                        || mailbox.flatMap(Mailbox::specialUse).isPresent();
        if (!(wanted && special) && childInfo.isEmpty()) {
            return;
        }
        if (command.subscribed()) {
            line("LSUB", mailbox.isEmpty() ? "\\Noselect" : "", name, childInfo);
            return;
        }
        line("LIST", attributes(command, name, mailbox, all, isSubscribed), name, childInfo);
        if (!command.status().isEmpty() && mailbox.isPresent() && mailbox.get().may('r')) {
            status(command.status(), name, mailbox.get()); // RFC 5819
        }
    }

    private static String attributes(
            ImapCommand.ListMailboxes command,
            String name,
            Optional<Mailbox> mailbox,
            NavigableMap<String, Mailbox> all,
            boolean isSubscribed) {
        StringBuilder attributes = new StringBuilder();
        boolean children =
                Optional.ofNullable(all.higherKey(name + "/"))
                        .filter(next -> next.startsWith(name + "/"))
                        .isPresent();
        attributes.append(children ? "\\HasChildren" : "\\HasNoChildren");
        if (mailbox.isEmpty()) {
            attributes.append(children ? " \\Noselect" : " \\NonExistent");
        }
        boolean asked =
                command.wanted().contains("SUBSCRIBED") || command.select().contains("SUBSCRIBED");
        if (isSubscribed && asked) {
            attributes.append(" \\Subscribed");
        }
        mailbox.flatMap(Mailbox::specialUse)
                .ifPresent(use -> attributes.append(" \\").append(word(use)));
        return attributes.toString();
    }

    private static String word(SpecialUse use) {
        return use.name().charAt(0) + use.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private void line(String word, String attributes, String name, Set<String> childInfo)
            throws IOException {
        ImapOutput out = peer.output();
        out.add("* ").add(word).add(" (").add(attributes).add(") \"/\" ");
        out.quotedName(MailboxName.encoded(name, peer.utf8()));
        if (!childInfo.isEmpty()) {
            out.add(" (\"CHILDINFO\" (\"").add(String.join("\" \"", childInfo)).add("\"))");
        }
        out.line();
    }

    // ---- status and quotas

    void status(ImapCommand.Status command) throws IOException, StoreException, Refusal {
        Mailbox mailbox = existing(command.mailbox(), 'r');
        status(command.items(), shown(mailbox), mailbox);
        peer.output().flush();
    }

    private void status(List<String> items, String name, Mailbox mailbox) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String item : items) {
            values.put(item, value(item, mailbox));
        }
        ImapOutput out = peer.output();
        out.add("* STATUS ").quotedName(MailboxName.encoded(name, peer.utf8())).add(" (");
        boolean first = true;
        for (Map.Entry<String, String> each : values.entrySet()) {
            out.add(first ? "" : " ").add(each.getKey()).add(' ').add(each.getValue());
            first = false;
        }
        out.add(')').line();
    }

    private String value(String item, Mailbox mailbox) {
        return switch (item) {
            case "MESSAGES" -> Long.toString(mailbox.messages());
            case "UIDNEXT" -> Long.toString(mailbox.uidNext());
            case "UIDVALIDITY" -> Long.toString(mailbox.uidValidity());
            case "UNSEEN" -> Long.toString(mailbox.unseen());
            case "DELETED" -> Long.toString(mailbox.deleted());
            case "SIZE" -> Long.toString(mailbox.bytes());
            case "HIGHESTMODSEQ" -> {
                peer.enable(Extension.CONDSTORE); // RFC 7162 §3.1
                yield Long.toString(Math.max(1, mailbox.highestModseq()));
            }
            case "APPENDLIMIT" -> Long.toString(appendLimit);
            case "MAILBOXID" -> "(F" + mailbox.id() + ")";
            default -> "0"; // RECENT, which nothing is, and DELETED-STORAGE, which is not counted
        };
    }

    void quota(String root) throws IOException, StoreException, Refusal {
        if (!root.isEmpty()) {
            throw new Refusal("NO [NONEXISTENT] there is one quota root, \"\"");
        }
        tellQuota();
    }

    void quotaRoot(String raw) throws IOException, StoreException, Refusal {
        Mailbox mailbox = existing(raw, 'r');
        boolean own = mailbox.owner() == account.id();
        peer.output()
                .add("* QUOTAROOT ")
                .quotedName(MailboxName.encoded(shown(mailbox), peer.utf8()))
                .add(own ? " \"\"" : "")
                .line();
        if (own) {
            tellQuota();
        }
        peer.output().flush();
    }

    private void tellQuota() throws IOException, StoreException {
        Quota quota = mail.quota(account);
        List<String> resources = new ArrayList<>();
        if (quota.mostBytes() > 0) { // RFC 9208 §5.1: units of 1024 octets
            resources.add("STORAGE %d %d".formatted(kilo(quota.bytes()), kilo(quota.mostBytes())));
        }
        if (quota.mostMessages() > 0) {
            resources.add("MESSAGE %d %d".formatted(quota.messages(), quota.mostMessages()));
        }
        peer.say("* QUOTA \"\" (" + String.join(" ", resources) + ")");
    }

    private static long kilo(long bytes) {
        return (bytes + 1023) / 1024;
    }
}
