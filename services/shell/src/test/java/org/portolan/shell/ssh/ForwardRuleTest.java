package org.portolan.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.shell.ssh.ForwardRule.Place;

class ForwardRuleTest {
    private static boolean has(String place, String host, String address, int port) {
        Place only = ForwardRule.of("ada may reach " + place).places().getFirst();
        return only.hasPort(port) && only.has(host, InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource({
        "db.example:5432, DB.example, 192.0.2.1, 5432, true",
        "db.example:5432, db.example, 192.0.2.1, 5433, false",
        "db.example:5432, 192.0.2.1, 192.0.2.1, 5432, false",
        "10.0.0.0/8:80-443, 10.1.2.3, 10.1.2.3, 443, true",
        "10.0.0.0/8:80-443, web.example, 10.1.2.3, 80, true",
        "10.0.0.0/8:80-443, 10.1.2.3, 10.1.2.3, 444, false",
        "10.0.0.0/8, 11.1.2.3, 11.1.2.3, 80, false",
        "[2001:db8::/32]:22, x, 2001:db8::7, 22, true",
        "[2001:db8::/32]:22, x, 2001:db9::7, 22, false",
        "2001:db8::1, x, 2001:db8::1, 9, true",
        "any, x, 127.0.0.1, 22, true",
        "outside, x, 127.0.0.1, 22, false",
        "outside, x, ::1, 22, false",
        "outside, x, ::ffff:127.0.0.1, 22, false",
        "outside, x, 0.0.0.0, 22, false",
        "outside, x, 192.0.2.1, 22, true",
        "loopback, localhost, 127.0.0.1, 22, true",
        "loopback, localhost, 192.0.2.1, 22, false",
    })
    void whatIsReached(String place, String host, String address, int port, boolean reached) {
        assertThat(has(place, host, address, port)).isEqualTo(reached);
    }

    @Test
    void whomItConcerns() {
        ForwardRule some = ForwardRule.of("Ada,  crew may listen at 8000-8099");
        assertThat(some.concerns(Set.of("ada"))).isTrue();
        assertThat(some.concerns(Set.of("grace", "crew"))).isTrue();
        assertThat(some.concerns(Set.of("grace"))).isFalse();
        assertThat(some.listens()).isTrue();
        assertThat(some.places()).containsExactly(new Place("loopback", 8000, 8099));
        assertThat(some).hasToString("Ada, crew may listen at 8000-8099");
        assertThat(ForwardRule.of("all may reach any").concerns(Set.of("grace"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "ada may reach",
                "ada can reach any",
                "ada may reach db:0",
                "ada may reach db:70000",
                "ada may reach db:9-8",
                "ada may reach db:ssh",
                "ada may reach 10.0.0.0/33",
                "ada may reach [::1",
                "ada may reach *",
                "ada may listen on 80",
            })
    void whatIsNoRule(String sentence) {
        assertThatThrownBy(() -> ForwardRule.of(sentence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(like|go from).*");
    }
}
