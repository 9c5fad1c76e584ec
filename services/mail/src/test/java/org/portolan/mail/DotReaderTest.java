package org.portolan.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.mail.DotReader.Result;

/** What is a text, where it ends, and what of it is kept, in pieces of every size. */
class DotReaderTest {
    private static final int MOST = 20;

    private record Read(Result result, String text, String rest, String traced) {}

    private static Read read(String sent, int step) throws IOException {
        StringBuilder text = new StringBuilder();
        StringBuilder traced = new StringBuilder();
        ByteBuffer all = ByteBuffer.wrap(sent.getBytes(ISO_8859_1)).limit(0);
        DotReader reader =
                new DotReader(
                        () -> {
                            if (!all.hasRemaining()) {
                                if (all.limit() == all.capacity()) {
                                    throw new EOFException("the peer is gone");
                                }
                                all.limit(Math.min(all.limit() + step, all.capacity()));
                            }
                            return all;
                        },
                        (bytes, from, count) ->
                                traced.append(new String(bytes, from, count, ISO_8859_1)),
                        MOST,
                        (bytes, from, count) ->
                                text.append(new String(bytes, from, count, ISO_8859_1)));
        Result result = reader.read();
        return new Read(result, text.toString(), sent.substring(all.position()), traced.toString());
    }

    private static String spelled(String text) {
        return text.replace("{CR}", "\r")
                .replace("{LF}", "\n")
                .replace("{NUL}", "\0")
                .replace("/", "\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "./              | ''",
                "a/./            | a/",
                "a/b/./          | a/b/",
                "//./            | //",
                "../.../. /.a/./ | ./../ /a/",
                "a.b/c./d..e/./  | a.b/c./d..e/",
                "./more/./       | ''",
                "a/./QUIT/       | a/",
            })
    void aWholeText(String sent, String text) throws IOException {
        String bytes = spelled(sent);
        for (int step = 1; step <= bytes.length(); step++) {
            Read read = read(bytes, step);
            assertThat(read.result()).isEqualTo(Result.WHOLE);
            assertThat(read.text()).isEqualTo(spelled(text));
            // what stands behind the end was not touched
            assertThat(read.traced() + read.rest()).isEqualTo(bytes);
            assertThat(read.traced()).endsWith("./".replace("/", "\r\n"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a{LF}/./b        | b",
                "a{CR}b/./c       | c",
                "a{CR}/b/./       | ''",
                "{NUL}/./b        | b",
                "a/{NUL}./b/./c   | c",
                "a/.{NUL}/b/./c   | c",
                "a{LF}{NUL}.{LF}b/./c | c",
                "{LF}a./b/./c     | c",
                "a{LF}{CR}{LF}./b | b",
                "a{LF}..{LF}b/./c | c",
                "a{CR}..{CR}b/./c | c",
            })
    void aMalformedTextIsReadToItsEnd(String sent, String rest) throws IOException {
        String bytes = spelled(sent);
        for (int step = 1; step <= bytes.length(); step++) {
            Read read = read(bytes, step);
            assertThat(read.result()).isEqualTo(Result.MALFORMED);
            assertThat(read.rest()).isEqualTo(spelled(rest));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a{LF}.{LF}              | b/./",
                "a{LF}.{CR}              | {LF}b/./",
                "a{LF}.{CR}              | b/./",
                "a{CR}.{CR}              | b/./",
                "a{CR}.{CR}              | {LF}b/./",
                "a{CR}.{LF}              | b/./",
                "a/.{CR}b                | /./",
                "a/.{CR}{CR}             | {LF}b/./",
                "a/.{LF}                 | b/./",
                ".{LF}                   | b/./",
                ".{CR}b                  | /./",
                "{LF}.{LF}               | b/./",
                "a{CR}{CR}{LF}.{CR}      | {LF}b/./",
                "a{CR}{CR}{CR}{LF}.{LF}  | b/./",
                "a{LF}{LF}.{LF}          | {LF}b/./",
                "a/{LF}.{CR}             | {LF}b/./",
            })
    void nothingBehindAFalseEndIsRead(String sent, String rest) throws IOException {
        String bytes = spelled(sent) + spelled(rest);
        for (int step = 1; step <= bytes.length(); step++) {
            Read read = read(bytes, step);
            assertThat(read.result()).isEqualTo(Result.FALSE_END);
            assertThat(read.rest()).isEqualTo(spelled(rest));
        }
    }

    @Test
    void theSizeCountsWithoutTheDotsOfTheWay() throws IOException {
        String line = "..345678\r\n"; // nine bytes without the first
        for (int step = 1; step < 30; step++) {
            assertThat(read(line + line + "\r\n.\r\n", step).result()).isEqualTo(Result.WHOLE);
            assertThat(read(line + line + "a\r\n.\r\n", step).result()).isEqualTo(Result.TOO_LARGE);
        }
    }

    @Test
    void aTextThatIsTooLargeIsReadToItsEndIfThatIsNear() throws IOException {
        Read read = read("x".repeat(2 * MOST - 2) + "\r\n.\r\nQUIT\r\n", 7);
        assertThat(read.result()).isEqualTo(Result.TOO_LARGE);
        assertThat(read.rest()).isEqualTo("QUIT\r\n");
        assertThat(read.text()).hasSizeLessThanOrEqualTo(MOST);
    }

    @Test
    void aTextWithoutEndIsLeft() throws IOException {
        String endless = "x".repeat(100 * MOST);
        Read read = read(endless, 10);
        assertThat(read.result()).isEqualTo(Result.ENDLESS);
        assertThat(read.traced()).hasSizeLessThan(2 * MOST + 20);
        assertThat(read("\n" + endless, 10).result()).isEqualTo(Result.ENDLESS);
    }

    @Test
    void aPeerThatLeavesHasSentNothing() {
        for (String sent : new String[] {"", "a", "a\r", "a\r\n", "a\r\n.", "a\r\n.\r"}) {
            assertThatThrownBy(() -> read(sent, 1)).isInstanceOf(EOFException.class);
        }
    }
}
