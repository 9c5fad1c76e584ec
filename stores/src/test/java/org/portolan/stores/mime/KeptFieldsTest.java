package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeptFieldsTest {
    /** What is kept of a message that comes in pieces of {@code step} octets. */
    private static String kept(String message, int step) {
        MessageParser parser = new MessageParser();
        byte[] bytes = message.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; at += step) {
            parser.take(bytes, at, Math.min(step, bytes.length - at));
        }
        var _ = parser.end();
        return parser.keptFields().map(fields -> new String(fields, ISO_8859_1)).orElse("too much");
    }

    private static String kept(String message) {
        String whole = kept(message, message.length());
        for (int step : new int[] {1, 2, 7}) {
            assertThat(kept(message, step)).isEqualTo(whole);
        }
        return whole;
    }

    @Test
    void fieldsThatAreAskedForAreKeptAsTheyCame() {
        assertThat(
                        kept(
                                "Received: by mx\r\n\tfor you\r\nSUBJECT : two\r\n lines\r\n"
                                        + "X-Other: no\r\n"
                                        + "To: a@b\r\n\r\nSubject: of the body\r\n"))
                .isEqualTo("SUBJECT : two\r\n lines\r\nTo: a@b\r\n\r\n");
    }

    @Test
    void lineEndsAreThoseThatCame() {
        assertThat(kept("X: a\nSubject: b\n\nbody")).isEqualTo("Subject: b\n\n");
        assertThat(kept("Subject: b")).isEqualTo("Subject: b");
        assertThat(kept("Subject: b\r\n")).isEqualTo("Subject: b\r\n");
        assertThat(kept("no field\r\n\r\n")).isEqualTo("\r\n");
    }

    @Test
    void headersOfPartsAreNotTheMessages() {
        String message =
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\nSubject: inner\r\n\r\nx\r\n"
                        + "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\n\r\ny\r\n"
                        + "--b--\r\n";
        assertThat(kept(message)).isEqualTo("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    }

    @Test
    void ofALongHeaderNothingIsKept() {
        assertThat(kept("To: " + "a@b, ".repeat(2000) + "\r\n\r\n")).isEqualTo("too much");
        assertThat(kept("Received: " + "a ".repeat(8000) + "\r\nTo: a\r\n\r\n"))
                .isEqualTo("To: a\r\n\r\n");
        String many = "References: <a@b>\r\n".repeat(1000);
        assertThat(kept(many + "\r\n")).isEqualTo("too much");
        assertThat(kept("Subject: " + "x".repeat(MessageParser.MOST_FIELD_BYTES + 9) + "\r\n\r\n"))
                .isEqualTo("too much");
    }

    @Test
    void onlyWhatWasLookedForIsKnownToBeMissing() {
        assertThat(KeptFields.cover(List.of("from", "SUBJECT", "Message-Id"))).isTrue();
        assertThat(KeptFields.cover(List.of("FROM", "RECEIVED"))).isFalse();
    }

    @Test
    void whateverTheHeaderIsThatIsKeptWhichAReaderOfAllOfItWouldGather() {
        Random random = new Random(7);
        String[] pieces = {
            "Subject: a",
            "subject",
            "To:b",
            "X-A: c",
            ":",
            " ",
            "\t",
            "\r\n",
            "\n",
            "\r",
            "é",
            "Cc : d"
        };
        for (int round = 0; round < 2000; round++) {
            StringBuilder header = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                header.append(pieces[random.nextInt(pieces.length)]);
            }
            String message = header.toString();
            assertThat(kept(message)).as(message).isEqualTo(gathered(message));
        }
    }

    /** The same by lines. */
    private static String gathered(String message) {
        StringBuilder gathered = new StringBuilder();
        boolean keeping = false;
        int at = 0;
        while (at < message.length()) {
            int end =
                    message.indexOf('\n', at) < 0
                            ? message.length()
                            : message.indexOf('\n', at) + 1;
            String line = message.substring(at, end);
            at = end;
            if (line.equals("\n") || line.equals("\r\n")) {
                return gathered.append(line).toString();
            }
            if (!line.startsWith(" ") && !line.startsWith("\t")) {
                int colon = line.indexOf(':');
                String name = colon < 0 ? "-" : line.substring(0, colon);
                keeping = KeptFields.cover(List.of(name.replaceAll("[ \t]+$", "")));
            }
            gathered.append(keeping ? line : "");
        }
        return gathered.toString();
    }
}
