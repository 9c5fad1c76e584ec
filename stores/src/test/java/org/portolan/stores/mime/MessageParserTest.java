package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages whole and broken are cut into parts as Dovecot 2.3.19 cuts them: its answers to the
 * messages of {@code dovecot.txt} stand there below each.
 */
class MessageParserTest {
    record Answer(String name, byte[] message, String structure, String envelope) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Answer> answers() throws IOException {
        try (InputStream in = MessageParserTest.class.getResourceAsStream("dovecot.txt")) {
            String all = new String(in.readAllBytes(), UTF_8);
            List<Answer> answers = new ArrayList<>();
            for (String block : all.split("(?m)^# ")) {
                if (!block.isBlank()) {
                    answers.add(answer(block));
                }
            }
            return answers.stream();
        }
    }

    private static Answer answer(String block) {
        int first = block.indexOf('\n');
        int structure = block.indexOf("\n= (");
        int envelope = block.indexOf("\n= (", structure + 1);
        return new Answer(
                block.substring(0, first),
                bytes(block.substring(first + 1, structure)),
                escaped(block.substring(structure + 3, envelope)),
                escaped(block.substring(envelope + 3).strip()));
    }

    private static byte[] bytes(String written) {
        return escaped(written.replace("\n", "")).getBytes(ISO_8859_1);
    }

    /** {@code \\r}, {@code \\n}, {@code \\xf6}; other backslashes as they are. */
    private static String escaped(String written) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char next = written.charAt(i);
            char after = i + 1 < written.length() ? written.charAt(i + 1) : 0;
            if (next == '\\' && after == 'r') {
                text.append('\r');
                i++;
            } else if (next == '\\' && after == 'n') {
                text.append('\n');
                i++;
            } else if (next == '\\' && after == 'x') {
                text.append((char) Integer.parseInt(written.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                text.append(next);
            }
        }
        return text.toString();
    }

    static ParsedMessage parsed(byte[] message, Random pace) {
        MessageParser parser = new MessageParser();
        for (int at = 0; at < message.length; ) {
            int step = Math.min(message.length - at, 1 + pace.nextInt(9));
            parser.take(message, at, step);
            at += step;
        }
        return parser.end();
    }

    static ParsedMessage parsed(byte[] message) {
        MessageParser parser = new MessageParser();
        parser.take(message, 0, message.length);
        return parser.end();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aMessageIsCutAsDovecotCutsIt(Answer answer) {
        ParsedMessage whole = parsed(answer.message());
        assertThat(Written.structure(whole.root())).isEqualTo(answer.structure());
        assertThat(Written.envelope(whole.envelope())).isEqualTo(answer.envelope());
        assertThat(ParsedMessage.of(whole.toBytes())).isEqualTo(whole);
        for (int seed = 0; seed < 5; seed++) {
            assertThat(parsed(answer.message(), new Random(seed))).isEqualTo(whole);
        }
    }

    // ---- where Dovecot answers otherwise, and why we do not

    private static Part root(String message) {
        return parsed(message.replace("\n", "\r\n").getBytes(ISO_8859_1)).root();
    }

    @Test
    void aMessageInUtf8HeadersIsAMessage() { // RFC 9051 §9, media-message
        Part part = root("Content-Type: message/global\n\nSubject: inner\n\nb\n");
        assertThat(part.message().orElseThrow().envelope().subject()).isEqualTo("inner");
    }

    @Test
    void linesThatEndWithoutCrAreCountedAsTheyAre() {
        byte[] message = "Subject: x\n\nab\ncd\r\n".getBytes(ISO_8859_1);
        Part part = parsed(message).root();
        assertThat(part.bodyFrom()).isEqualTo(12);
        assertThat(part.bodySize()).isEqualTo(7);
        assertThat(part.bodyLines()).isEqualTo(2);
        assertThat(part.headerLines()).isEqualTo(2);
    }

    @Test
    void whatComesBehindABrokenAddressIsStillShown() {
        String message =
                "To: a@b c@d, x@[127.0.0.1], (just comment), \"a\\\"b\" <c@d>\n"
                        + "Cc: a.b . c@d . e, J\u00f6 <j@x>, foo bar, :;, <@r1,@r2:x@y>\n"
                        + "Message-ID:    <sp@x>   \n\n";
        Envelope envelope = root(message).envelope();
        assertThat(envelope.to())
                .containsExactly(
                        new Address(null, null, "a", "b"),
                        new Address(null, null, "x", "[127.0.0.1]"),
                        new Address(null, null, "MISSING_MAILBOX", "MISSING_DOMAIN"),
                        new Address("a\"b", null, "c", "d"));
        assertThat(envelope.cc()) // RFC 5322 §4.4 allows blanks around the dots
                .containsExactly(
                        new Address(null, null, "a.b.c", "d.e"),
                        new Address("J\u00f6", null, "j", "x"),
                        new Address(null, null, "foo bar", "MISSING_DOMAIN"),
                        new Address(null, null, "", null),
                        new Address(null, null, null, null),
                        new Address(null, "@r1,@r2", "x", "y"));
        assertThat(envelope.messageId()).isEqualTo("<sp@x>");
    }

    @Test
    void commentsStandAnywhereInAnAddress() { // RFC 5322 §A.5, §A.6.3
        String message =
                "From: John <jdoe@machine(comment).  example>, (first) e@f, (first) <g@h> (late)\n"
                        + "To: A Group:joe@where.test; (the end), x(inside)@y, z@z (behind)\n"
                        + "Subject:\n \n\t\n late\n\n";
        Envelope envelope = root(message).envelope();
        assertThat(envelope.from())
                .containsExactly(
                        new Address("John", null, "jdoe", "machine.example"),
                        new Address(null, null, "e", "f"),
                        new Address(null, null, "g", "h"));
        assertThat(envelope.to())
                .containsExactly(
                        new Address(null, null, "A Group", null),
                        new Address(null, null, "joe", "where.test"),
                        new Address(null, null, null, null),
                        new Address("inside", null, "x", "y"),
                        new Address("behind", null, "z", "z"));
        assertThat(envelope.subject()).isEqualTo("late");
    }

    @Test
    void parametersThatNobodyQuotedAreRead() {
        Part part = root("Content-Type: text/plain;; charset=UTF-8; name=a/b.txt;\n\n");
        assertThat(part.parameters())
                .containsExactly(
                        new Parameter("charset", "UTF-8"), new Parameter("name", "a/b.txt"));
    }

    @Test
    void nulsCannotBeSaidAndBecomeSomethingElse() {
        assertThat(root("Subject: x\0y\n\n").envelope().subject()).isEqualTo("x\u0080y");
    }

    // ---- limits

    @Test
    void whatLiesTooDeepIsALeaf() {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=\"<").append(i).append(">\"\n\n");
            deep.append("--<").append(i).append(">\n");
        }
        Part part = root(deep.toString());
        int depth = 1;
        while (!part.children().isEmpty()) {
            part = part.children().getFirst();
            depth++;
        }
        assertThat(depth).isEqualTo(MessageParser.MOST_DEPTH);
        assertThat(part.type()).isEqualTo("application");
    }

    @Test
    void moreThanSoManyPartsBelongToTheLast() {
        String message =
                "Content-Type: multipart/mixed; boundary=a\n\n"
                        + "--a\n\nx\n".repeat(MessageParser.MOST_PARTS + 10)
                        + "--a--\n";
        assertThat(root(message).children()).hasSize(MessageParser.MOST_PARTS - 1);
    }

    @Test
    void ofAHugeHeaderOnlySoMuchIsKept() {
        MessageParser parser = new MessageParser();
        byte[] line = ("To: " + "a@b, ".repeat(2000) + "\r\n").getBytes(ISO_8859_1);
        for (int i = 0; i < 1000; i++) { // 10 MB
            parser.take(line, 0, line.length);
        }
        byte[] end = "Subject: at last\r\n\r\nbody\r\n".getBytes(ISO_8859_1);
        parser.take(end, 0, end.length);
        ParsedMessage message = parser.end();
        assertThat(message.root().bodyFrom()).isEqualTo(1000L * line.length + 20);
        assertThat(message.root().bodySize()).isEqualTo(6);
        assertThat(message.toBytes().length).isLessThan(2 * MessageParser.MOST_HEADER_BYTES);
    }

    // ---- what people read

    @Test
    void thePreviewIsTheBeginningOfTheText() {
        String html =
                "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding:"
                        + " quoted-printable\n\n<style>x{}</style><p>Gr=FC=DFe &amp; =\nmehr</p>\n";
        assertThat(parsed(crlf(html)).preview()).isEqualTo("Grüße & mehr");
        String mixed =
                "Content-Type: multipart/alternative; boundary=b\n\n--b\n"
                        + html
                        + "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding:"
                        + " base64\n\n8J+Yg\nCBo\naQo=\n--b--\nepilogue\n";
        assertThat(parsed(crlf(mixed)).preview()).isEqualTo("😀 hi");
        String attached = "Content-Type: text/plain\nContent-Disposition: attachment\n\nno\n";
        assertThat(parsed(crlf(attached)).preview()).isEmpty();
        assertThat(parsed(crlf("\n" + "ab ".repeat(500))).preview())
                .hasSize(ParsedMessage.PREVIEW)
                .startsWith("ab ab");
    }

    private static byte[] crlf(String message) {
        return message.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    @Test
    void whateverComesIsParsed() {
        Random random = new Random(7);
        String[] pieces = {
            "Content-Type: multipart/mixed; boundary=a",
            "--a",
            "--a--",
            "\r\n",
            "\n",
            "\r",
            ":",
            "Content-Type: message/rfc822",
            "From: a@b",
            "\0",
            "\"",
            "(",
            "<",
            "@",
            ";",
            " ",
            "x",
            "Content-Disposition: attachment; filename*0*=utf-8''%",
            "=?utf-8?b?",
            "?=",
            "\\",
            "Subject: ",
            "Content-Transfer-Encoding: base64",
            "\t",
            "--",
            "boundary",
            "\u00ff"
        };
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
                text.append(random.nextInt(3) == 0 ? "\r\n" : "");
            }
            byte[] message = text.toString().getBytes(ISO_8859_1);
            ParsedMessage whole = parsed(message);
            assertThat(parsed(message, random)).isEqualTo(whole);
            assertThat(ParsedMessage.of(whole.toBytes())).isEqualTo(whole);
            check(whole.root(), 0, message);
        }
    }

    /** Parts lie inside their parents, one behind the other, and their lines are those there. */
    private static void check(Part part, long from, byte[] message) {
        assertThat(part.headerFrom()).isGreaterThanOrEqualTo(from);
        assertThat(part.bodyFrom()).isGreaterThanOrEqualTo(part.headerFrom());
        assertThat(part.end()).isBetween(part.bodyFrom(), (long) message.length);
        long lines = 0;
        for (int i = (int) part.bodyFrom(); i < part.end(); i++) {
            lines += message[i] == '\n' ? 1 : 0;
        }
        assertThat(part.bodyLines()).isEqualTo(lines);
        long at = part.bodyFrom();
        for (Part child : part.children()) {
            check(child, at, message);
            at = child.end();
        }
        assertThat(at).isLessThanOrEqualTo(part.end());
    }
}
