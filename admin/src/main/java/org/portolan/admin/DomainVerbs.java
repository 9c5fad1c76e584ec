package org.portolan.admin;

import java.io.IOException;
import org.portolan.stores.Accounts;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan domain …}: domains whose mail ends here. */
final class DomainVerbs {
    private final Accounts accounts;
    private final Journal journal;
    private final Operator operator;

    DomainVerbs(Accounts accounts, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Adds a domain.",
            description = "Every account receives mail at the new domain as well, at once.",
            footer = "  portolan domain add example.org")
    int add(@Parameters(paramLabel = "DOMAIN", description = "Its name.") String name)
            throws IOException, StoreException {
        accounts.addDomain(name);
        journal.changed("domain " + name + " added");
        operator.say("Mail to " + name + " is accepted.\n");
        return Verbs.DONE;
    }

    @Command(
            name = "list",
            header = "Lists the domains.",
            description = "With --json: a list of names.",
            footer = "  portolan domain list")
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        if (json) {
            operator.say(Json.page(accounts.domains()));
            return Verbs.DONE;
        }
        Table table = new Table("DOMAIN");
        accounts.domains().forEach(table::row);
        operator.say(table.toString());
        return Verbs.DONE;
    }

    @Command(
            name = "remove",
            header = "Removes a domain.",
            description = "Mail to it is refused from now on. Accounts keep what they have.",
            footer = "  portolan domain remove example.org")
    int remove(@Parameters(paramLabel = "DOMAIN", description = "Its name.") String name)
            throws IOException, StoreException {
        accounts.removeDomain(name);
        journal.changed("domain " + name + " removed");
        operator.say("Mail to " + name + " is refused.\n");
        return Verbs.DONE;
    }
}
