package org.portolan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TranscriptTest {
    private static List<String> said(String dialogue) {
        return Transcript.parse("said.txt", dialogue)
                .said()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static String oneLine(String line) {
        return said("# One line.\n" + line).getFirst();
    }

    @Test
    void theHeadIsRead() {
        Transcript transcript =
                Transcript.parse(
                        "03-unknown.txt",
                        """
                        # 03 A message to nobody is refused.   RFC 5321 §3.3, §4.2.2
                        # on: submission
                        # paces: turn, bytes
                        # Nothing: this is a comment.
                        C: NOOP
                        # on: smtp
                        """);

        assertThat(transcript.file()).isEqualTo("03-unknown.txt");
        assertThat(transcript.title()).isEqualTo("03 A message to nobody is refused.");
        assertThat(transcript.sections()).isEqualTo("RFC 5321 §3.3, §4.2.2");
        assertThat(transcript.on()).contains("submission");
        assertThat(transcript.paces()).containsExactly(Pace.TURN_BY_TURN, Pace.BYTE_BY_BYTE);
        assertThat(transcript).hasToString("03-unknown.txt: 03 A message to nobody is refused.");
    }

    @Test
    void theHeadMayBeShort() {
        Transcript transcript = Transcript.parse("a.txt", "# A.\r\nC: NOOP\r\n");

        assertThat(transcript.sections()).isEmpty();
        assertThat(transcript.on()).isEmpty();
        assertThat(transcript.paces()).containsExactly(Pace.values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\t',
            textBlock =
                    """
                    C: EHLO a           | EHLO a
                    C2: EHLO a          | EHLO a
                    C- EHLO a           | EHLO a
                    C:   indented       |   indented
                    C: {310} {} { {1+}  | {310} {} { {1+}
                    C: {{0x41}}         | {A}
                    C: {0x4142}{0x43}   | ABC
                    C: {repeat:ab:3}.   | ababab.
                    C: {repeat::3}.     | .
                    C: {repeat:a:b:2}   | a:ba:b
                    C: {repeat:{repeat:a:2}b:2} | aabaab
                    C: {base64:a}       | YQ==
                    C: {base64:\\0a\\0b}  | AGEAYg==
                    C: {base64:{repeat:a:3}} | YWFh
                    C< 41 4243 "D E" 46 # G | ABCD EF
                    C< {repeat:41 "b":2}| AbAb
                    """)
    void whatAClientSays(String line, String said) {
        // The table cannot hold spaces at an end: they are the language's here, not the line's.
        assertThat(oneLine(line).strip()).isEqualTo(said.strip());
    }

    @Test
    void oddBytesAndSpacesAreKept() {
        assertThat(oneLine("C:  a ")).isEqualTo(" a ");
        assertThat(oneLine("C:")).isEmpty();
        assertThat(oneLine("C: ")).isEmpty();
        assertThat(oneLine("C: a{CR}b{LF}c{0x00ff}")).isEqualTo("a\rb\nc\0\u00ff");
        assertThat(oneLine("C: ü")).isEqualTo("\u00c3\u00bc");
        assertThat(oneLine("C< 00 ff")).isEqualTo("\0\u00ff");
    }

    @Test
    void whatWasCapturedIsAnXInASeed() {
        assertThat(said("# A.\nS: <{=stamp}>\nC: APOP {stamp}\nC: {base64:{stamp}}\n"))
                .containsExactly("APOP x", "eA==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\t',
            textBlock =
                    """
                    1 | C: no head                  | first line must be
                    1 | #;C: x                      | no title
                    1 | # A.                        | nobody says anything
                    2 | # A.;X: what                | neither a comment
                    2 | # A.;C> 30                  | not a mark
                    2 | # A.;S- 30                  | not a mark
                    2 | # A.;C:x                    | a space is missing
                    2 | # A.;C1: x                  | numbered 2 to 99
                    2 | # A.;C02: x                 | numbered 2 to 99
                    2 | # A.;C100: x                | numbered 2 to 99
                    2 | # A.;TLS now                | takes nothing
                    2 | # A.;# paces: slow;C: x     | paces are
                    2 | # A.;# on:;C: x             | names no door
                    2 | # A.;C: {any}               | left open
                    2 | # A.;C: {repeat:{number}:2} | must not be left open
                    2 | # A.;C: {name}              | not captured above
                    2 | # A.;S: {name}              | not captured above
                    2 | # A.;S: … but no {name}     | not captured above
                    2 | # A.;S: … but no {=name}    | cannot be captured
                    2 | # A.;CONNECT {name}         | not captured above
                    2 | # A.;CONNECT {any}          | a door is
                    2 | # A.;S: {=a}{=a}            | same name twice
                    2 | # A.;S: {=any}              | no name
                    2 | # A.;S: {=1}                | no name
                    2 | # A.;S: {a-b}               | no name
                    2 | # A.;S: {any                | closing } is missing
                    2 | # A.;S: {any…}              | for hex lines
                    2 | # A.;C: {0x1}               | no pairs
                    2 | # A.;C: {0x}                | names no byte
                    2 | # A.;C: {repeat:x}          | a repeat is written
                    2 | # A.;C: {repeat:x:y}        | no count
                    2 | # A.;C: {repeat:x:0}        | not between
                    2 | # A.;C: {repeat:x:99999999} | more than
                    2 | # A.;\
                    C: {repeat:{repeat:{repeat:{repeat:{repeat:{repeat:a:1}:1}:1}:1}:1}:1} | deeper
                    2 | # A.;C< 3                   | no pair
                    2 | # A.;C< "a                  | closing " is missing
                    2 | # A.;S> {number}            | for text lines
                    2 | # A.;S> {=name}             | lacks its count
                    2 | # A.;S> {any:x}             | no count
                    2 | # A.;S>                     | awaits no bytes
                    2 | # A.;S> {any…};C: x         | followed by EOF
                    2 | # A.;S: …;C: x              | needs an S: line
                    2 | # A.;S: …;S: …;S: x         | needs an S: line
                    3 | # A.;CLOSE;C: x             | the connection is gone
                    3 | # A.;EOF;S: x               | the connection is gone
                    3 | # A.;HALF;C: x              | would say no more
                    3 | # A.;C: x;CONNECT           | still connected
                    3 | # A.;TLS;TLS                | has TLS already
                    """)
    void aProblemNamesFileAndLine(int line, String text, String message) {
        TranscriptProblem problem =
                catchThrowableOfType(
                        TranscriptProblem.class,
                        () -> Transcript.parse("bad.txt", text.replace(';', '\n')));

        assertThat(problem).hasMessageContaining("bad.txt:" + line + ": ");
        assertThat(problem).hasMessageContaining(message);
        assertThat(problem.file()).isEqualTo("bad.txt");
        assertThat(problem.line()).isEqualTo(line);
    }

    /** Runs of bytes in which those are frequent that mean something to the language. */
    static List<String> oddRuns() {
        Random random = new Random(5);
        String frequent = "{}=0xany:\u00e2\u0080\u00a6CRLF \r\n\0\u00c3\u00bc\u00ff";
        return random.ints(300, 0, 30)
                .mapToObj(
                        length -> {
                            StringBuilder run = new StringBuilder();
                            for (int i = 0; i < length; i++) {
                                run.append(
                                        random.nextInt(4) == 0
                                                ? (char) random.nextInt(256)
                                                : frequent.charAt(
                                                        random.nextInt(frequent.length())));
                            }
                            return Spelling.ofRaw(
                                    run.toString().getBytes(StandardCharsets.ISO_8859_1));
                        })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("oddRuns")
    void whatIsShownCanBePasted(String bytes) throws Exception {
        assertThat(oneLine("C- " + Spelling.text(bytes))).isEqualTo(bytes);
        assertThat(oneLine("C< " + Spelling.hex(bytes))).isEqualTo(bytes);
        assertThat(TemplateReader.text(Spelling.text(bytes)).pattern(Map.of()).matcher(bytes))
                .matches();
    }

    @Test
    void aFileMustBeUtf8(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("latin.txt");
        Files.write(file, "# A.\nC: ü\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Transcript.read(file))
                .isInstanceOf(TranscriptProblem.class)
                .hasMessageContaining("latin.txt:1: is not UTF-8");

        Files.writeString(file, "# A.\nC: ü\n");
        assertThat(Transcript.read(file).title()).isEqualTo("A.");
    }
}
