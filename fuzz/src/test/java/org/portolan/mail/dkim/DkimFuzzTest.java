package org.portolan.mail.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.mail.Names;
import org.portolan.testkit.FrozenClock;

/** Any bytes as a message, and as the text of a key. */
class DkimFuzzTest {
    private static final String KEY =
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private record OneText(String text) implements Names {
        @Override
        public Answer<Exchanger> exchangers(String domain) {
            return new Answer.NoRecord<>(false);
        }

        @Override
        public Answer<InetAddress> ipv4(String host) {
            return new Answer.NoRecord<>(false);
        }

        @Override
        public Answer<InetAddress> ipv6(String host) {
            return new Answer.NoRecord<>(false);
        }

        @Override
        public Answer<String> texts(String name) {
            return new Answer.Found<>(List.of(text), name, Duration.ofHours(1), false);
        }

        @Override
        public Answer<String> pointers(InetAddress address) {
            return new Answer.NoRecord<>(false);
        }
    }

    static Stream<byte[]> messages() {
        String field =
                "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple; d=a.example; s=b;\r\n"
                        + " i=@a.example; t=1; x=9999999999; l=5; q=dns/txt; h=from:to : to;\r\n"
                        + "\tbh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA BBBB\r\n";
        return Stream.of(
                        field + "From: a@a.example\r\n\r\nHi. \r\n\r\n",
                        field.repeat(3) + "To: b\r\nFrom:\ta\r\n b\r\n\r\n",
                        "From: a\r\n\r\n",
                        "\r\n")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @MethodSource("messages")
    @FuzzTest
    void anyMessageInAnyPiecesHasTheSameResults(byte[] message) {
        List<DkimResult> whole = verified(message, Math.max(1, message.length));
        assertThat(whole).hasSizeLessThanOrEqualTo(DkimVerification.MOST_SIGNATURES);
        assertThat(whole).allMatch(result -> result.why().matches("[ -~]*"));
        assertThat(verified(message, 1)).isEqualTo(whole);
    }

    private static List<DkimResult> verified(byte[] message, int step) {
        DkimVerification verification =
                new DkimVerification(new OneText(KEY), FrozenClock.frozen());
        for (int at = 0; at < message.length; at += step) {
            verification.take(message, at, Math.min(step, message.length - at));
        }
        return verification.end();
    }

    static Stream<byte[]> keys() {
        return Stream.of(
                        KEY,
                        "p=",
                        "v=DKIM1; h=sha256:sha1; k=rsa; s=email:*; t=y:s; n=x; p=MIGfMA0GCSqG",
                        "k=rsa;p=MAoCAwEAAQIDAQAB;")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @MethodSource("keys")
    @FuzzTest
    void anyTextIsAKeyOrSaysWhyNot(byte[] text) {
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            try {
                DkimKey.parse(new String(text, ISO_8859_1), algorithm);
            } catch (DkimMalformed e) {
                assertThat(e.words()).matches("[ -~]+");
            }
        }
    }
}
