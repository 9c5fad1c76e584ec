package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.mail.Address;
import org.portolan.wire.Refusal;

/** Every command, one form of it after the other. */
class SmtpCommandTest {
    private static final Optional<Address> ADA = Optional.of(new Address("ada", "x.example"));

    /** Lines come byte by byte from the wire. */
    private static SmtpCommand parse(String line) throws Refusal {
        return SmtpCommand.parse(new String(line.getBytes(UTF_8), ISO_8859_1));
    }

    record Form(String line, SmtpCommand command) {
        @Override
        public String toString() {
            return line;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form("EHLO x.example", new SmtpCommand.Hello("x.example", true)),
                new Form("ehlo  [127.0.0.1] ", new SmtpCommand.Hello("[127.0.0.1]", true)),
                new Form("HELO x", new SmtpCommand.Hello("x", false)),
                new Form("MAIL FROM:<>", mail(Optional.empty(), -1, false, false)),
                new Form("MAIL FROM:<ada@x.example>", mail(ADA, -1, false, false)),
                new Form("mail from: <ada@x.example> ", mail(ADA, -1, false, false)),
                new Form("MAIL FROM:<ada@x.example> SIZE=0", mail(ADA, 0, false, false)),
                new Form(
                        "MAIL FROM:<ada@x.example>  size=7  body=8bitmime smtputf8 auth=<>",
                        mail(ADA, 7, true, true)),
                new Form("MAIL FROM:<ada@x.example> BODY=7BIT", mail(ADA, -1, false, false)),
                new Form(
                        "MAIL FROM:<ada@x.example> SIZE=99999999999999999999",
                        mail(ADA, Long.MAX_VALUE, false, false)),
                new Form("RCPT TO:<ada@x.example>", new SmtpCommand.RcptTo(ADA.get(), "", "")),
                new Form("rcpt to: <ada@x.example> ", new SmtpCommand.RcptTo(ADA.get(), "", "")),
                new Form(
                        "RCPT TO:<jörg@x>",
                        new SmtpCommand.RcptTo(new Address("jörg", "x"), "", "")),
                new Form("DATA", new SmtpCommand.Data()),
                new Form("data  ", new SmtpCommand.Data()),
                new Form("RSET", new SmtpCommand.Reset()),
                new Form("NOOP", new SmtpCommand.Noop()),
                new Form("NOOP jörg", new SmtpCommand.Noop()),
                new Form("QUIT", new SmtpCommand.Quit()),
                new Form("VRFY jörg", new SmtpCommand.Verify("jörg")),
                new Form("EXPN friends", new SmtpCommand.Expand("friends")),
                new Form("HELP", new SmtpCommand.Help()),
                new Form("HELP MAIL", new SmtpCommand.Help()),
                new Form("STARTTLS", new SmtpCommand.StartTls()),
                new Form("AUTH PLAIN", new SmtpCommand.Auth("PLAIN", Optional.empty())),
                new Form("auth  plain  =", new SmtpCommand.Auth("plain", Optional.of("="))),
                new Form("AUTH PLAIN AGE=", new SmtpCommand.Auth("PLAIN", Optional.of("AGE="))),
                new Form("GET / HTTP/1.1", new SmtpCommand.WebRequest()),
                new Form("POST /x?y HTTP/1.0", new SmtpCommand.WebRequest()),
                new Form("OPTIONS * HTTP/2", new SmtpCommand.WebRequest()));
    }

    private static SmtpCommand mail(
            Optional<Address> from, long size, boolean eightBit, boolean utf8) {
        OptionalLong said = size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
        return new SmtpCommand.MailFrom(
                from,
                said,
                eightBit ? SmtpCommand.Body.EIGHT_BIT : SmtpCommand.Body.SEVEN_BIT,
                utf8,
                "",
                "",
                false);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aCommand(Form form) throws Refusal {
        assertThat(parse(form.line())).isEqualTo(form.command());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 500",
        "' ', 500",
        "' QUIT', 500",
        "QUITS, 500",
        "Q, 500",
        "maıl FROM:<>, 500",
        "RſET, 500",
        "'EHLO', 501",
        "'EHLO ', 501",
        "EHLO a b, 501",
        "'EHLO a\u00a0b', 501",
        "DATA x, 501",
        "RSET x, 501",
        "QUIT x, 501",
        "STARTTLS x, 501",
        "VRFY, 501",
        "EXPN, 501",
        "AUTH, 501",
        "AUTH a b c, 501",
        "MAIL, 501",
        "MAIL <ada@x.example>, 501",
        "MAIL FROM <ada@x.example>, 501",
        "MAIL FROM :<ada@x.example>, 501",
        "MAIL FROM:  <ada@x.example>, 501",
        "MAIL FROM:<ada@x.example>x, 501",
        "MAIL FROM:<>SIZE=1, 501",
        "MAIL FROM:<ada@x.example> SIZE=, 501",
        "MAIL FROM:<ada@x.example> SIZE=1x, 501",
        "MAIL FROM:<ada@x.example> SIZE=١, 501",
        "MAIL FROM:<ada@x.example> SIZE=100000000000000000000, 501",
        "MAIL FROM:<ada@x.example> SMTPUTF8=, 501",
        "MAIL FROM:<ada@x.example> BODY=, 555",
        "MAIL FROM:<ada@x.example> BODY, 555",
        "MAIL FROM:<ada@x.example> RET=ALL, 501",
        "MAIL FROM:<ada@x.example> RET=HDRS RET=FULL, 501",
        "MAIL FROM:<ada@x.example> ENVID=a=b, 501",
        "MAIL FROM:<ada@x.example> ENVID=a+2z, 501",
        "MAIL FROM:<ada@x.example> REQUIRETLS=yes, 501",
        "MAIL FROM:<ada@x.example> ſIZE=1, 555",
        "MAIL FROM:<ada@x.example> FOO, 555",
        "MAIL FROM:<ada@x.example> =1, 555",
        "MAIL FROM:<jörg@x.example>, 553",
        "RCPT, 501",
        "RCPT TO:, 501",
        "RCPT TO:<>, 501",
        "RCPT TO:<ada@x.example>x, 501",
        "RCPT TO:<ada@x.example> NOTIFY=, 501",
        "'RCPT TO:<ada@x.example> NOTIFY=NEVER,DELAY', 501",
        "RCPT TO:<ada@x.example> NOTIFY=DELAY NOTIFY=DELAY, 501",
        "RCPT TO:<ada@x.example> ORCPT=ada, 501",
        "RCPT TO:<ada@x.example> FOO=1, 555",
        "'NOOP \u0001', 501",
        "'NOOP \u007f', 501",
    })
    void noCommand(String line, String code) {
        assertThat(refused(line)).startsWith(code);
    }

    @Test
    void whatIsNotUtf8IsNoCommand() {
        for (String bytes :
                new String[] {"NOOP \u00ff", "NOOP \u00c3", "NOOP \u00ed\u00a0\u0080", "\u00c0"}) {
            assertThat(catchThrowableOfType(Refusal.class, () -> SmtpCommand.parse(bytes)))
                    .isNotNull();
        }
    }

    private static String refused(String line) {
        return catchThrowableOfType(Refusal.class, () -> parse(line)).reply();
    }

    /** Whatever comes is a command or a refusal that can be sent. */
    @Test
    void anyLineHasAnAnswer() {
        Random random = new Random(5321);
        String[] pieces = {
            "MAIL FROM:",
            "RCPT TO:",
            "AUTH ",
            "EHLO ",
            "<",
            ">",
            "@",
            "\"",
            "\\",
            ":",
            ",",
            "[",
            "]",
            " ",
            "=",
            ".",
            "a",
            "x.example",
            "SIZE=",
            "BODY=",
            "SMTPUTF8",
            "9",
            "\u00c3\u00b6",
            "\u00ff",
            "\t",
            "\0"
        };
        for (int round = 0; round < 50_000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                line.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(SmtpCommand.parse(line.toString())).isNotNull();
            } catch (Refusal e) {
                assertThat(e.reply()).matches("5[0-9][0-9] 5\\.[0-9]\\.[0-9] [ -~]+");
            }
        }
    }
}
