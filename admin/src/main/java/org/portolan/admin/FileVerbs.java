package org.portolan.admin;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Shown;
import org.portolan.kernel.Size;
import org.portolan.stores.Account;
import org.portolan.stores.Accounts;
import org.portolan.stores.Spaces;
import org.portolan.stores.Spaces.Right;
import org.portolan.stores.Spaces.Space;
import org.portolan.stores.StoreException;
import org.portolan.stores.files.Access;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.FileTree;
import org.portolan.stores.files.Listing;
import org.portolan.stores.files.LockTable;
import org.portolan.stores.files.Room;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan files …}: shared folders, rights, quotas, who has what open. */
final class FileVerbs {
    private final FileTree files;
    private final Accounts accounts;
    private final Journal journal;
    private final Operator operator;

    FileVerbs(FileTree files, Accounts accounts, Journal journal, Operator operator) {
        this.files = files;
        this.accounts = accounts;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "list",
            header = "Lists homes and shared folders, with rights and quotas.",
            description =
                    "With --json: a list of objects with name, kind, folder (below DATA/files),"
                            + " quota in bytes (0 for none), rights, and bytes with --count.",
            footer = {"  portolan files list", "  portolan files list --count --json"})
    int list(
            @Option(names = "--count", description = "Look at every file, and add up its size.")
                    boolean count,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        List<Map<String, Object>> objects = new ArrayList<>();
        Table table = new Table("NAME", "FOLDER", "BYTES", "QUOTA", "RIGHTS");
        Map<String, String> names = grantees();
        for (Space space : files.spaces().list()) {
            long quota = files.limit(space);
            Map<String, String> rights = new TreeMap<>();
            space.grants().forEach((who, right) -> rights.put(said(names, who), said(right)));
            OptionalLong bytes = count ? OptionalLong.of(bytes(space)) : OptionalLong.empty();
            Map<String, Object> object =
                    Json.entries(
                            "name", Spaces.title(space),
                            "kind", space.kind().name().toLowerCase(Locale.ROOT),
                            "folder", FileTree.folder(space),
                            "quota", quota,
                            "rights", rights);
            bytes.ifPresent(sum -> object.put("bytes", sum));
            objects.add(object);
            table.row(
                    Spaces.title(space),
                    FileTree.folder(space),
                    bytes.isPresent() ? Words.bytes(bytes.getAsLong()) : "",
                    quota == 0 ? "" : Words.bytes(quota),
                    String.join(
                            ", ",
                            rights.entrySet().stream()
                                    .map(right -> right.getKey() + " " + right.getValue())
                                    .toList()));
        }
        operator.say(json ? Json.page(objects) : table.toString());
        return Verbs.DONE;
    }

    @Command(
            name = "of",
            header = "Shows what files an account can reach, and how much room it has.",
            description =
                    "With --json: a list of objects with folder, right (read, write or drop), and"
                            + " bytes used of the quota, quota (0 for none) and free.",
            footer = {"  portolan files of ada", "  portolan files of ada --json"})
    int of(
            @Parameters(paramLabel = "NAME", description = "The account.") String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        Account account =
                accounts.forLogin(name)
                        .orElseThrow(() -> Refusal.failed("there is no account " + name));
        View view = files.view(account, "admin", operator.conversation());
        List<Map<String, Object>> objects = new ArrayList<>();
        Table table = new Table("FOLDER", "RIGHT", "USED", "QUOTA", "FREE");
        try {
            for (TreePath folder : reached(view)) {
                Room room = view.room(folder);
                String right = right(view, folder);
                objects.add(
                        Json.entries(
                                "folder", folder.toString(),
                                "right", right,
                                "bytes", room.used(),
                                "quota", room.quota(),
                                "free", room.free()));
                table.row(
                        folder.toString(),
                        right,
                        room.quota() == 0 ? "" : Words.bytes(room.used()),
                        room.quota() == 0 ? "" : Words.bytes(room.quota()),
                        Words.bytes(room.free()));
            }
        } catch (FileProblem e) {
            throw refusal(e);
        }
        operator.say(json ? Json.page(objects) : table.toString());
        return Verbs.DONE;
    }

    /** Homes, what is shared, and so on: the folders that have rights. */
    private static List<TreePath> reached(View view) throws FileProblem {
        List<TreePath> folders = new ArrayList<>();
        for (TreePath top : inside(view, TreePath.ROOT)) {
            folders.addAll(view.rightsIn(top).isEmpty() ? inside(view, top) : List.of(top));
        }
        return folders;
    }

    private static List<TreePath> inside(View view, TreePath folder) throws FileProblem {
        try (Listing listing = view.list(folder)) {
            return listing.page().stream().map(node -> folder.child(node.name())).toList();
        }
    }

    private static String right(View view, TreePath folder) throws FileProblem {
        return view.rightsIn(folder).stream().map(FileVerbs::said).collect(joining(", "));
    }

    private long bytes(Space space) throws Refusal {
        try {
            return files.bytes(space);
        } catch (FileProblem e) {
            if (e.kind() == FileProblem.Kind.MISSING) { // an administrator moved it away
                return 0;
            }
            throw refusal(e);
        }
    }

    private static Refusal refusal(FileProblem e) {
        return Refusal.failed(String.valueOf(e.getMessage()));
    }

    private static String said(Right right) {
        return right.name().toLowerCase(Locale.ROOT);
    }

    /** How grantees are said: accounts by name, groups after an @. */
    private Map<String, String> grantees() throws StoreException {
        Map<String, String> names = new HashMap<>();
        for (Account account : accounts.list()) {
            names.put(Spaces.grantee(account), account.name());
        }
        return names;
    }

    private static String said(Map<String, String> names, String grantee) {
        String group = Spaces.grantee("");
        return grantee.startsWith(group)
                ? "@" + grantee.substring(group.length())
                : names.getOrDefault(grantee, grantee);
    }

    @Command(
            name = "add",
            header = "Makes a shared folder.",
            description = "Nobody has a right in it before `portolan files grant`.",
            footer = {"  portolan files add plans", "  portolan files grant plans write @staff"})
    int add(@Parameters(paramLabel = "NAME", description = "Its name.") String name)
            throws IOException, StoreException {
        Space made = files.share(name);
        journal.changed("shared folder " + name + " added");
        operator.say(
                "Added %s: /shared/%s to those who get a right in it, DATA/files/%s on the disk.\n"
                        .formatted(name, name, FileTree.folder(made)));
        return Verbs.DONE;
    }

    @Command(
            name = "remove",
            header = "Removes a shared folder, or the home of an account that is gone.",
            description =
                    "Its files stay on the disk, below DATA/files, unless --delete-files is given.",
            footer = {
                "  portolan files remove plans",
                "  portolan files remove plans --delete-files"
            })
    int remove(
            @Parameters(paramLabel = "NAME", description = "A shared folder, or home/ACCOUNT.")
                    String name,
            @Option(names = "--delete-files", description = "Delete what is in it, too.")
                    boolean delete)
            throws IOException, StoreException, Refusal {
        Space space = wanted(name);
        boolean used =
                space.account().isPresent()
                        && accounts.list().stream()
                                .anyMatch(a -> a.id() == space.account().getAsLong());
        if (used) {
            throw Refusal.failed(name + " is the home of an account; remove the account first");
        }
        try {
            files.remove(space, delete);
        } catch (FileProblem e) {
            throw refusal(e);
        }
        String what = name + " removed" + (delete ? " with its files" : "");
        journal.changed("shared folder " + what);
        operator.say(
                delete
                        ? "Removed " + name + " with its files.\n"
                        : "Removed %s; its files stay in DATA/files/%s.\n"
                                .formatted(name, FileTree.folder(space)));
        return Verbs.DONE;
    }

    @Command(
            name = "grant",
            header = "Lets somebody read, write or drop files in a shared folder.",
            description = {
                "RIGHT is read; write, which is all of it; or drop: add files, and neither see nor"
                        + " overwrite any. WHO is an account, @GROUP, accounts (everybody who logs"
                        + " in) or everybody (also who does not). It takes the place of the right"
                        + " that WHO had there. Rights of one account come together.",
                "",
                "NAME may be public and drop, too; homes are their accounts' own."
            },
            footer = {
                "  portolan files grant plans write ada",
                "  portolan files grant plans read @staff",
                "  portolan files grant public write @editors",
                "  portolan files grant drop drop everybody"
            })
    int grant(
            @Parameters(index = "0", paramLabel = "NAME", description = "The folder.") String name,
            @Parameters(index = "1", paramLabel = "RIGHT", description = "read, write or drop.")
                    String right,
            @Parameters(index = "2", paramLabel = "WHO", description = "Who gets it.") String who)
            throws IOException, StoreException, Refusal {
        Space space = wanted(name);
        Right given =
                switch (right.toLowerCase(Locale.ROOT)) {
                    case "read" -> Right.READ;
                    case "write" -> Right.WRITE;
                    case "drop" -> Right.DROP;
                    default -> throw Refusal.usage("a right is read, write or drop");
                };
        boolean strangersWrite = who.equals(Spaces.EVERYBODY) && given == Right.WRITE;
        if (strangersWrite) {
            throw Refusal.failed(
                    "who does not log in cannot be let write: give everybody read or drop");
        }
        files.spaces().grant(space, grantee(who), given);
        journal.changed("%s may %s in %s".formatted(who, said(given), name));
        operator.say("%s: %s from now on.\n".formatted(who, may(given, name)));
        return Verbs.DONE;
    }

    private static String may(Right right, String name) {
        return switch (right) {
            case READ -> "may read what is in " + name;
            case WRITE -> "may read and change what is in " + name;
            case DROP -> "may leave files in " + name;
        };
    }

    @Command(
            name = "revoke",
            header = "Takes somebody's right in a shared folder.",
            description = "What is open stays open.",
            footer = "  portolan files revoke plans ada")
    int revoke(
            @Parameters(index = "0", paramLabel = "NAME", description = "The folder.") String name,
            @Parameters(index = "1", paramLabel = "WHO", description = "As in `files grant`.")
                    String who)
            throws IOException, StoreException, Refusal {
        Space space = wanted(name);
        if (!files.spaces().revoke(space, grantee(who))) {
            throw Refusal.failed(who + " had no right of its own in " + name);
        }
        journal.changed("%s has no right of its own in %s any more".formatted(who, name));
        operator.say("%s has no right of its own in %s any more.\n".formatted(who, name));
        return Verbs.DONE;
    }

    @Command(
            name = "quota",
            header = "Sets how much a home or shared folder may hold.",
            description =
                    "SIZE is written like 2GB or 500MB; none is no limit, usual what settings say"
                            + " (files.home_quota, files.shared_quota).",
            footer = {"  portolan files quota home/ada 2GB", "  portolan files quota plans none"})
    int quota(
            @Parameters(
                            index = "0",
                            paramLabel = "NAME",
                            description = "A shared folder, or home/ACCOUNT.")
                    String name,
            @Parameters(index = "1", paramLabel = "SIZE", description = "A size, none or usual.")
                    String size)
            throws IOException, StoreException, Refusal {
        Space space = wanted(name);
        files.limit(space, quota(size));
        long now = files.limit(files.spaces().space(space.id()).orElse(space));
        String words = now == 0 ? "has no quota" : "may hold " + Words.bytes(now);
        journal.changed(name + " " + words);
        operator.say(name + " " + words + " from now on.\n");
        return Verbs.DONE;
    }

    private static OptionalLong quota(String size) throws Refusal {
        if (size.equals("usual")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(size.equals("none") ? 0 : Size.of(size).bytes());
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(String.valueOf(e.getMessage()));
        }
    }

    @Command(
            name = "locks",
            header = "Shows who has which file open, through every protocol.",
            description =
                    "With --json: a list of objects with file (below DATA/files), account,"
                            + " protocol, conversation, access, shared, ranges, delete_pending and"
                            + " since.",
            footer = "  portolan files locks")
    int locks(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        List<Map<String, Object>> objects = new ArrayList<>();
        Table table = new Table("FILE", "ACCOUNT", "PROTOCOL", "CONVERSATION", "DOES", "SINCE");
        for (LockTable.Held held : files.holding()) {
            objects.add(
                    Json.entries(
                            "file", held.where(),
                            "account", held.holder().account(),
                            "protocol", held.holder().protocol(),
                            "conversation", held.holder().conversation(),
                            "access", words(held.access()),
                            "shared", words(held.shared()),
                            "ranges", held.ranges(),
                            "delete_pending", held.deletePending(),
                            "since", held.since().toString()));
            table.row(
                    held.where(),
                    held.holder().account(),
                    held.holder().protocol(),
                    held.holder().conversation(),
                    does(held),
                    Words.time(held.since()));
        }
        operator.say(json ? Json.page(objects) : table.toString());
        return Verbs.DONE;
    }

    private static List<String> words(Set<Access> accesses) {
        return accesses.stream().sorted().map(a -> a.name().toLowerCase(Locale.ROOT)).toList();
    }

    private static String does(LockTable.Held held) {
        List<String> words = new ArrayList<>(words(held.access()));
        Access.ALL.stream()
                .sorted()
                .filter(access -> !held.shared().contains(access))
                .forEach(access -> words.add("no other " + access.name().toLowerCase(Locale.ROOT)));
        if (held.ranges() > 0) {
            words.add(Words.count(held.ranges(), "range") + " locked");
        }
        if (held.deletePending()) {
            words.add("deleted when let go");
        }
        return String.join(", ", words);
    }

    @Command(
            name = "check",
            header = "Looks through homes and shared folders for what is wrong or odd.",
            description = {
                "Counts what each holds, and compares it with what was kept; finds uploads that"
                        + " nobody goes on with, devices, names and modes that cannot be served.",
                "",
                "With --json: a list of sentences; empty if all is well."
            },
            footer = {"  portolan files check", "  portolan files check home/ada"})
    int check(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..1",
                            description = "One of them; all if left out.")
                    @Nullable String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, Refusal {
        List<Space> spaces = name == null ? files.spaces().list() : List.of(wanted(name));
        List<String> found = new ArrayList<>();
        for (Space space : spaces) {
            try {
                found.addAll(files.check(space));
            } catch (FileProblem e) {
                found.add(String.valueOf(e.getMessage()));
            }
        }
        if (json) {
            operator.say(Json.page(found));
        } else if (found.isEmpty()) {
            operator.say("All is well in " + Words.count(spaces.size(), "folder") + ".\n");
        } else {
            for (String sentence : found) {
                operator.say(Shown.of(sentence) + "\n");
            }
        }
        return found.isEmpty() ? Verbs.DONE : Verbs.FAILED;
    }

    private Space wanted(String name) throws Refusal {
        Optional<Space> space = files.spaces().called(name);
        if (space.isPresent()) {
            return space.get();
        }
        String near = Nearest.of(name, files.spaces().list().stream().map(Spaces::title).toList());
        throw Refusal.failed(
                "there is no folder "
                        + name
                        + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }

    private String grantee(String who) throws StoreException, Refusal {
        if (who.equals(Spaces.EVERYBODY) || who.equals(Spaces.ACCOUNTS)) {
            return who;
        }
        if (who.startsWith("@")) {
            String group = who.substring(1).toLowerCase(Locale.ROOT);
            List<String> groups = accounts.groups().stream().map(Accounts.Group::name).toList();
            if (!groups.contains(group)) {
                throw Refusal.failed("there is no group " + group);
            }
            return Spaces.grantee(group);
        }
        return Spaces.grantee(
                accounts.forLogin(who)
                        .orElseThrow(
                                () ->
                                        Refusal.failed(
                                                "there is no account %s; a group is @%s"
                                                        .formatted(who, who))));
    }
}
