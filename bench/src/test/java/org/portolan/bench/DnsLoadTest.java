package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DnsLoadTest {
    private static final String SAID =
            """
            Statistics:

              Queries sent:         300002
              Queries completed:    300000 (100.00%)
              Queries lost:         2 (0.00%)

              Response codes:       NOERROR 150300 (50.10%), NXDOMAIN 149700 (49.90%)
              Average packet size:  request 52, response 110
              Run time (s):         2.000058
              Queries per second:   149995.650126
            """;

    @Test
    void itIsReadAsDnsperfSaysIt() throws IOException {
        assertThat(DnsLoad.Done.of(SAID))
                .isEqualTo(new DnsLoad.Done(300_000, 2, 149_995.650126, 150_300, 149_700));
        String without = SAID.replace(", NXDOMAIN 149700 (49.90%)", "");
        assertThat(DnsLoad.Done.of(without).nameless()).isZero();
        assertThatIOException().isThrownBy(() -> DnsLoad.Done.of("Error: no such file"));
    }

    @Test
    void wrongAnswersAreNotCounted() throws IOException {
        DnsLoad.Done done = DnsLoad.Done.of(SAID);
        assertThatCode(() -> done.check(50)).doesNotThrowAnyException();
        assertThatIOException().isThrownBy(() -> done.check(0));
        DnsLoad.Done refused = DnsLoad.Done.of(SAID.replace("NXDOMAIN", "REFUSED"));
        assertThatIOException().isThrownBy(() -> refused.check(50));
    }
}
