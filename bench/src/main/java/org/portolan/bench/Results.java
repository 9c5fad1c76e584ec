package org.portolan.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rounds of one comparison: for each contender, for each metric, a value per round. */
final class Results {
    private final Map<String, Map<Metric, List<Double>>> values = new LinkedHashMap<>();

    Results(Collection<Contender> contenders) {
        contenders.forEach(each -> values.put(each.name(), new EnumMap<>(Metric.class)));
    }

    void add(Contender contender, Map<Metric, Double> round) {
        round.forEach((metric, value) -> add(contender, metric, value));
    }

    void add(Contender contender, Metric metric, double value) {
        values.computeIfAbsent(contender.name(), name -> new EnumMap<>(Metric.class))
                .computeIfAbsent(metric, key -> new ArrayList<>())
                .add(value);
    }

    /** A Markdown table: a row for each metric, a column for each contender, ratios to the last. */
    String table() {
        List<String> names = List.copyOf(values.keySet());
        StringBuilder table = new StringBuilder();
        table.append("| median (lowest–highest) | ").append(String.join(" | ", names));
        table.append(names.size() == 2 ? " | ratio |\n" : " |\n");
        table.append("|---").append("|--:".repeat(names.size() == 2 ? 3 : names.size()));
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
        if (names.size() == 2) {
            row.append(" | ").append(ratio(metric, names.getFirst(), names.getLast()));
        }
        return row.append(" |\n").toString();
    }

    private String ratio(Metric metric, String first, String second) {
        List<Double> ours = values(first, metric);
        List<Double> theirs = values(second, metric);
        if (ours.isEmpty() || theirs.isEmpty() || Spread.of(theirs).median() == 0) {
            return "–";
        }
        double ratio = Spread.of(ours).median() / Spread.of(theirs).median();
        return String.format(Locale.ROOT, "**%.2f**", ratio);
    }

    private List<Double> values(String name, Metric metric) {
        return values.getOrDefault(name, Map.of()).getOrDefault(metric, List.of());
    }
}
