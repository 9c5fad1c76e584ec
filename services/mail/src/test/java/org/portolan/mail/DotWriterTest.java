package org.portolan.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent of a text that lies in a file. */
class DotWriterTest {
    /** So much is read from the file at once. */
    private static final int CHUNK = 16 * 1024;

    @TempDir Path folder;

    private interface Writing {
        void to(DotWriter writer, FileChannel file) throws IOException;
    }

    private String written(String text, Writing how) throws IOException {
        Path file = Files.write(folder.resolve("text"), text.getBytes(ISO_8859_1));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file)) {
            how.to(new DotWriter(sent::write), channel);
        }
        return sent.toString(ISO_8859_1);
    }

    private String all(String text) throws IOException {
        return written(text, DotWriter::writeAll);
    }

    private String top(String text, int lines) throws IOException {
        return written(text, (writer, file) -> writer.writeTop(file, lines));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''            | ''",
                "a/            | a/",
                "./            | ../",
                ".a/..b/c./    | ..a/...b/c./",
                "a/./b/        | a/../b/",
                "a             | a/", // a text whose last line has no end gets one
                ".             | ../",
            })
    void aLineThatBeginsWithADotGetsAnother(String text, String sent) throws IOException {
        assertThat(all(text.replace("/", "\r\n"))).isEqualTo(sent.replace("/", "\r\n"));
    }

    @ParameterizedTest(name = "{0}, {1} lines")
    @CsvSource(
            delimiter = '|',
            value = {
                "h/i//a/.b//c/ | 0          | h/i//",
                "h/i//a/.b//c/ | 1          | h/i//a/",
                "h/i//a/.b//c/ | 2          | h/i//a/..b/",
                "h/i//a/.b//c/ | 3          | h/i//a/..b//",
                "h/i//a/.b//c/ | 4          | h/i//a/..b//c/",
                "h/i//a/.b//c/ | 5          | h/i//a/..b//c/",
                "h/i//a/.b//c/ | 2147483647 | h/i//a/..b//c/",
                "h/i/          | 0          | h/i/",
                "h/i/          | 9          | h/i/",
                "/a/b/         | 1          | /a/",
                "h//           | 0          | h//",
                "h// /b/       | 1          | h// /",
                "h/ /i//b/     | 0          | h/ /i//",
            })
    void theTopIsTheHeaderTheEmptyLineAndSoManyMore(String text, int lines, String sent)
            throws IOException {
        assertThat(top(text.replace("/", "\r\n"), lines)).isEqualTo(sent.replace("/", "\r\n"));
    }

    @Test
    void whereTheFileIsCutMakesNoDifference() throws IOException {
        for (int around = CHUNK - 5; around <= CHUNK + 5; around++) {
            String before = "h\r\n\r\n" + "x".repeat(around - 7) + "\r\n";
            assertThat(all(before + ".a\r\n")).isEqualTo(before + "..a\r\n");
            assertThat(top(before + ".a\r\n.b\r\n", 1)).isEqualTo(before);
            assertThat(top(before + ".a\r\n.b\r\n", 2)).isEqualTo(before + "..a\r\n");
            String header = "h: " + "x".repeat(around - 5) + "\r\n";
            assertThat(top(header + "\r\na\r\nb\r\n", 1)).isEqualTo(header + "\r\na\r\n");
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Random random = new Random(1939);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            int lines = random.nextInt(40);
            for (int i = 0; i < lines; i++) {
                int length = random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(4);
                for (int k = 0; k < length; k++) {
                    text.append(random.nextBoolean() ? '.' : 'a');
                }
                text.append("\r\n");
            }
            String expected = text.toString();
            String sent = all(expected) + ".\r\n";
            StringBuilder read = new StringBuilder();
            DotReader reader =
                    new DotReader(
                            () -> java.nio.ByteBuffer.wrap(sent.getBytes(ISO_8859_1)),
                            (bytes, from, count) -> {},
                            1_000_000,
                            (bytes, from, count) ->
                                    read.append(new String(bytes, from, count, ISO_8859_1)));
            assertThat(reader.read()).isEqualTo(DotReader.Result.WHOLE);
            assertThat(read.toString()).isEqualTo(expected);
        }
    }
}
