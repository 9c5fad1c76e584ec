package org.portolan.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.kernel.Shown;
import org.portolan.stores.StoreException;
import org.portolan.stores.zones.ZoneState;
import org.portolan.stores.zones.ZoneText;
import org.portolan.stores.zones.Zones;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portolan dns zone …}: the zones that the site answers for. */
final class ZoneVerbs {
    /** How much of a zone is said at once. */
    private static final int PAGE = 8 * 1024;

    private final Zones zones;
    private final Journal journal;
    private final Operator operator;

    ZoneVerbs(Zones zones, Journal journal, Operator operator) {
        this.zones = zones;
        this.journal = journal;
        this.operator = operator;
    }

    @Command(
            name = "add",
            header = "Adds a zone, and serves it at once.",
            description = {
                "With --from it is a copy of FILE, a master file, which is checked first; what it"
                        + " includes has to lie in the folder of zones already. Otherwise it is a"
                        + " zone with nothing but its SOA and this server's name (NS), for you to"
                        + " write on: the file is DATA/zones/NAME.zone."
            },
            footer = {
                "  portolan dns zone add example.org",
                "  portolan dns zone add example.org --from example.org.zone"
            })
    int add(
            @Parameters(paramLabel = "NAME", description = "The zone's name.") String name,
            @Option(names = "--from", paramLabel = "FILE", description = "What it shall hold.")
                    @Nullable String from)
            throws IOException, StoreException, Refusal {
        ZoneState added =
                from == null
                        ? zones.addStarter(name)
                        : zones.addCopy(name, readable(from), Shown.of(from));
        journal.changed("zone " + added.name() + " added");
        operator.say(
                "The zone %s is served, serial %d, %s: %s\n"
                        .formatted(
                                added.name(),
                                added.serial().orElse(0),
                                Words.count(added.records(), "record"),
                                added.file()));
        return Verbs.DONE;
    }

    @Command(
            name = "list",
            header = "Lists the zones.",
            description = {
                "Each with its serial number, records, when its file was read, and what is wrong"
                        + " or odd about it. A zone whose file cannot be read any more goes on as"
                        + " it was.",
                "",
                "With --json: a list of objects with name, served, records, bytes, file, read,"
                        + " problems, warnings and, of a zone that is served, serial."
            },
            footer = {"  portolan dns zone list", "  portolan dns zone list --json"})
    int list(@Option(names = "--json", description = "For programs.") boolean json)
            throws IOException {
        List<ZoneState> all = zones.states();
        if (json) {
            operator.say(Json.page(all.stream().map(ZoneVerbs::entry).toList()));
            return Verbs.DONE;
        }
        Table table = new Table("ZONE", "SERIAL", "RECORDS", "MEMORY", "READ", "FILE");
        StringBuilder remarks = new StringBuilder();
        for (ZoneState zone : all) {
            boolean served = zone.serial().isPresent();
            table.row(
                    zone.name(),
                    served ? zone.serial().getAsLong() : "",
                    served ? zone.records() : "",
                    served ? Words.bytes(zone.bytes()) : "",
                    served ? Words.time(zone.read()) : "not served",
                    zone.file().getFileName());
            zone.warnings().forEach(w -> remark(remarks, "Warning: " + zone.name() + ": ", w));
        }
        zones.problems().forEach(problem -> remark(remarks, "Problem: ", problem));
        operator.say(table.toString() + remarks);
        return Verbs.DONE;
    }

    private static void remark(StringBuilder remarks, String kind, String words) {
        remarks.append(kind).append(Shown.of(words)).append('\n');
    }

    private static Map<String, Object> entry(ZoneState zone) {
        Map<String, Object> entry =
                Json.entries(
                        "name", zone.name(),
                        "served", zone.serial().isPresent(),
                        "records", zone.records(),
                        "bytes", zone.bytes(),
                        "file", zone.file().toString(),
                        "read", zone.read().toString(),
                        "problems", zone.problems(),
                        "warnings", zone.warnings());
        zone.serial().ifPresent(serial -> entry.put("serial", serial));
        return entry;
    }

    @Command(
            name = "check",
            header = "Reads zones without serving them, and says what is wrong.",
            description = {
                "A WHAT with a slash in it, or that ends in .zone, is a master file, called after"
                        + " its zone unless --zone says otherwise, with its includes beside it;"
                        + " any other is the name of a zone in the folder of zones. Without WHAT"
                        + " all of those are read. The exit status is 1 if one cannot be served.",
                "",
                "With --json: a list of objects with zone, records, problems and warnings."
            },
            footer = {
                "  portolan dns zone check",
                "  portolan dns zone check example.org",
                "  portolan dns zone check ./draft --zone example.org"
            })
    int check(
            @Parameters(arity = "0..1", paramLabel = "WHAT", description = "A file or a name.")
                    @Nullable String what,
            @Option(names = "--zone", paramLabel = "NAME", description = "The name of FILE's zone.")
                    @Nullable String name,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException, Refusal {
        if (what == null && name != null) {
            throw Refusal.usage("--zone says whose a file is, and there is no file");
        }
        List<Zones.Check> checks = new ArrayList<>();
        if (what == null) {
            for (ZoneState zone : zones.states()) {
                checks.add(zones.check(zone.name()));
            }
        } else if (name != null || what.contains("/") || what.endsWith(".zone")) {
            checks.add(zones.check(readable(what), Optional.ofNullable(name)));
        } else {
            checks.add(zones.check(what));
        }
        if (json) {
            operator.say(Json.page(checks.stream().map(ZoneVerbs::entry).toList()));
        } else {
            for (Zones.Check check : checks) {
                say(check);
            }
        }
        boolean sound = checks.stream().allMatch(check -> check.problems().isEmpty());
        return sound ? Verbs.DONE : Verbs.FAILED;
    }

    private static Map<String, Object> entry(Zones.Check check) {
        return Json.entries(
                "zone", check.name(),
                "records", check.records(),
                "problems", check.problems(),
                "warnings", check.warnings());
    }

    private void say(Zones.Check check) throws IOException {
        StringBuilder wrong = new StringBuilder();
        check.problems().forEach(problem -> remark(wrong, "portolan: ", problem));
        check.warnings().forEach(warning -> remark(wrong, "portolan: warning: ", warning));
        operator.remark(wrong.toString());
        if (check.problems().isEmpty()) {
            operator.say(
                    "%s can be served: %s\n"
                            .formatted(check.name(), Words.count(check.records(), "record")));
        }
    }

    @Command(
            name = "show",
            header = "Shows the records of a zone as they are served.",
            description = {
                "One in each line, as master files write them, with whole names: the zone's own"
                        + " first, the others in the order of its file.",
                "",
                "With --json: a list of objects with owner, ttl, type and data."
            },
            footer = {
                "  portolan dns zone show example.org",
                "  portolan dns zone show example.org --type MX",
                "  portolan dns zone show example.org www.example.org --json"
            })
    int show(
            @Parameters(index = "0", paramLabel = "NAME", description = "The zone.") String name,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "OWNER",
                            description = "Of this name only.")
                    @Nullable String owner,
            @Option(names = "--type", paramLabel = "TYPE", description = "Of this type only.")
                    @Nullable String type,
            @Option(names = "--json", description = "For programs.") boolean json)
            throws IOException, StoreException {
        StringBuilder page = new StringBuilder(json ? "[\n" : "");
        String[] between = {""};
        zones.show(
                name,
                Optional.ofNullable(owner),
                Optional.ofNullable(type),
                line -> {
                    page.append(between[0]).append(json ? Json.line(entry(line)) : line + "\n");
                    between[0] = json ? ",\n" : "";
                    if (page.length() > PAGE) {
                        operator.say(page.toString());
                        page.setLength(0);
                    }
                });
        operator.say(page + (json ? "\n]\n" : ""));
        return Verbs.DONE;
    }

    private static Map<String, Object> entry(ZoneText.Line line) {
        return Json.entries(
                "owner", line.owner(),
                "ttl", line.ttl(),
                "type", line.type(),
                "data", line.data());
    }

    @Command(
            name = "remove",
            header = "Removes a zone and deletes its file.",
            description = {
                "What the file included stays. A person at the terminal is asked first; without a"
                        + " terminal, --yes is needed."
            },
            footer = "  portolan dns zone remove example.org --yes")
    int remove(
            @Parameters(paramLabel = "NAME", description = "The zone.") String name,
            @Option(names = "--yes", description = "Delete its file without asking.") boolean yes)
            throws IOException, StoreException, Refusal {
        if (!yes) {
            confirm(name);
        }
        zones.remove(name);
        journal.changed("zone " + name + " removed");
        operator.say("The zone " + name + " is served no more, and its file is deleted.\n");
        return Verbs.DONE;
    }

    private void confirm(String name) throws IOException, Refusal {
        if (!operator.terminal()) {
            throw Refusal.failed("with --yes the zone's file is deleted");
        }
        String answer = operator.ask("Delete the file of the zone " + name + "? [y/N] ");
        if (!List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
            throw Refusal.failed("nothing was changed");
        }
    }

    /** The operator's file: where they stand, and not where the server does. */
    private Path readable(String file) throws Refusal {
        Path path;
        try {
            path = operator.folder().resolve(file).normalize();
        } catch (InvalidPathException e) {
            throw Refusal.usage(file + " is no file's name");
        }
        if (!path.isAbsolute()) {
            throw Refusal.usage(
                    "the whole path of "
                            + file
                            + " is wanted: who asks does not say where they are");
        }
        if (!Files.exists(path)) {
            throw Refusal.failed(path + " is not there, or not for the server's user to see");
        }
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw Refusal.failed(path + " is no file that the server's user may read");
        }
        return path;
    }
}
