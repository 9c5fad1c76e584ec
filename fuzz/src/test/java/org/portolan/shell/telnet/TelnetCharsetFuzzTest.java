package org.portolan.shell.telnet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TelnetCharsetFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of("Grüße", "水\ud83d\ude00!", "plain").map(text -> text.getBytes(UTF_8));
    }

    /** However text is cut, what is seen is the same. */
    @MethodSource("seeds")
    @FuzzTest
    void textIsTheSameHoweverItIsCut(byte @NotNull [] bytes) {
        byte[] text = new String(bytes, UTF_8).getBytes(UTF_8);
        TelnetCharset.Outward outward = new TelnetCharset.Outward();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            seen.writeBytes(outward.encoded(text, i, 1, ISO_8859_1));
        }
        assertThat(seen.toByteArray()).isEqualTo(new String(text, UTF_8).getBytes(ISO_8859_1));
    }
}
