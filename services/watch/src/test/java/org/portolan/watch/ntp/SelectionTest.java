package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.watch.ntp.Selection.Candidate;
import org.portolan.watch.ntp.Selection.Outcome;

class SelectionTest {
    private static Candidate at(String name, long offset, long distance, int stratum) {
        return new Candidate(name, offset, distance, stratum);
    }

    private static List<String> chimers(Optional<Outcome> outcome) {
        return outcome.orElseThrow().truechimers().stream().map(Candidate::name).toList();
    }

    @Test
    void nobodyAndOne() {
        assertThat(Selection.of(List.of())).isEmpty();
        Outcome one = Selection.of(List.of(at("a", 70, 5, 2))).orElseThrow();
        assertThat(one.peer().name()).isEqualTo("a");
        assertThat(one.offset()).isEqualTo(70);
    }

    @Test
    void twoThatDisagreeAreNoMajority() {
        assertThat(Selection.of(List.of(at("a", 0, 10, 1), at("b", 100, 10, 1)))).isEmpty();
        // they may both be right, but then each says that the other's own guess is wrong
        assertThat(Selection.of(List.of(at("a", 0, 60, 1), at("b", 100, 60, 1)))).isEmpty();
        assertThat(chimers(Selection.of(List.of(at("a", 0, 110, 1), at("b", 100, 110, 1)))))
                .containsExactly("a", "b");
    }

    @Test
    void aFalsetickerIsOutvoted() {
        Optional<Outcome> outcome =
                Selection.of(
                        List.of(
                                at("liar", 5_000_000, 10, 1),
                                at("a", 1000, 5000, 3),
                                at("b", -1000, 5000, 2)));

        assertThat(chimers(outcome)).containsExactly("a", "b");
        assertThat(outcome.orElseThrow().peer().name()).isEqualTo("b"); // the lower stratum
        assertThat(outcome.orElseThrow().offset()).isZero();
    }

    @Test
    void twoLiarsThatAgreeWinAgainstOne() {
        // what a majority is: three honest servers are needed to survive one, five to survive two
        assertThat(
                        chimers(
                                Selection.of(
                                        List.of(
                                                at("a", 0, 10, 1),
                                                at("l1", 900, 10, 1),
                                                at("l2", 901, 10, 1)))))
                .containsExactly("l1", "l2");
        assertThat(
                        chimers(
                                Selection.of(
                                        List.of(
                                                at("a", 0, 10, 1),
                                                at("b", 1, 10, 1),
                                                at("c", 2, 10, 1),
                                                at("l1", 900, 10, 1),
                                                at("l2", 901, 10, 1)))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void theNearerOfTwoOfOneStratumIsFollowedAndWeighsMore() {
        Outcome outcome =
                Selection.of(List.of(at("far", 400, 3000, 2), at("near", 100, 1000, 2)))
                        .orElseThrow();

        assertThat(outcome.peer().name()).isEqualTo("near");
        assertThat(outcome.offset()).isEqualTo(175);
    }

    @Test
    void whoAdmitsToKnowNothingSpoilsNothing() {
        Optional<Outcome> outcome =
                Selection.of(
                        List.of(
                                at("vague", 400_000, 900_000, 1),
                                at("a", 10, 100, 2),
                                at("b", 20, 100, 2)));

        assertThat(chimers(outcome)).containsExactly("a", "b");
    }
}
