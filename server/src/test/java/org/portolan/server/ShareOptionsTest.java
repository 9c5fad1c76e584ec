package org.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShareOptionsTest {
    private static ShareOptions read(String words) {
        return ShareOptions.of(List.of(words.split(" "))).orElseThrow();
    }

    @Test
    void aFolderAloneIsReadFromThisMachineUntilItIsStopped() {
        ShareOptions options = read("photos");
        assertThat(options.folder()).isEqualTo(Path.of("photos"));
        assertThat(options.time()).isEmpty();
        assertThat(options.beyondThisMachine()).isFalse();
        assertThat(options.rules()).isEmpty();
        assertThat(options.write()).isFalse();
        assertThat(options.closed()).isFalse();
        assertThat(options.portOffset()).isEmpty();
    }

    @Test
    void optionsStandBeforeOrBehindTheFolderInBothForms() throws Exception {
        ShareOptions options =
                read(
                        "--for 90min photos --write --to=192.168.1.0/24,2001:db8::/32 --private"
                                + " --port-offset=0 --to ANY");
        assertThat(options.time()).contains(Duration.ofMinutes(90));
        assertThat(options.rules().toString())
                .isEqualTo(
                        "[allow all from 192.168.1.0/24, allow all from 2001:db8::/32,"
                                + " allow all from any]");
        assertThat(options.write()).isTrue();
        assertThat(options.closed()).isTrue();
        assertThat(options.portOffset()).hasValue(0);
        assertThat(options.isMeant(InetAddress.getByName("203.0.113.1"))).isTrue();
        assertThat(read("a --to 10.0.0.0/8").isMeant(InetAddress.getByName("11.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--write", "a b", "a --for", "a --help", "a --write=yes", "a -x"})
    void whatIsNoCommandLineIsExplained(String words) {
        assertThat(ShareOptions.of(List.of(words.split(" ")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--for 0s, not none",
        "--for soon, like 30min",
        "--to nowhere, a network like",
        "'--to 10.0.0.0/8,', a network like",
        "--port-offset -1, a number up to",
        "--port-offset 50001, a number up to"
    })
    void aValueThatCannotBeIsNamed(String words, String sentence) {
        assertThatThrownBy(() -> read("photos " + words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
