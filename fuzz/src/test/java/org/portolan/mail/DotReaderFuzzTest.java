package org.portolan.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.mail.DotReader.Result;

/** The reader of messages against one that looks at the whole text at once. */
class DotReaderFuzzTest {
    private static final int MOST = 200;

    /** A line's end, unless a bare CR stands before it, or the beginning of the text. */
    private static final String START = "(\\A|(?<!\r)\r\n)";

    private static final Pattern END = Pattern.compile(START + "\\.\r\n\\z");

    private static final Pattern FALSE_END =
            Pattern.compile(
                    START + "\\.(\n|\r[^\n])\\z|(\r|(?<!\r)\n|\r\r\n)\\.[\r\n]\\z", Pattern.DOTALL);

    private static final Pattern MALFORMED = Pattern.compile("\0|\r(?!\n)|(?<!\r)\n");

    static Stream<byte[]> seeds() {
        return Stream.of(
                        ".\r\n",
                        "Subject: a\r\n\r\ntext\r\n.\r\nQUIT\r\n",
                        "..\r\n...\r\n. \r\n.a\r\n.\r\nmore",
                        "a\n.\nb",
                        "a\n.\r\nb",
                        "a\r.\rb",
                        "a\r.\r\nb",
                        "a\r.\nb",
                        "a\r\n.\rb",
                        "a\r\n.\nb",
                        "a\r\n\0.\r\nb\r\n.\r\n",
                        "a\r\r\n.\r\nb",
                        "a\r\n.\r\r\nb",
                        "a\n\r\n.\r\nb",
                        "\n.\nb",
                        "x".repeat(500) + "\r\n.\r\n",
                        "x".repeat(300) + "\r\n.\r\n",
                        "\r\n".repeat(100) + ".\r\n",
                        "\0\r\n.\r\n",
                        "never ends")
                .flatMap(text -> Stream.of(1, 2, 3, 100).map(step -> (char) step.intValue() + text))
                .map(text -> text.getBytes(ISO_8859_1));
    }

    /** The first byte says how large the pieces are in which the others arrive. */
    @MethodSource("seeds")
    @FuzzTest
    void theTextIsReadLikeAWhole(byte @NotNull [] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        String sent = new String(input, 1, input.length - 1, ISO_8859_1);
        Arriving arriving = new Arriving(sent, Math.max(1, input[0] & 0xff));
        StringBuilder text = new StringBuilder();
        StringBuilder traced = new StringBuilder();
        DotReader reader = new DotReader(arriving, appending(traced), MOST, appending(text));
        Result result;
        try {
            result = reader.read();
        } catch (EOFException e) {
            assertThat(endOf(sent)).isEqualTo(-1);
            return;
        }
        assertThat(traced.toString()).isEqualTo(sent.substring(0, arriving.read()));
        if (result == Result.ENDLESS) {
            assertThat(arriving.read()).isGreaterThan(2 * MOST);
            return;
        }
        int end = endOf(sent);
        assertThat(arriving.read()).as("read").isEqualTo(end);
        String whole = sent.substring(0, end);
        assertThat(result).isEqualTo(expected(whole));
        if (result == Result.WHOLE) {
            assertThat(text.toString()).isEqualTo(unstuffed(whole));
        }
    }

    private static DotReader.Sink appending(StringBuilder text) {
        return (bytes, from, count) -> text.append(new String(bytes, from, count, ISO_8859_1));
    }

    /** Text in pieces, each somewhere in an array. */
    private static final class Arriving implements DotReader.Source {
        private final byte[] bytes;
        private final int step;
        private int given;
        private ByteBuffer chunk = ByteBuffer.allocate(0);

        Arriving(String text, int step) {
            this.bytes = text.getBytes(ISO_8859_1);
            this.step = step;
        }

        @Override
        public ByteBuffer arrived() throws EOFException {
            if (!chunk.hasRemaining()) {
                if (given == bytes.length) {
                    throw new EOFException("the peer is gone");
                }
                int count = Math.min(step, bytes.length - given);
                ByteArrayOutputStream array = new ByteArrayOutputStream();
                array.writeBytes("\r\n.\r\n".getBytes(ISO_8859_1)); // not to be looked at
                array.write(bytes, given, count);
                array.writeBytes("\r\n.\r\n".getBytes(ISO_8859_1));
                chunk = ByteBuffer.wrap(array.toByteArray()).position(5).limit(5 + count);
                given += count;
            }
            return chunk;
        }

        int read() {
            return given - chunk.remaining();
        }
    }

    /** Behind the first end, true or false; -1 if there is none. */
    private static int endOf(String sent) {
        for (int end = 1; end <= sent.length(); end++) {
            if (sent.lastIndexOf('.', end - 1) < end - 3) {
                continue; // no end without a dot, and most texts have few
            }
            String before = sent.substring(0, end);
            int from = Math.max(0, end - 7);
            if (END.matcher(before).find(from) || FALSE_END.matcher(before).find(from)) {
                return end;
            }
        }
        return -1;
    }

    private static Result expected(String whole) {
        if (!END.matcher(whole).find()) {
            return Result.FALSE_END;
        }
        String text = whole.substring(0, whole.length() - 3);
        Matcher malformed = MALFORMED.matcher(text);
        if (malformed.find()) {
            return Result.MALFORMED;
        }
        return unstuffed(whole).length() > MOST ? Result.TOO_LARGE : Result.WHOLE;
    }

    private static String unstuffed(String whole) {
        String text = whole.substring(0, whole.length() - 3);
        return text.replaceAll("(?<=\\A|\r\n)\\.", "");
    }
}
