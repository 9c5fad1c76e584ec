package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.portolan.stores.DkimKeys;
import org.portolan.stores.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan mail dkim …}: what mail is signed with. */
final class DkimVerbs {
    private final Site site;
    private final Journal journal;
    private final Operator operator;

    DkimVerbs(Site site, Journal journal, Operator operator) {
        this.site = site;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "list",
            header = "Lists the keys.",
            description = "With --json: a list of objects with selector, type, state and record.",
            footer = "  portolan mail dkim list")
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, Refusal {
        List<DkimKeys.Kept> keys = MailVerbs.report(site).keys().all();
        if (json) {
            operator.say(Json.page(keys.stream().map(DkimVerbs::entry).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("SELECTOR", "TYPE", "STATE");
        keys.forEach(key -> table.row(key.selector(), key.type(), key.state().word()));
        operator.say(table.toString());
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(DkimKeys.Kept key) {
        return Json.entries(
                "selector", key.selector(),
                "type", key.type(),
                "state", key.state().word(),
                "record", key.text());
    }

    @Command(
            name = "rotate",
            header = "Makes new keys, which do not sign yet.",
            description = {
                "Publish them (`portolan mail dns`; in the site's own zone they are at once), wait"
                        + " until everybody can see them (`portolan mail dns --check`), then let"
                        + " them sign (`portolan mail dkim activate`)."
            },
            footer = "  portolan mail dkim rotate")
    int rotate() throws IOException, Refusal, StoreException {
        MailReport report = MailVerbs.report(site);
        failing(() -> report.keys().rotate());
        report.publish();
        journal.changed("new keys to sign mail with");
        operator.say("New keys are made. Publish them, then `portolan mail dkim activate`.\n");
        return Verbs.DONE;
    }

    @Command(
            name = "activate",
            header = "Lets the new keys sign.",
            description =
                    "The old ones stay published, because mail that they signed is still on its"
                            + " way; remove them after a week or so.",
            footer = "  portolan mail dkim activate")
    int activate() throws IOException, Refusal, StoreException {
        MailReport report = MailVerbs.report(site);
        if (!report.keys().activate()) {
            throw Refusal.failed("there are no new keys; `portolan mail dkim rotate` makes them");
        }
        journal.changed("the new keys sign mail");
        operator.say("The new keys sign.\n");
        return Verbs.DONE;
    }

    @Command(
            name = "remove",
            header = "Forgets a key that does not sign.",
            description = "Remove its record from the domains' zones, too.",
            footer = "  portolan mail dkim remove r20270115")
    int remove(@Parameters(paramLabel = "SELECTOR", description = "Its name.") String selector)
            throws IOException, Refusal, StoreException {
        MailReport report = MailVerbs.report(site);
        boolean[] found = {false};
        failing(() -> found[0] = report.keys().remove(selector));
        if (!found[0]) {
            throw Refusal.failed("there is no key " + selector);
        }
        report.publish();
        journal.changed("key " + selector + " removed");
        operator.say("The key " + selector + " is forgotten.\n");
        return Verbs.DONE;
    }

    private interface Work {
        void run() throws IOException;
    }

    /** What keys refuse is said to the operator, who is still there. */
    private static void failing(Work work) throws Refusal {
        try {
            work.run();
        } catch (IOException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }
}
