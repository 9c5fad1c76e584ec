package org.portolan.stores.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class MessageParserFuzzTest {
    private static final List<String> SEEDS =
            List.of(
                    "From: \"A, B\" <a@b>, g: c@d;\r\nSubject: =?utf-8?q?x=C3=B6?=\r\n y\r\n\r\n",
                    "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a--\r\n",
                    "Content-Type: multipart/digest; boundary=\"a b\"\n\n--a b\n\nTo: x\n\n--a b",
                    "Content-Type: message/rfc822\r\n\r\nContent-Type: message/global\r\n\r\n\r\n",
                    "MIME-Version: 1.0\nContent-Disposition: a; f*0*=x''%41; f*1=b\n\n",
                    "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+eDwvYj4=");

    static Stream<byte[]> seeds() {
        return SEEDS.stream().map(seed -> seed.getBytes(ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyMessageHasPartsThatLieInIt(byte[] message) {
        MessageParser whole = new MessageParser();
        whole.take(message, 0, message.length);
        ParsedMessage parsed = whole.end();
        MessageParser dripping = new MessageParser();
        for (int i = 0; i < message.length; i++) {
            dripping.take(message, i, 1);
        }
        assertThat(dripping.end()).isEqualTo(parsed);
        assertThat(ParsedMessage.of(parsed.toBytes())).isEqualTo(parsed);
        inside(parsed.root(), 0, message.length);
        String subject = parsed.envelope().subject();
        if (subject != null) {
            assertThat(PlainSubject.of(EncodedWords.decode(subject))).isNotNull();
        }
        String date = parsed.envelope().date();
        if (date != null) {
            assertThat(SentDate.of(date)).isNotNull();
        }
    }

    private static void inside(Part part, long from, long to) {
        assertThat(part.headerFrom()).isBetween(from, part.bodyFrom());
        assertThat(part.end()).isBetween(part.bodyFrom(), to);
        long at = part.bodyFrom();
        for (Part child : part.children()) {
            inside(child, at, part.end());
            at = child.end();
        }
    }
}
