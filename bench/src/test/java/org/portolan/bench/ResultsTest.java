package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void twoContendersGetARatioOfTheirMedians() {
        Contender ours = contender("Ours");
        Contender theirs = contender("Theirs");
        Results results = new Results(List.of(ours, theirs));
        results.add(ours, Map.of(Metric.ACCEPTED, 3000.0, Metric.PSS, 90.0));
        results.add(ours, Map.of(Metric.ACCEPTED, 2900.0, Metric.PSS, 90.0));
        results.add(theirs, Map.of(Metric.ACCEPTED, 1475.0));
        assertThat(results.table())
                .isEqualTo(
                        """
                        | median (lowest–highest) | Ours | Theirs | ratio |
                        |---|--:|--:|--:|
                        | acceptance alone, messages/s | 2,950 (2,900–3,000) | 1,475 | **2.00** |
                        | memory (PSS) at its peak, MB | 90 (90–90) | – | – |
                        """);
    }

    @Test
    void amongSeveralTheBetterOneCounts() {
        Contender ours = contender(Stage.PORTOLAN);
        Contender one = contender("One");
        Contender two = contender("Two");
        Results results = new Results(List.of(ours, one, two));
        results.add(ours, Map.of(Metric.QUERIES, 300.0, Metric.SERVER_MICROS, 2.0));
        results.add(one, Map.of(Metric.QUERIES, 150.0, Metric.SERVER_MICROS, 4.0));
        results.add(two, Map.of(Metric.QUERIES, 100.0, Metric.SERVER_MICROS, 2.5));
        assertThat(results.table())
                .isEqualTo(
                        """
                        | median (lowest–highest) | Portolan | One | Two | ratio |
                        |---|--:|--:|--:|--:|
                        | queries/s | 300 | 150 | 100 | **2.00** |
                        | server's CPU for each, µs | 2.00 | 4.00 | 2.50 | **0.80** |
                        """);
    }

    private static Contender contender(String name) {
        Path nowhere = Path.of("nowhere");
        return new Contender(name, List.of(), Map.of(), nowhere, nowhere, new Ports(0));
    }
}
