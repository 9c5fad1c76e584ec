package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;
import org.portolan.wire.Refusal;

class CommandParserFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(CommandParser.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyTextIsACommandOrARefusal(byte[] text) {
        String whole = new String(text, ISO_8859_1);
        try {
            ImapCommand command = CommandParser.parse(whole);
            assertThat(command).isNotNull();
        } catch (Refusal refusal) {
            // RFC 9051 §7.1: a status and visible text, whatever the client sent
            assertThat(refusal.reply()).matches("(BAD|NO) [ -~]+");
        }
        try {
            var _ = CommandParser.messageFollows(whole);
        } catch (Refusal refusal) {
            assertThat(refusal.reply()).matches("(BAD|NO) [ -~]+");
        }
    }
}
