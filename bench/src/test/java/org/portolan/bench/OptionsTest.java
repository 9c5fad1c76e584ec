package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void nothingMeansEverything() {
        assertThat(parse().scenarios())
                .containsExactly(
                        "smtp",
                        "pop3",
                        "imap",
                        "startup",
                        "idle",
                        "dns",
                        "zone-load",
                        "ntp",
                        "ftp",
                        "tftp",
                        "ssh",
                        "verdict",
                        "storm");
    }

    @Test
    void theCommandThatIsPrintedIsUnderstood() {
        Options options = parse("pop3", "--rounds", "3", "--seconds", "2", "--write");
        String[] words = options.command("pop3").split(" ");
        Options again = Options.parse(Arrays.copyOfRange(words, 1, words.length));
        assertThat(again.rounds()).isEqualTo(3);
        assertThat(again.seconds()).isEqualTo(2);
        assertThat(again.scenarios()).isEqualTo(List.of("pop3"));
    }

    @Test
    void severalScenariosRunInOrder() {
        assertThat(parse("idle", "smtp", "idle").scenarios()).isEqualTo(List.of("idle", "smtp"));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--rounds", "0"))
                .withMessageContaining("positive number");
        assertThatIllegalArgumentException().isThrownBy(() -> parse("--rounds"));
        assertThatIllegalArgumentException().isThrownBy(() -> parse("gopher"));
    }

    private static Options parse(String... words) {
        return Options.parse(words);
    }
}
