package org.portolan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedLineTest {
    private static final Set<String> HARMLESS = Set.of("USER", "NOOP");

    private static String masked(String line) {
        return MaskedLine.of(line, HARMLESS);
    }

    @ParameterizedTest
    @CsvSource({
        "USER ada, USER ada",
        "noop, noop",
        "'', ''",
        "PASS secret, PASS ***",
        "pass, pass ***",
        "AUTH, AUTH",
        "AUTH PLAIN, AUTH PLAIN",
        "auth scram-sha-256, auth scram-sha-256",
        "AUTH PLAIN c2VjcmV0, AUTH PLAIN ***",
    })
    void whatMayBeSeenIsSeen(String line, String shown) {
        assertThat(masked(line)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PASS secret",
                "PASS  secret with spaces",
                "pAsS secret",
                "PASS\tsecret",
                " PASS secret",
                "\tPASS secret",
                "PASSsecret",
                "PASS:secret",
                "PAß secret",
                "paſs secret",
                "PASS\0secret",
                "NOOP\tPASS secret",
                "AUTH PLAIN secret",
                "AUTH  PLAIN  secret",
                "AUTH PLAIN secret secret",
                "AUTH PLAIN\tsecret",
                "AUTH\tPLAIN secret",
                "AUTH secret",
                "AUTH PLAINsecret",
                "AUTH CRAM-MD5 secret",
                " AUTH PLAIN secret",
                "AUTH LOGIN secret",
                "AUTHPLAIN secret",
                "secret",
                "LOGIN ada secret",
                "a1 LOGIN ada secret",
                "\rPASS secret",
            })
    void aPasswordIsNot(String line) {
        assertThat(masked(line)).doesNotContain("secret").contains("***");
    }

    @Test
    void aCommandHasToBeWholeToBeHarmless() {
        assertThat(masked("USERNAME ada")).isEqualTo("***");
        assertThat(masked("USER\tada")).isEqualTo("***");
    }
}
