package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;
import org.portolan.wire.Refusal;

class FtpCommandFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(FtpCommand.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyLineIsACommandOrARefusal(byte[] line) {
        try {
            assertThat(FtpCommand.parse(new String(line, ISO_8859_1))).isNotNull();
        } catch (Refusal refusal) {
            // RFC 959 §4.2: a code and visible text, whatever the client sent.
            assertThat(refusal.reply()).matches("5[0-9][0-9] [ -~]+");
        }
    }
}
