package org.portolan.shell.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.wire.Refusal;

class CommandLineTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of(" \t ", List.of()),
                Arguments.of("a b\tc", List.of("a", "b", "c")),
                Arguments.of("  a  b ", List.of("a", "b")),
                Arguments.of("'a b' \"c d\"", List.of("a b", "c d")),
                Arguments.of("a'b'\"c\"d", List.of("abcd")),
                Arguments.of("'' \"\"", List.of("", "")),
                Arguments.of("'it\\s' \"it\\\"s\" it\\ s", List.of("it\\s", "it\"s", "it s")),
                Arguments.of("\"it's\" 'say \"so\"'", List.of("it's", "say \"so\"")),
                Arguments.of("a\\", List.of("a\\")),
                Arguments.of("$HOME `id` $(id) *", List.of("$HOME", "`id`", "$(id)", "*")),
                Arguments.of("a;b|c>d&", List.of("a;b|c>d&")),
                Arguments.of("grüße 'öl und 水'", List.of("grüße", "öl und 水")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineAsWords(String line, List<String> words) throws Refusal {
        assertThat(CommandLine.words(line)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "a 'b", "\"a\\\"", "a'b\"c'\""})
    void aQuoteHasToBeClosed(String line) {
        assertThatThrownBy(() -> CommandLine.words(line)).isInstanceOf(Refusal.class);
    }

    @Test
    void thereAreNotWordsWithoutEnd() throws Refusal {
        assertThat(CommandLine.words("a ".repeat(200))).hasSize(200);
        assertThatThrownBy(() -> CommandLine.words("a ".repeat(201))).isInstanceOf(Refusal.class);
    }
}
