package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryPartsTest {
    private static final String MALFORMED = "malformed";

    /** What comes of {@code text} if it arrives in pieces of at most {@code most} bytes. */
    private static String converted(String text, int most) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryParts parts = new BinaryParts(out::write);
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; at += most) {
            parts.take(bytes, at, Math.min(most, bytes.length - at));
        }
        parts.end();
        return parts.malformed() ? MALFORMED : out.toString(ISO_8859_1);
    }

    private static String converted(String text) {
        String whole = converted(text, Integer.MAX_VALUE - 8);
        for (int most : new int[] {1, 2, 3, 7, 61}) {
            assertThat(converted(text, most)).isEqualTo(whole);
        }
        return whole;
    }

    private static String base64(String text) {
        byte[] encoded =
                Base64.getMimeEncoder(76, new byte[] {'\r', '\n'})
                        .encode(text.getBytes(ISO_8859_1));
        return new String(encoded, ISO_8859_1);
    }

    private static String part(String encoding, String body) {
        return "Content-Transfer-Encoding: " + encoding + "\r\n\r\n" + body;
    }

    private static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        String often = "\r\n-\0=b ";
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextBoolean()
                            ? often.charAt(random.nextInt(often.length()))
                            : (char) random.nextInt(256));
        }
        return text.toString();
    }

    @Test
    void whatIsNotBinaryPassesAsItIs() {
        String plain = "Subject: a\r\n b\r\n\r\n-\r\n--\r\n--x\r\n\r\n";
        assertThat(converted(plain)).isEqualTo(plain);
        String parts =
                "Content-Type: multipart/mixed; boundary=\"a b\"\r\n\r\npreamble\r\n"
                        + "--a b\r\n\r\n1\r\n--a b \t\r\nContent-Type: text/plain\r\n"
                        + "--a b--\r\nepilogue\r\n--a b\r\n";
        assertThat(converted(parts)).isEqualTo(parts);
        assertThat(converted("Subject: a header alone\r\n")).endsWith("alone\r\n");
        assertThat(converted("a: b\r\n\r\nno end")).isEqualTo("a: b\r\n\r\nno end\r\n");
    }

    @Test
    void binaryPartsAreEncoded() {
        Random random = new Random(3030);
        for (int i = 0; i < 300; i++) {
            String body = random(random, random.nextInt(400));
            String end = body.isEmpty() ? "" : "\r\n";
            assertThat(converted(part("binary", body)))
                    .isEqualTo(part("base64", base64(body) + end));
            String type = "Content-Type: multipart/mixed; boundary=b=\r\n";
            String before = type + "\r\n--b=\r\n";
            String after = "\r\n--b=\r\n\r\ntext\r\n--b=--\r\n";
            if (!("\r\n" + body + "\r\n").contains("\r\n--b=")) {
                assertThat(converted(quoted(before) + part(" BINARY\t", body) + after))
                        .isEqualTo(quoted(before) + part("base64", base64(body)) + after);
            }
        }
    }

    private static String quoted(String before) {
        return before.replace("boundary=b=", "boundary=\"b=\"");
    }

    @Test
    void whatHoldsPartsIsNotEncodedItself() {
        String inner = "Content-Type: message/rfc822\r\n" + part("binary", "Subject: in\r\n");
        assertThat(converted(inner + part("binary", "\0")))
                .isEqualTo(inner.replace("binary", "8bit") + part("base64", base64("\0") + "\r\n"));
        String digest = "Content-Type: multipart/digest; boundary=d\r\n" + part("binary", "");
        assertThat(converted(digest + "--d\r\n\r\n" + part("binary", "\n") + "\r\n--d--\r\n"))
                .isEqualTo(
                        digest.replace("binary", "8bit")
                                + "--d\r\n\r\n"
                                + part("base64", base64("\n"))
                                + "\r\n--d--\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b\r\n\r\na\nb\r\n",
                "a: b\r\n\r\na\rb\r\n",
                "a: b\r\n\r\n\0\r\n",
                "a: b\n\r\nc\r\n",
                "a: b\r\n\r\nc\r",
                "Content-Transfer-Encoding: binary\n\nc\r\n",
            })
    void whatIsNotBinaryHasLines(String text) {
        assertThat(converted(text)).isEqualTo(MALFORMED);
    }

    @Test
    void endlessHeadersAndDepthsAreRefused() {
        assertThat(converted("a: " + "b".repeat(600_000), 8192)).isEqualTo(MALFORMED);
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n");
            deep.append("--b").append(i).append("\r\n");
        }
        assertThat(converted(deep.toString(), 8192)).isEqualTo(MALFORMED);
    }
}
