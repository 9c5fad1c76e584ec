package org.portolan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiTest {
    @Test
    void lettersOfAsciiHaveCapitals() {
        assertThat(Ascii.upper("Mail FROM:<a.z@x>")).isEqualTo("MAIL FROM:<A.Z@X>");
        assertThat(Ascii.upper("")).isEmpty();
        assertThat(Ascii.upper("`az{")).isEqualTo("`AZ{");
        assertThat(Ascii.upper("@AZ[")).isEqualTo("@AZ[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maıl", "paß", "paſs", "Kelvin", "straße", "ﬁx", "Ärger", "ärger"})
    void noOtherLetterHas(String word) {
        String upper = Ascii.upper(word);
        assertThat(upper).hasSameSizeAs(word);
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) > 0x7f) {
                assertThat(upper.charAt(i)).isEqualTo(word.charAt(i));
            }
        }
    }

    @Test
    void theSameWordInAnotherCase() {
        assertThat(Ascii.same("PostMaster", "postmaster")).isTrue();
        assertThat(Ascii.same("postmaſter", "postmaster")).isFalse();
        assertThat(Ascii.same("postmaster", "postmasters")).isFalse();
        assertThat(Ascii.same("postmasters", "postmaster")).isFalse();
        assertThat(Ascii.same("ä", "Ä")).isFalse();
        assertThat(Ascii.same("", "")).isTrue();
    }

    @Test
    void spacesAreTrimmedAndNothingElse() {
        assertThat(Ascii.trim("  a b ")).isEqualTo("a b");
        assertThat(Ascii.trim("   ")).isEmpty();
        assertThat(Ascii.trim("")).isEmpty();
        assertThat(Ascii.trim("\ta\u00a0")).isEqualTo("\ta\u00a0");
        assertThat(Ascii.trim("\u3000a\u2003")).isEqualTo("\u3000a\u2003");
    }
}
