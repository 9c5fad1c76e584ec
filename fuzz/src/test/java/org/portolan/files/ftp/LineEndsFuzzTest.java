package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class LineEndsFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of("a\nb\r\nc\rd\n\n", "\r", "\r\n\r", "\n\r\r\n")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    /** What goes out by lines and comes back is what it was, however it is cut. */
    @MethodSource("seeds")
    @FuzzTest
    void linesGoOutAndComeBack(byte @NotNull [] file) {
        byte[] out = new byte[2 * file.length];
        int cut = file.length / 2;
        LineEnds outward = new LineEnds();
        int first = outward.outward(file, 0, cut, out);
        byte[] second = new byte[2 * file.length];
        int rest = outward.outward(file, cut, file.length, second);
        System.arraycopy(second, 0, out, first, rest);
        byte[] back = new byte[first + rest + 2];
        LineEnds inward = new LineEnds();
        int count = inward.inward(out, 0, first + rest, back);
        String expected = new String(file, ISO_8859_1).replace("\r\n", "\n");
        String got = new String(back, 0, count, ISO_8859_1) + (inward.endsWithCr() ? "\r" : "");
        assertThat(got).isEqualTo(expected);
    }
}
