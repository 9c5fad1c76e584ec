package org.portolan.mail.spf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.mail.Names;
import org.portolan.testkit.FrozenClock;

/** Any text as the record of every domain: a check ends, within its limits, in a result. */
class SpfFuzzTest {
    private static final int MOST_LOOK_UPS = 200;

    /** Every name has this one text, and nothing else. */
    private static final class OneText implements Names {
        private final String text;
        private int lookUps;

        OneText(String text) {
            this.text = text;
        }

        private <T> Answer<T> nothing() {
            lookUps++;
            return new Answer.NoRecord<>(false);
        }

        @Override
        public Answer<Exchanger> exchangers(String domain) {
            return nothing();
        }

        @Override
        public Answer<InetAddress> ipv4(String host) {
            return nothing();
        }

        @Override
        public Answer<InetAddress> ipv6(String host) {
            return nothing();
        }

        @Override
        public Answer<String> texts(String name) {
            lookUps++;
            return new Answer.Found<>(List.of(text), name, Duration.ofHours(1), false);
        }

        @Override
        public Answer<String> pointers(InetAddress address) {
            return nothing();
        }
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "v=spf1 +mx a:colo.example.com/28 -all",
                        "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?include:a.example ~all",
                        "v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d2} redirect=_spf.%{d} exp=e.example",
                        "v=spf1 ptr:%{p}.example.com a/24//64 mx//0 unknown=%{S}%%%_%-",
                        "%{c} %{r} %{t}",
                        "v=spf1 redirect=%{o}")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyRecordHasAResult(byte[] record) {
        OneText names = new OneText(new String(record, ISO_8859_1));
        SpfQuestion question =
                new SpfQuestion(
                        InetAddress.ofLiteral("2001:db8::1"), "h.example", "a+b-c@d.example");
        SpfAnswer answer = new Spf(names, "r.example", FrozenClock.frozen()).check(question);
        assertThat(answer.why()).matches("[ -~]*");
        assertThat(answer.explanation()).matches("[ -~]{0,400}");
        assertThat(names.lookUps).isLessThan(MOST_LOOK_UPS);
    }
}
