package org.portolan.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan alias …}: addresses that lead to accounts. */
final class AliasVerbs {
    private final Accounts accounts;
    private final Mail mail;
    private final Journal journal;
    private final Operator operator;

    AliasVerbs(Accounts accounts, Mail mail, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.mail = mail;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Adds an alias, or more targets to one that is there.",
            description = {
                "ADDRESS is NAME@DOMAIN, or NAME alone for all domains of the site. Mail to it"
                        + " reaches every TARGET once: accounts, aliases, addresses here, or a"
                        + " mailbox of an account, ACCOUNT/MAILBOX, which may be shared."
                        + " Mail is not forwarded to other sites.",
                "",
                "*@DOMAIN has the mail for all addresses there that are nobody else's."
            },
            footer = {
                "  portolan alias add postmaster admin",
                "  portolan alias add crew@example.org ada grace@example.org",
                "  portolan alias add plans@example.org ada/Plans"
            })
    int add(
            @Parameters(index = "0", paramLabel = "ADDRESS", description = "The alias.")
                    String address,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "TARGET",
                            description = "Whom it reaches.")
                    List<String> targets)
            throws IOException, StoreException, Refusal {
        for (String target : targets) {
            checkMailbox(target);
        }
        accounts.addAlias(address, targets);
        String leads = address + " leads to " + String.join(", ", targets);
        journal.changed("alias " + leads);
        operator.say("Mail to " + leads + ".\n");
        return Verbs.DONE;
    }

    /** A mailbox that has gone later is none to refuse mail for: it is in the inbox then. */
    private void checkMailbox(String target) throws StoreException, Refusal {
        int slash = target.indexOf('/');
        Optional<Account> account =
                slash < 0 ? Optional.empty() : accounts.forLogin(target.substring(0, slash));
        if (account.isPresent()) {
            MailboxVerbs.mailbox(mail, account.get(), target.substring(slash + 1));
        }
    }

    @Command(
            name = "list",
            header = "Lists the aliases and where they lead.",
            description = "With --json: a list of objects with address and targets.",
            footer = "  portolan alias list")
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException {
        Map<String, List<String>> targets = new TreeMap<>();
        for (Accounts.Alias alias : accounts.aliases()) {
            targets.computeIfAbsent(alias.address(), a -> new ArrayList<>()).add(alias.target());
        }
        if (json) {
            operator.say(
                    Json.page(
                            targets.entrySet().stream()
                                    .map(
                                            alias ->
                                                    Json.entries(
                                                            "address", alias.getKey(),
                                                            "targets", alias.getValue()))
                                    .toList()));
            return Verbs.DONE;
        }
        Table table = new Table("ALIAS", "TARGETS");
        targets.forEach((address, to) -> table.row(address, String.join(", ", to)));
        operator.say(table.toString());
        return Verbs.DONE;
    }

    @Command(
            name = "remove",
            header = "Removes an alias with all its targets.",
            footer = "  portolan alias remove crew@example.org")
    int remove(@Parameters(paramLabel = "ADDRESS", description = "The alias.") String address)
            throws IOException, StoreException {
        accounts.removeAlias(address);
        journal.changed("alias " + address + " removed");
        operator.say("The alias " + address + " was removed.\n");
        return Verbs.DONE;
    }
}
