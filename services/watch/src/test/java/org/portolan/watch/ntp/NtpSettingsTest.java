package org.portolan.watch.ntp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.kernel.Section;

class NtpSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "time.example.org,         time.example.org, 123, time.example.org",
        "192.0.2.1,                192.0.2.1,        123, 192.0.2.1",
        "192.0.2.1:10123,          192.0.2.1,        10123, 192.0.2.1:10123",
        "2001:db8::1,              2001:db8::1,      123, 2001:db8::1",
        "[2001:db8::1],            2001:db8::1,      123, 2001:db8::1",
        "[2001:db8::1]:10123,      2001:db8::1,      10123, [2001:db8::1]:10123",
        "localhost,                localhost,        123, localhost",
        "0.pool.ntp.org:1,         0.pool.ntp.org,   1,   0.pool.ntp.org:1"
    })
    void anUpstreamIsAHostAndMaybeAPort(String text, String host, int port, String shown) {
        UpstreamName name = UpstreamName.of(text);

        assertThat(name).isEqualTo(new UpstreamName(host, port));
        assertThat(name).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "192.0.2.300",
                "10",
                "192.0.2.1:",
                "192.0.2.1:0",
                "a:65536",
                "[2001:db8::1",
                "-a.example",
                "a..b",
                "2001:db8::1::",
                "http://a",
                "a:123:4"
            })
    void anythingElseIsASentenceForTheAdministrator(String text) {
        assertThatThrownBy(() -> UpstreamName.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a server is wanted");
    }

    private static List<String> problems(Map<String, Object> given) {
        Section section = new Section("ntp", given, key -> "");
        var _ = NtpSettings.read(section);
        return section.problems();
    }

    @Test
    void whatMakesNoSenseIsSaid() {
        assertThat(problems(Map.of())).isEmpty();
        assertThat(problems(Map.of("upstreams", List.of("a.example"), "steer", true))).isEmpty();
        assertThat(problems(Map.of("poll", "15 s"))).hasSize(1);
        assertThat(problems(Map.of("poll", "1025 s"))).hasSize(1);
        assertThat(problems(Map.of("steer", true))).hasSize(1);
        assertThat(problems(Map.of("drift_alarm", "0 s"))).hasSize(1);
        assertThat(problems(Map.of("stratum", 16L))).hasSize(1);
        assertThat(problems(Map.of("local_stratum", -1L))).hasSize(1);
        assertThat(problems(Map.of("upstreams", List.of("a b")))).hasSize(1);
    }
}
