package org.portolan.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The rounds of one comparison: for each contender, for each metric, a value per round. */
final class Results {
    private final Map<String, Map<Metric, List<Double>>> values = new LinkedHashMap<>();

    /** Those who are compared; ours first. */
    Results(List<String> names) {
        names.forEach(name -> values.put(name, new EnumMap<>(Metric.class)));
    }

    Results(Collection<Contender> contenders) {
        this(contenders.stream().map(Contender::name).toList());
    }

    void add(Contender contender, Map<Metric, Double> round) {
        round.forEach((metric, value) -> add(contender, metric, value));
    }

    void add(Contender contender, Metric metric, double value) {
        add(contender.name(), metric, value);
    }

    void add(String who, Metric metric, double value) {
        values.computeIfAbsent(who, name -> new EnumMap<>(Metric.class))
                .computeIfAbsent(metric, key -> new ArrayList<>())
                .add(value);
    }

    /**
     * A Markdown table: a row for each metric, a column for each contender. Portolan's ratio to its
     * peer, or to the better of several, stands in the last column.
     */
    String table() {
        List<String> names = List.copyOf(values.keySet());
        StringBuilder table = new StringBuilder();
        table.append("| median (lowest–highest) | ").append(String.join(" | ", names));
        table.append(compares(names) ? " | ratio |\n" : " |\n");
        table.append("|---").append("|--:".repeat(names.size() + (compares(names) ? 1 : 0)));
        table.append("|\n");
        for (Metric metric : Metric.values()) {
            if (values.values().stream().anyMatch(measured -> measured.containsKey(metric))) {
                table.append(row(metric, names));
            }
        }
        return table.toString();
    }

    private String row(Metric metric, List<String> names) {
        StringBuilder row = new StringBuilder("| ").append(metric.label());
        for (String name : names) {
            List<Double> rounds = values(name, metric);
            String cell = rounds.isEmpty() ? "–" : Spread.of(rounds).text(metric.decimals());
            row.append(" | ").append(cell);
        }
        if (compares(names)) {
            row.append(" | ").append(ratio(metric, names));
        }
        return row.append(" |\n").toString();
    }

    /** Peers among themselves have nobody whom they are compared with, unless they are two. */
    private static boolean compares(List<String> names) {
        boolean ours = names.getFirst().equals(Stage.PORTOLAN);
        return names.size() == 2 || (names.size() > 2 && ours);
    }

    private String ratio(Metric metric, List<String> names) {
        List<Double> ours = values(names.getFirst(), metric);
        OptionalDouble theirs =
                names.stream()
                        .skip(1)
                        .map(name -> values(name, metric))
                        .filter(rounds -> !rounds.isEmpty())
                        .mapToDouble(rounds -> Spread.of(rounds).median())
                        .reduce(metric::better);
        if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
            return "–";
        }
        double ratio = Spread.of(ours).median() / theirs.getAsDouble();
        return String.format(Locale.ROOT, "**%.2f**", ratio);
    }

    private List<Double> values(String name, Metric metric) {
        return values.getOrDefault(name, Map.of()).getOrDefault(metric, List.of());
    }
}
