package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.AppPasswords;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan account app-password …}: passwords for one program each. */
final class AppPasswordVerbs {
    private final Accounts accounts;
    private final Journal journal;
    private final Operator operator;

    AppPasswordVerbs(Accounts accounts, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Makes a password for one program.",
            description = {
                "It is shown this once, on a line of its own, and opens mail and files, or of"
                        + " these what --service names; a console never. LABEL is what its owner"
                        + " will know it by.",
                "",
                "Dashes, blanks and capitals do not matter when it is typed. A program that"
                        + " insists on SCRAM has to be told to use PLAIN, over TLS.",
                "",
                "With --json: an object with account, label, services (empty: all) and password."
            },
            footer = {
                "  portolan account app-password add ada telephone",
                "  portolan account app-password add ada scanner --service smtp"
            })
    int add(
            @Parameters(index = "0", paramLabel = "NAME", description = "The account.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "LABEL",
                            description = "What it is for; at most 64 characters.")
                    String label,
            @Option(
                            names = "--service",
                            paramLabel = "SERVICE",
                            split = ",",
                            description =
                                    "What it opens: ftp, imap, pop3 or smtp. May be repeated.")
                    @Nullable List<String> services,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Account account = KeyVerbs.wanted(accounts, name);
        List<String> opens = services == null ? List.of() : services;
        String password = accounts.appPasswords().add(account, label, opens);
        String sentence =
                "%s has a new app password %s, which opens %s"
                        .formatted(account.name(), label.strip(), opened(opens));
        journal.changed("account " + sentence);
        if (json) {
            operator.say(
                    Json.page(
                            Json.entries(
                                    "account",
                                    account.name(),
                                    "label",
                                    label.strip(),
                                    "services",
                                    opens,
                                    "password",
                                    password)));
            return Verbs.DONE;
        }
        operator.remark(sentence + ". Shown this once:\n"); // and nothing but it, for $(…)
        operator.say(password + "\n");
        return Verbs.DONE;
    }

    private static String opened(List<String> services) {
        return String.join(", ", services.isEmpty() ? AppPasswords.SERVICES : services);
    }

    @Command(
            name = "list",
            header = "Lists the app passwords of an account, but not what they are.",
            description =
                    "With --json: a list of objects with label, services (empty: all), created and"
                            + " used, the day of the latest log-in (empty: never).",
            footer = {"  portolan account app-password list ada"})
    int list(
            @Parameters(paramLabel = "NAME", description = "The account.") String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Account account = KeyVerbs.wanted(accounts, name);
        List<AppPasswords.Entry> kept = accounts.appPasswords().list(account);
        if (json) {
            operator.say(Json.page(kept.stream().map(AppPasswordVerbs::entry).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("LABEL", "OPENS", "CREATED", "LAST USED");
        for (AppPasswords.Entry one : kept) {
            String used = one.used().map(String::valueOf).orElse("never");
            table.row(one.label(), opened(one.services()), Words.time(one.created()), used);
        }
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(AppPasswords.Entry one) {
        return Json.entries(
                "label", one.label(),
                "services", one.services(),
                "created", one.created().toString(),
                "used", one.used().map(String::valueOf).orElse(""));
    }

    @Command(
            name = "remove",
            header = "Lets an app password log in no more.",
            description = "Conversations that it began go on; `portolan sockets close` ends them.",
            footer = {"  portolan account app-password remove ada telephone"})
    int remove(
            @Parameters(index = "0", paramLabel = "NAME", description = "The account.") String name,
            @Parameters(index = "1", paramLabel = "LABEL", description = "As the list shows it.")
                    String label)
            throws IOException, StoreException, Refusal {
        Account account = KeyVerbs.wanted(accounts, name);
        accounts.appPasswords().remove(account, label);
        journal.changed("account %s lost its app password %s".formatted(account.name(), label));
        operator.say("%s logs in to %s no more.\n".formatted(label, account.name()));
        return Verbs.DONE;
    }
}
