package org.portolan.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Nearest;
import org.portolan.stores.Accounts;
import org.portolan.stores.Spaces;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.Mail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan account group …}: accounts under one name, for rules that speak of many. */
final class GroupVerbs {
    private final Accounts accounts;
    private final Spaces spaces;
    private final Mail mail;
    private final Journal journal;
    private final Operator operator;

    GroupVerbs(Accounts accounts, Spaces spaces, Mail mail, Journal journal, Operator operator) {
        this.accounts = accounts;
        this.spaces = spaces;
        this.mail = mail;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Adds a group.",
            description =
                    "GROUP has letters, digits, dots, dashes and underscores. ACCOUNTs become its"
                            + " first members.",
            footer = {"  portolan account group add crew", "  portolan account group add crew ada"})
    int add(
            @Parameters(index = "0", paramLabel = "GROUP", description = "The new group's name.")
                    String name,
            @Parameters(
                            index = "1..*",
                            arity = "0..*",
                            paramLabel = "ACCOUNT",
                            description = "Who belongs to it.")
                    @Nullable List<String> members)
            throws IOException, StoreException, Refusal {
        for (String member : members == null ? List.<String>of() : members) {
            if (accounts.forLogin(member).isEmpty()) {
                throw Refusal.failed("there is no account " + member + "; nothing was changed");
            }
        }
        String group = accounts.addGroup(name);
        journal.changed("group " + group + " added");
        operator.say("Group " + group + " was added.\n");
        return members == null ? Verbs.DONE : join(group, members);
    }

    @Command(
            name = "list",
            header = "Lists the groups and their members.",
            description = "With --json: a list of objects with name and members.",
            footer = "  portolan account group list")
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException {
        List<Accounts.Group> all = accounts.groups();
        if (json) {
            operator.say(
                    Json.page(
                            all.stream()
                                    .map(
                                            group ->
                                                    Json.entries(
                                                            "name", group.name(),
                                                            "members", group.members()))
                                    .toList()));
            return Verbs.DONE;
        }
        Table table = new Table("GROUP", "MEMBERS");
        all.forEach(group -> table.row(group.name(), String.join(", ", group.members())));
        operator.say(table.toString());
        return Verbs.DONE;
    }

    @Command(
            name = "join",
            header = "Lets accounts be members of a group.",
            footer = "  portolan account group join crew ada grace")
    int join(
            @Parameters(index = "0", paramLabel = "GROUP", description = "The group.") String name,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "ACCOUNT",
                            description = "Who belongs to it from now on.")
                    List<String> members)
            throws IOException, StoreException, Refusal {
        String group = wanted(name);
        accounts.join(group, members);
        return tell(String.join(", ", members), members.size(), "in", group);
    }

    @Command(
            name = "leave",
            header = "Lets accounts be members of a group no more.",
            footer = "  portolan account group leave crew grace")
    int leave(
            @Parameters(index = "0", paramLabel = "GROUP", description = "The group.") String name,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "ACCOUNT",
                            description = "Who belongs to it no more.")
                    List<String> members)
            throws IOException, StoreException, Refusal {
        String group = wanted(name);
        accounts.leave(group, members);
        return tell(String.join(", ", members), members.size(), "no more in", group);
    }

    private int tell(String members, int count, String where, String group) throws IOException {
        String now = members + (count == 1 ? " is " : " are ") + where + " the group " + group;
        journal.changed(now);
        operator.say(now + ".\n");
        return Verbs.DONE;
    }

    @Command(
            name = "remove",
            header = "Removes a group; its members stay as they are.",
            footer = "  portolan account group remove crew")
    int remove(@Parameters(paramLabel = "GROUP", description = "The group.") String name)
            throws IOException, StoreException, Refusal {
        String group = accounts.removeGroup(wanted(name));
        spaces.forgetGroup(group);
        mail.forgetGroup(group);
        journal.changed("group " + group + " removed");
        operator.say("The group " + group + " was removed.\n");
        return Verbs.DONE;
    }

    private String wanted(String name) throws StoreException, Refusal {
        List<String> names = accounts.groups().stream().map(Accounts.Group::name).toList();
        Optional<String> exact = names.stream().filter(name::equalsIgnoreCase).findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        String near = Nearest.of(name, names);
        throw Refusal.failed(
                "there is no group "
                        + name
                        + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }
}
