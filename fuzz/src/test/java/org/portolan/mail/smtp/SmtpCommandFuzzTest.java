package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.mail.Address;
import org.portolan.testkit.Seeds;
import org.portolan.wire.Cursor;
import org.portolan.wire.Refusal;

class SmtpCommandFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(SmtpCommand.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyLineIsACommandOrARefusal(byte[] line) throws Refusal {
        SmtpCommand command;
        try {
            command = SmtpCommand.parse(new String(line, ISO_8859_1));
        } catch (Refusal refusal) {
            // RFC 5321 §4.2: a reply is a code and visible text, whatever the client sent.
            assertThat(refusal.reply()).matches("[45][0-9][0-9] [ -~]+");
            return;
        }
        // What was understood can be said again, and means the same.
        String written = new String(written(command).getBytes(UTF_8), ISO_8859_1);
        assertThat(SmtpCommand.parse(written)).isEqualTo(command);
    }

    private static String written(SmtpCommand command) {
        return switch (command) {
            case SmtpCommand.Hello(String name, boolean extended) ->
                    (extended ? "EHLO " : "HELO ") + name;
            case SmtpCommand.MailFrom mail ->
                    "MAIL FROM:<"
                            + mail.from().map(SmtpCommandFuzzTest::written).orElse("")
                            + ">"
                            + (mail.size().isPresent() ? " SIZE=" + mail.size().getAsLong() : "")
                            + switch (mail.body()) {
                                case SEVEN_BIT -> "";
                                case EIGHT_BIT -> " BODY=8BITMIME";
                                case BINARY -> " BODY=BINARYMIME";
                            }
                            + (mail.utf8() ? " SMTPUTF8" : "")
                            + (mail.requireTls() ? " REQUIRETLS" : "")
                            + parameter("RET", mail.returned())
                            + parameter("ENVID", mail.envelopeId());
            case SmtpCommand.RcptTo(Address to, String wishes, String original) ->
                    "RCPT TO:<"
                            + written(to)
                            + ">"
                            + parameter("NOTIFY", wishes)
                            + parameter("ORCPT", original);
            case SmtpCommand.Data() -> "DATA";
            case SmtpCommand.Chunk(long size, boolean last) ->
                    "BDAT "
                            + (size == SmtpCommand.Chunk.UNKNOWN ? "many" : size)
                            + (last ? " LAST" : "");
            case SmtpCommand.Reset() -> "RSET";
            case SmtpCommand.Noop() -> "NOOP";
            case SmtpCommand.Quit() -> "QUIT";
            case SmtpCommand.Verify(String whom) -> "VRFY " + whom;
            case SmtpCommand.Expand(String list) -> "EXPN " + list;
            case SmtpCommand.Help() -> "HELP";
            case SmtpCommand.StartTls() -> "STARTTLS";
            case SmtpCommand.WebRequest() -> "GET / HTTP/1.1";
            case SmtpCommand.Auth auth ->
                    "AUTH " + auth.mechanism() + auth.initial().map(i -> " " + i).orElse("");
        };
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : " " + name + "=" + value;
    }

    /** An address stands in header fields too: it must be the same there, and keep to its line. */
    private static String written(Address address) {
        String written = address.written();
        assertThat(written).doesNotContainPattern("[\\x00-\\x1f\\x7f]");
        assertThat(Address.path(new Cursor("<" + written + ">"))).isEqualTo(address);
        return written;
    }
}
