package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Nearest;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Mailbox;
import org.portolan.stores.mail.Quota;
import org.portolan.stores.mail.Rights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan mailbox …}: what accounts keep, how much they may, and what they share. */
final class MailboxVerbs {
    private final Accounts accounts;
    private final Mail mail;
    private final Journal journal;
    private final Operator operator;

    MailboxVerbs(Accounts accounts, Mail mail, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.mail = mail;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "list",
            header = "Lists the mailboxes of an account, and those shared with it.",
            description =
                    "With --json: an object with messages, bytes, the limits of both (0: none), and"
                            + " a list of mailboxes.",
            footer = "  portolan mailbox list ada")
    int list(
            @Parameters(paramLabel = "ACCOUNT", description = "Whose.") String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Account account = account(name);
        List<Mailbox> mailboxes = mail.mailboxes(account);
        Quota quota = mail.quota(account);
        if (json) {
            operator.say(
                    Json.page(
                            Json.entries(
                                    "messages", quota.messages(),
                                    "bytes", quota.bytes(),
                                    "mostMessages", quota.mostMessages(),
                                    "mostBytes", quota.mostBytes(),
                                    "mailboxes", mailboxes.stream().map(this::object).toList())));
            return Verbs.DONE;
        }
        Table table = new Table("MAILBOX", "MESSAGES", "UNSEEN", "SIZE", "FOR", "OWNER");
        for (Mailbox each : mailboxes) {
            table.row(
                    each.name(),
                    each.messages(),
                    each.unseen(),
                    Words.bytes(each.bytes()),
                    use(each),
                    each.owner() == account.id() ? "" : owner(each));
        }
        operator.say(table + sentence(account, quota));
        return Verbs.DONE;
    }

    private Map<String, Object> object(Mailbox each) {
        return Json.entries(
                "name", each.name(),
                "owner", owner(each),
                "messages", each.messages(),
                "unseen", each.unseen(),
                "bytes", each.bytes(),
                "specialUse", use(each),
                "subscribed", each.subscribed(),
                "rights", each.rights());
    }

    private static String use(Mailbox mailbox) {
        return mailbox.specialUse().map(use -> use.name().toLowerCase(Locale.ROOT)).orElse("");
    }

    private String owner(Mailbox mailbox) {
        return name(mailbox.owner());
    }

    private String name(long account) {
        try {
            return accounts.list().stream()
                    .filter(each -> each.id() == account)
                    .map(Account::name)
                    .findFirst()
                    .orElse("");
        } catch (StoreException e) { // the list is shown without it
            return "";
        }
    }

    private static String sentence(Account account, Quota quota) {
        String most =
                quota.mostBytes() == 0 ? "" : " of " + Words.bytes(quota.mostBytes()) + " allowed";
        String many = quota.mostMessages() == 0 ? "" : " of " + quota.mostMessages() + " allowed";
        return "%s keeps %s%s, %s%s.\n"
                .formatted(
                        account.name(),
                        Words.count(quota.messages(), "message"),
                        many,
                        Words.bytes(quota.bytes()),
                        most);
    }

    @Command(
            name = "limit",
            header = "Limits what an account may keep.",
            description = {
                "What is there stays; what would be more is refused, and whoever sends it is told"
                        + " to try again later. 0 takes a limit back; what is not named stays as it"
                        + " is."
            },
            footer = {
                "  portolan mailbox limit ada --megabytes 2000",
                "  portolan mailbox limit ada --megabytes 0 --messages 0"
            })
    int limit(
            @Parameters(paramLabel = "ACCOUNT", description = "Whose.") String name,
            @Option(
                            names = "--megabytes",
                            paramLabel = "N",
                            description = "The sizes of all messages, in millions of bytes.")
                    @Nullable Long megabytes,
            @Option(names = "--messages", paramLabel = "N", description = "How many messages.")
                    @Nullable Long messages)
            throws IOException, StoreException, Refusal {
        Account account = account(name);
        if (megabytes == null && messages == null) {
            throw Refusal.usage("--megabytes or --messages says how much");
        }
        Quota now = mail.quota(account);
        long bytes = megabytes == null ? now.mostBytes() : checked(megabytes) * 1_000_000;
        long most = messages == null ? now.mostMessages() : checked(messages);
        mail.limit(account, most, bytes);
        journal.changed("mail of account " + account.name() + " limited");
        operator.say(sentence(account, mail.quota(account)));
        return Verbs.DONE;
    }

    private static long checked(long number) throws Refusal {
        if (number < 0 || number > 1_000_000_000_000L) {
            throw Refusal.usage("a limit is 0 or more");
        }
        return number;
    }

    @Command(
            name = "share",
            header = "Lets others use a mailbox of an account, or nobody any more.",
            description = {
                "RIGHTS are letters (RFC 4314): l sees it in lists, r reads it, s changes seen, w"
                        + " other flags, t deletes, e expunges, i adds, k makes mailboxes below it,"
                        + " x deletes it. An empty word takes them back.",
                "",
                "Without WHO it is shown who may do what."
            },
            footer = {
                "  portolan mailbox share ada Plans bob lrs",
                "  portolan mailbox share ada Plans anyone lr",
                "  portolan mailbox share ada Plans @crew lrs",
                "  portolan mailbox share ada Plans bob \"\"",
                "  portolan mailbox share ada Plans"
            })
    int share(
            @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The owner.")
                    String owner,
            @Parameters(index = "1", paramLabel = "MAILBOX", description = "Its whole name.")
                    String name,
            @Parameters(
                            index = "2",
                            arity = "0..1",
                            paramLabel = "WHO",
                            description = "An account, a group after an @, or anyone.")
                    @Nullable String who,
            @Parameters(
                            index = "3",
                            arity = "0..1",
                            paramLabel = "RIGHTS",
                            description = "Letters.")
                    @Nullable String rights)
            throws IOException, StoreException, Refusal {
        Account account = account(owner);
        Mailbox mailbox = mailbox(mail, account, name);
        if (who == null) {
            Table table = new Table("WHO", "RIGHTS");
            mail.shares(mailbox.id()).forEach((each, letters) -> table.row(shown(each), letters));
            operator.say(table.toString());
            return Verbs.DONE;
        }
        if (rights == null) {
            throw Refusal.usage("RIGHTS are missing; \"\" takes them back");
        }
        mail.share(mailbox.id(), grantee(who), rights);
        journal.changed("mailbox " + name + " of " + account.name() + " shared with " + who);
        operator.say(
                rights.isEmpty()
                        ? "%s may not use %s any more.\n".formatted(who, name)
                        : "%s may use %s (%s).\n".formatted(who, name, rights));
        return Verbs.DONE;
    }

    private String shown(String who) {
        Optional<String> group = Rights.groupOf(who);
        if (group.isPresent()) {
            return "@" + group.get();
        }
        return who.equals(Rights.ANYONE) ? who : name(Rights.id(who));
    }

    private String grantee(String who) throws StoreException, Refusal {
        if (who.equals(Rights.ANYONE)) {
            return who;
        }
        if (!who.startsWith("@")) {
            return Rights.account(account(who).id());
        }
        String group = who.substring(1).toLowerCase(Locale.ROOT);
        if (accounts.groups().stream().noneMatch(each -> each.name().equals(group))) {
            throw Refusal.failed("there is no group " + group);
        }
        return Rights.group(group);
    }

    private Account account(String name) throws StoreException, Refusal {
        Optional<Account> found = accounts.forLogin(name);
        if (found.isPresent()) {
            return found.get();
        }
        String near = Nearest.of(name, accounts.list().stream().map(Account::name).toList());
        throw Refusal.failed(
                "there is no account "
                        + name
                        + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }

    /** The mailbox of that name that is the account's own. */
    static Mailbox mailbox(Mail mail, Account account, String name) throws StoreException, Refusal {
        List<Mailbox> own =
                mail.mailboxes(account).stream()
                        .filter(each -> each.owner() == account.id())
                        .toList();
        Optional<Mailbox> found = own.stream().filter(each -> each.name().equals(name)).findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        String near = Nearest.of(name, own.stream().map(Mailbox::name).toList());
        throw Refusal.failed(
                account.name()
                        + " has no mailbox "
                        + name
                        + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }
}
