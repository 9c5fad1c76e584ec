package org.portolan.bench;

import java.util.List;
import java.util.Locale;

/** The middle of several rounds and their extremes. */
record Spread(double median, double lowest, double highest, int rounds) {
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int count = sorted.size();
        double median = (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), count);
    }

    /** As in "1,480 (1,390–1,510)"; a single value stands alone. */
    String text(int decimals) {
        String number = "%,." + decimals + "f";
        if (rounds == 1) {
            return String.format(Locale.ROOT, number, median);
        }
        return String.format(
                Locale.ROOT, number + " (" + number + "–" + number + ")", median, lowest, highest);
    }
}
