package org.portolan.kernel.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.portolan.kernel.Nearest;

/** Every port that something is known about. */
public final class PortRegistry {
    /** The greatest number that a port can have. */
    public static final int LAST_PORT = 65_535;

    private static final String NOTHING = "-";

    private static final Comparator<KnownPort> ORDER =
            Comparator.comparingInt(KnownPort::first).thenComparing(KnownPort::lane);

    private static final int COLUMNS = 9;

    private final List<KnownPort> all;

    private PortRegistry(List<KnownPort> all) {
        this.all = all;
    }

    /** What Portolan knows; each time read from its resource, which takes a few milliseconds. */
    public static PortRegistry read() {
        try (InputStream in = PortRegistry.class.getResourceAsStream("ports.tsv")) {
            if (in == null) {
                throw new IllegalStateException("ports.tsv is missing from the jar");
            }
            return of(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads rows such as those of {@code ports.tsv}.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    static PortRegistry of(String text) {
        List<KnownPort> all = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("#")) {
                try {
                    all.addAll(row(lines.get(i).split("\t", -1)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        all.sort(ORDER);
        return new PortRegistry(List.copyOf(all));
    }

    /** The ports of a row, one for each lane. */
    private static List<KnownPort> row(String[] cells) {
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException(COLUMNS + " columns are wanted: " + cells.length);
        }
        int dash = cells[0].indexOf('-');
        int first = number(dash < 0 ? cells[0] : cells[0].substring(0, dash));
        int last = dash < 0 ? first : number(cells[0].substring(dash + 1));
        Security security = Security.valueOf(cells[4].toUpperCase(Locale.ROOT));
        return Arrays.stream(cells[1].split("\\+"))
                .map(lane -> Lane.valueOf(lane.toUpperCase(Locale.ROOT)))
                .map(
                        lane ->
                                new KnownPort(
                                        first,
                                        last,
                                        lane,
                                        cells[2],
                                        words(cells[3]),
                                        security,
                                        safer(cells[5]),
                                        orNothing(cells[6]),
                                        orNothing(cells[7]),
                                        cells[8]))
                .toList();
    }

    private static int number(String cell) {
        int number = Integer.parseInt(cell);
        if (number < 1 || number > LAST_PORT) {
            throw new IllegalArgumentException("no such port: " + number);
        }
        return number;
    }

    private static List<String> words(String cell) {
        return cell.equals(NOTHING) ? List.of() : List.of(cell.split(","));
    }

    private static Optional<KnownPort.Safer> safer(String cell) {
        int slash = cell.indexOf('/');
        return cell.equals(NOTHING)
                ? Optional.empty()
                : Optional.of(
                        new KnownPort.Safer(
                                cell.substring(0, slash), number(cell.substring(slash + 1))));
    }

    private static String orNothing(String cell) {
        return cell.equals(NOTHING) ? "" : cell;
    }

    /** All, by number, TCP before UDP. */
    public List<KnownPort> all() {
        return all;
    }

    /** What is at a port of one lane. */
    public Optional<KnownPort> at(int number, Lane lane) {
        return all.stream().filter(one -> one.lane() == lane && one.contains(number)).findFirst();
    }

    /** What has a port from {@code first} to {@code last}, in any lane. */
    public List<KnownPort> within(int first, int last) {
        return all.stream().filter(one -> one.first() <= last && one.last() >= first).toList();
    }

    /** What is called {@code word}, by IANA or by people, in large or small letters. */
    public List<KnownPort> called(String word) {
        return all.stream().filter(one -> one.isCalled(word)).toList();
    }

    /** What somebody may have meant by {@code word}, which is no name; empty if nothing is near. */
    public String nearest(String word) {
        String typed = word.toLowerCase(Locale.ROOT);
        for (int i = 1; i < typed.length(); i++) { // two letters in the wrong order, above all
            String swapped =
                    typed.substring(0, i - 1)
                            + typed.charAt(i)
                            + typed.charAt(i - 1)
                            + typed.substring(i + 1);
            if (!called(swapped).isEmpty()) {
                return swapped;
            }
        }
        return Nearest.of(
                typed,
                all.stream()
                        .flatMap(one -> Stream.concat(Stream.of(one.name()), one.also().stream()))
                        .toList());
    }
}
