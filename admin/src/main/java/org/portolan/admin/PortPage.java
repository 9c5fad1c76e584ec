package org.portolan.admin;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.portolan.kernel.registry.KnownPort;
import org.portolan.kernel.registry.Lane;
import org.portolan.kernel.registry.PortClass;
import org.portolan.kernel.registry.PortRegistry;

/**
 * What is said about ports.
 *
 * @param served the doors of this site; none if no server runs
 * @param commands that try those doors; empty if no server runs
 */
record PortPage(PortRegistry registry, List<ServedDoor> served, Optional<PasteReady> commands) {
    /** What stands to the left of explanations: as wide as {@code 27000-27009/tcp}. */
    private static final String MARGIN = "  ";

    // ---- for people

    /** One number, lane by lane. */
    String number(int number, List<Lane> lanes) {
        StringBuilder page = new StringBuilder();
        for (Lane lane : lanes) {
            Optional<KnownPort> known = registry.at(number, lane);
            if (known.isPresent()) {
                page.append(explained(known.get()));
            } else {
                page.append("%d/%s\n".formatted(number, lane.word()));
                line(page, "Nothing is known to be there.");
            }
            here(number, lane).forEach(sentence -> line(page, sentence));
        }
        page.append(classOf(number));
        boolean unknown = lanes.stream().noneMatch(lane -> registry.at(number, lane).isPresent());
        if (unknown) {
            EphemeralPorts.ofSystem()
                    .filter(range -> range.contains(number))
                    .ifPresent(range -> page.append(range.sentence()));
        }
        return page.toString();
    }

    private static String classOf(int number) {
        if (number == 0) {
            return "0 is never on the wire: a program that asks the system for it gets any free"
                    + " port.\n";
        }
        PortClass of = PortClass.of(number);
        return "%d is a %s port (%d to %d): %s.\n"
                .formatted(number, of.word(), of.first(), of.last(), of.meaning());
    }

    /** Everything that has a name. */
    String entries(List<KnownPort> found) {
        StringBuilder page = new StringBuilder();
        for (KnownPort known : found) {
            page.append(explained(known));
            here(known).forEach(sentence -> line(page, sentence));
        }
        return page.toString();
    }

    private static String explained(KnownPort known) {
        StringBuilder page = new StringBuilder();
        page.append("%s/%s  %s".formatted(known.numbers(), known.lane().word(), known.name()));
        page.append(known.also().isEmpty() ? "" : ", also " + String.join(", ", known.also()));
        page.append('\n');
        line(page, known.title() + ".");
        line(
                page,
                known.security().sentence()
                        + known.safer().map(safer -> " Safer: " + safer + ".").orElse(""));
        if (!known.standard().isEmpty()) {
            line(page, "Standard: " + known.standard());
        }
        if (!known.client().isEmpty()) {
            line(page, "Client: " + known.client());
        }
        return page.toString();
    }

    private static void line(StringBuilder page, String text) {
        page.append(MARGIN).append(text).append('\n');
    }

    /** What this site has at a number: the protocol's, or the one that is really open. */
    private List<String> here(int number, Lane lane) {
        List<String> sentences = new ArrayList<>();
        for (ServedDoor door : served) {
            if (door.lane() == lane
                    && (door.door().port().number() == number || door.isAt(number))) {
                sentences.add(sentence(door, number));
                commands.map(ready -> ready.command(door))
                        .filter(command -> !command.isEmpty())
                        .ifPresent(command -> sentences.add("Try it: " + command));
            }
        }
        return sentences;
    }

    private List<String> here(KnownPort known) {
        return IntStream.rangeClosed(known.first(), known.last())
                .mapToObj(number -> here(number, known.lane()))
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private static String sentence(ServedDoor door, int number) {
        String name = door.door().port().name();
        int usual = door.door().port().number();
        if (door.switchedOff()) {
            return "This site could serve %s: %s.".formatted(name, door.stateInFull());
        }
        boolean moved = number != usual;
        return moved
                ? "This site serves %s here, instead of at %d: %s."
                        .formatted(name, usual, door.stateInFull())
                : "This site serves %s at %s: %s."
                        .formatted(name, door.numbers(), door.stateInFull());
    }

    /** What is known of a range, and what the rest of it is. */
    String range(int first, int last, List<Lane> lanes) {
        List<KnownPort> known = within(first, last, lanes);
        StringBuilder page = new StringBuilder();
        page.append(
                known.isEmpty()
                        ? "Nothing is known to be at %d-%d.\n".formatted(first, last)
                        : table(first, last, lanes));
        for (PortClass one : PortClass.values()) {
            int from = Math.max(first, one.first());
            int to = Math.min(last, one.last());
            if (from <= to) {
                page.append(
                        "%s %s (%d to %d): %s.\n"
                                .formatted(
                                        from == to ? from + " is" : from + "-" + to + " are",
                                        one.word(),
                                        one.first(),
                                        one.last(),
                                        one.meaning()));
            }
        }
        return page.toString();
    }

    String table(int first, int last, List<Lane> lanes) {
        Table table = new Table("PORT", "SERVICE", "SECURITY", "SAFER", "HERE", "WHAT FOR");
        for (KnownPort known : within(first, last, lanes)) {
            table.row(
                    known.numbers() + "/" + known.lane().word(),
                    known.name(),
                    known.security().word(),
                    known.safer().map(Object::toString).orElse(""),
                    servedAt(known),
                    known.title());
        }
        return table.toString();
    }

    private List<KnownPort> within(int first, int last, List<Lane> lanes) {
        return registry.within(first, last).stream()
                .filter(known -> lanes.contains(known.lane()))
                .toList();
    }

    private String servedAt(KnownPort known) {
        return doorsOf(known)
                .filter(door -> !door.open().isEmpty())
                .map(ServedDoor::numbers)
                .distinct()
                .collect(joining(", "));
    }

    private java.util.stream.Stream<ServedDoor> doorsOf(KnownPort known) {
        return served.stream()
                .filter(door -> door.lane() == known.lane())
                .filter(door -> known.contains(door.door().port().number()));
    }

    // ---- for programs

    /** An entry of the registry. */
    Map<String, Object> entry(KnownPort known) {
        Map<String, Object> entry =
                Json.entries(
                        "first", known.first(),
                        "last", known.last(),
                        "transport", known.lane().word(),
                        "range", PortClass.of(known.first()).word(),
                        "known", true,
                        "name", known.name(),
                        "also", known.also(),
                        "title", known.title(),
                        "security", known.security().word(),
                        "safer", known.safer().map(Object::toString).orElse(""),
                        "standard", known.standard(),
                        "client", known.client());
        entry.put("served", served(doorsOf(known).toList()));
        return entry;
    }

    /** A number that may be known or not. */
    Map<String, Object> entry(int number, Lane lane) {
        Map<String, Object> entry =
                registry.at(number, lane)
                        .map(this::entry)
                        .orElseGet(
                                () ->
                                        Json.entries(
                                                "first",
                                                number,
                                                "last",
                                                number,
                                                "transport",
                                                lane.word(),
                                                "range",
                                                PortClass.of(number).word(),
                                                "known",
                                                false));
        entry.put(
                "served",
                served(
                        served.stream()
                                .filter(door -> door.lane() == lane)
                                .filter(
                                        door ->
                                                door.door().port().number() == number
                                                        || door.isAt(number))
                                .toList()));
        return entry;
    }

    private List<Map<String, Object>> served(List<ServedDoor> doors) {
        return commands.map(
                        ready -> doors.stream().map(door -> SitePorts.entry(door, ready)).toList())
                .orElse(List.of());
    }
}
