package org.portolan.mail.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No line end but CR LF leaves, and no line that is a lone dot. */
class DataWriterTest {
    private static String written(String text, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataWriter writer = new DataWriter(out::write, true);
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; at += step) {
            int count = Math.min(step, bytes.length - at);
            byte[] piece = new byte[count];
            System.arraycopy(bytes, at, piece, 0, count);
            writer.write(piece, count);
        }
        writer.end();
        return out.toString(ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a",
                "a\r\n",
                "a\r\n.\r\nb",
                "a\n.\nQUIT\n",
                "a\r.\rQUIT",
                "\r\n.\r\n",
                "a\n.\r\nb",
                "a\r\n.\nb",
                "a\r\r\n.\r\nb",
                "a\r",
                "\r",
                "\n",
                "..",
                "a\r\n.",
                ".\r\n"
            })
    void whateverIsInTheFile(String text) throws IOException {
        for (int step : new int[] {1, 2, 3, 1000}) {
            check(written(text, step));
        }
        assertThat(written(text, 1)).isEqualTo(written(text, 1000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverAtAll(long seed) throws IOException {
        Random random = new Random(seed);
        String letters = "ab.\r\n";
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String out = written(text.toString(), 1 + random.nextInt(5));
            check(out);
            assertThat(out).isEqualTo(written(text.toString(), 1000));
        }
    }

    private static void check(String out) {
        assertThat(out.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        for (String line : out.split("\r\n")) {
            assertThat(line).isNotEqualTo(".");
        }
        assertThat(out.isEmpty() || out.endsWith("\r\n")).isTrue();
    }
}
