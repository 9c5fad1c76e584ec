package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMiddleOfAnEvenNumberOfRoundsIsBetweenTheInnerTwo() {
        Spread spread = Spread.of(List.of(4.0, 1.0, 2.0, 9.0));
        assertThat(spread.median()).isEqualTo(3.0);
        assertThat(spread.text(1)).isEqualTo("3.0 (1.0–9.0)");
    }

    @Test
    void aSingleRoundHasNoSpread() {
        assertThat(Spread.of(List.of(1480.4)).text(0)).isEqualTo("1,480");
    }
}
