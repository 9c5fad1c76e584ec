package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Sockets;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.RandomPassword;
import org.portolan.stores.Spaces.Space;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.mail.Mail;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan account …}: people who log in and have a mailbox. */
final class AccountVerbs {
    private final Accounts accounts;
    private final Mail mail;
    private final FileTree files;
    private final Sockets sockets;
    private final Journal journal;
    private final Operator operator;

    AccountVerbs(
            Accounts accounts,
            Mail mail,
            FileTree files,
            Sockets sockets,
            Journal journal,
            Operator operator) {
        this.accounts = accounts;
        this.mail = mail;
        this.files = files;
        this.sockets = sockets;
        this.journal = journal;
        this.operator = operator;
    }

    /** Where a password comes from, if not from a person at the terminal. */
    static final class PasswordSource {
        @Option(
                names = "--password-stdin",
                description = "Read the password from the first line of standard input.")
        boolean stdin;

        @Option(
                names = "--random",
                description = "Make up a password, and print it on a line of its own.")
        boolean random;
    }

    @Command(
            name = "add",
            header = "Adds an account.",
            description = {
                "Asks for the password, twice, without showing it, unless told where else to take"
                        + " it from. It has 8 to 256 characters and is never given on the command"
                        + " line, where others on the machine could read it.",
                "",
                "NAME has letters, digits, dots, dashes, plus signs and underscores. NAME@DOMAIN is"
                        + " an account of that one domain."
            },
            footer = {
                "  portolan account add ada",
                "  portolan account add ada --random",
                "  portolan account add ada --password-stdin < password.txt"
            })
    int add(
            @Parameters(paramLabel = "NAME", description = "The new account's name.") String name,
            @ArgGroup @Nullable PasswordSource source)
            throws IOException, StoreException, Refusal {
        if (existing(name).isPresent()) {
            throw Refusal.failed("there is an account " + name + " already");
        }
        String password = password(name, source);
        Account account = accounts.add(name, password);
        journal.changed("account " + account.name() + " added");
        tell(source, password, "Account " + account.name() + " was added.");
        return Verbs.DONE;
    }

    @Command(
            name = "passwd",
            header = "Sets an account's password.",
            description = {
                "From now on only the new password logs in, and the account's app passwords and"
                        + " keys as before. Connections that are open stay open; `portolan"
                        + " sockets` shows them."
            },
            footer = {"  portolan account passwd ada", "  portolan account passwd ada --random"})
    int passwd(
            @Parameters(paramLabel = "NAME", description = "The account.") String name,
            @ArgGroup @Nullable PasswordSource source)
            throws IOException, StoreException, Refusal {
        Account account = wanted(name);
        String password = password(account.name(), source);
        accounts.setPassword(account.name(), password);
        journal.changed("account " + account.name() + " has a new password");
        tell(source, password, "Account " + account.name() + " has a new password.");
        return Verbs.DONE;
    }

    private void tell(@Nullable PasswordSource source, String password, String sentence)
            throws IOException {
        if (source != null && source.random) { // nothing but the password, for $(…)
            operator.remark(sentence + " Its password, shown this once:\n");
            operator.say(password + "\n");
        } else {
            operator.say(sentence + "\n");
        }
    }

    private String password(String name, @Nullable PasswordSource source)
            throws IOException, Refusal {
        String prompt = "Password for " + name + ": ";
        if (source != null && source.random) {
            return RandomPassword.fresh();
        }
        if (source != null && source.stdin) {
            return operator.askSecret(prompt);
        }
        if (!operator.terminal()) {
            throw Refusal.usage(
                    "there is no terminal to ask for a password: give --random, or --password-stdin"
                            + " and the password as the first line of standard input");
        }
        String password = operator.askSecret(prompt);
        if (!operator.askSecret("The same again: ").equals(password)) {
            throw Refusal.failed("these were two different passwords; nothing was changed");
        }
        return password;
    }

    @Command(
            name = "list",
            header = "Lists the accounts and how much mail they keep.",
            description = "With --json: a list of objects with name, messages and bytes.",
            footer = {"  portolan account list", "  portolan account list --json | jq -r .[].name"})
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException {
        Map<Long, Mail.Usage> usage = mail.usage();
        List<Account> all = accounts.list();
        if (json) {
            operator.say(Json.page(all.stream().map(account -> entry(account, usage)).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("ACCOUNT", "MESSAGES", "SIZE");
        for (Account account : all) {
            Mail.Usage kept = usage.getOrDefault(account.id(), Mail.Usage.NONE);
            table.row(account.name(), kept.messages(), Words.bytes(kept.bytes()));
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(Account account, Map<Long, Mail.Usage> usage) {
        Mail.Usage kept = usage.getOrDefault(account.id(), Mail.Usage.NONE);
        return Json.entries(
                "name", account.name(), "messages", kept.messages(), "bytes", kept.bytes());
    }

    @Command(
            name = "remove",
            header = "Removes an account and all its mail.",
            description = {
                "The account logs in no more, its open connections are ended, aliases that lead to"
                        + " it lose it, and its mail is deleted for good. If it has mail, a person"
                        + " at the terminal is asked first; without a terminal, --yes is needed.",
                "",
                "Its home stays on the disk, below DATA/files, unless a person says that it is to"
                        + " be deleted, or --delete-files does."
            },
            footer = {"  portolan account remove ada", "  portolan account remove ada --yes"})
    int remove(
            @Parameters(paramLabel = "NAME", description = "The account.") String name,
            @Option(names = "--yes", description = "Delete its mail without asking.") boolean yes,
            @Option(names = "--delete-files", description = "Delete its home, too.")
                    boolean deleteFiles)
            throws IOException, StoreException, Refusal {
        Account account = wanted(name);
        Mail.Usage kept = mail.usage().getOrDefault(account.id(), Mail.Usage.NONE);
        if (kept.messages() > 0 && !yes) {
            confirm(account, kept);
        }
        Optional<Space> home = files.spaces().home(account);
        boolean homeGoes = home.isPresent() && (deleteFiles || asksToDelete(yes));
        mail.leaving(account); // should this break off behind the next line
        accounts.remove(account.name()); // first, so that nothing more arrives and nobody logs in
        int ended = endConnections(account);
        mail.removeAccount(account);
        String itsHome = removeFiles(account, home, homeGoes);
        String what = "account " + account.name() + " removed with " + mail(kept);
        journal.changed(what);
        operator.say(
                "Removed account %s with %s%s%s.\n"
                        .formatted(
                                account.name(),
                                mail(kept),
                                itsHome,
                                ended == 0
                                        ? ""
                                        : "; ended " + Words.count(ended, "open connection")));
        return Verbs.DONE;
    }

    private boolean asksToDelete(boolean yes) throws IOException, Refusal {
        if (yes || !operator.terminal()) {
            return false; // files are not deleted by a word that was about mail
        }
        String answer =
                operator.ask("Delete the files of its home as well? Else they stay. [y/N] ");
        return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private String removeFiles(Account account, Optional<Space> home, boolean homeGoes)
            throws StoreException, Refusal {
        files.spaces().forget(account);
        if (home.isEmpty()) {
            return "";
        }
        if (!homeGoes) {
            return "; its home stays in DATA/files/" + FileTree.folder(home.get());
        }
        try {
            files.remove(home.get(), true);
        } catch (FileProblem e) {
            throw Refusal.failed("its home could not be deleted: " + e.getMessage());
        }
        return " and its home";
    }

    private static String mail(Mail.Usage kept) {
        return Words.count(kept.messages(), "message");
    }

    private void confirm(Account account, Mail.Usage kept) throws IOException, Refusal {
        String what = mail(kept) + " (" + Words.bytes(kept.bytes()) + ")";
        if (!operator.terminal()) {
            throw Refusal.failed(
                    account.name() + " has " + what + "; with --yes they are deleted as well");
        }
        String answer =
                operator.ask("Remove " + account.name() + " and delete " + what + "? [y/N] ");
        if (!List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
            throw Refusal.failed("nothing was changed");
        }
    }

    private int endConnections(Account account) {
        int ended = 0;
        for (Connection connection : sockets.open()) {
            // the admin API's own peers are users of this machine, whatever they are called
            boolean ofServices = !connection.service().name().equals("admin");
            if (ofServices && connection.account().equals(account.name())) {
                connection.end(Hangup.Reason.CLOSED_BY_ADMINISTRATOR);
                ended++;
            }
        }
        return ended;
    }

    /** The account of exactly this name: {@code ada@here} is not to remove {@code ada}. */
    private Optional<Account> existing(String name) throws StoreException {
        boolean ofOneDomain = name.indexOf('@') >= 0;
        return accounts.forLogin(name)
                .filter(account -> account.name().indexOf('@') >= 0 == ofOneDomain);
    }

    private Account wanted(String name) throws StoreException, Refusal {
        Optional<Account> account = existing(name);
        if (account.isPresent()) {
            return account.get();
        }
        String near =
                Nearest.of(
                        name,
                        accounts.list().stream().map(Account::name).collect(Collectors.toList()));
        throw Refusal.failed(
                "there is no account "
                        + name
                        + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }
}
