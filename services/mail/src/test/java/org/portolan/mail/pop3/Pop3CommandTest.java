package org.portolan.mail.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.wire.Refusal;

/** Every command, one form of it after the other. */
class Pop3CommandTest {
    record Form(String line, Pop3Command command) {
        @Override
        public String toString() {
            return line;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form("USER ada", new Pop3Command.User("ada")),
                new Form("user  ada lovelace ", new Pop3Command.User("ada lovelace")),
                new Form("PASS secret", new Pop3Command.Pass("secret")),
                new Form("pass  two  words ", new Pop3Command.Pass(" two  words ")),
                new Form("AUTH", new Pop3Command.Auth(Optional.empty(), Optional.empty())),
                new Form(
                        "auth plain", new Pop3Command.Auth(Optional.of("plain"), Optional.empty())),
                new Form(
                        "AUTH  PLAIN  =",
                        new Pop3Command.Auth(Optional.of("PLAIN"), Optional.of("="))),
                new Form("CAPA", new Pop3Command.Capabilities()),
                new Form("STLS", new Pop3Command.StartTls()),
                new Form("STAT ", new Pop3Command.Stat()),
                new Form("LIST", new Pop3Command.ListSizes(OptionalInt.empty())),
                new Form("LIST 7", new Pop3Command.ListSizes(OptionalInt.of(7))),
                new Form("UIDL", new Pop3Command.ListNames(OptionalInt.empty())),
                new Form("UIDL 0007", new Pop3Command.ListNames(OptionalInt.of(7))),
                new Form("RETR 1", new Pop3Command.Retrieve(1)),
                new Form("RETR 0", new Pop3Command.Retrieve(0)),
                new Form("RETR 999999999", new Pop3Command.Retrieve(999_999_999)),
                new Form("RETR 1000000000", new Pop3Command.Retrieve(Integer.MAX_VALUE)),
                new Form("RETR 00000000000000000000000000000000001", new Pop3Command.Retrieve(1)),
                new Form("TOP 1 0", new Pop3Command.Top(1, 0)),
                new Form("TOP  1  99999999999999999999", new Pop3Command.Top(1, Integer.MAX_VALUE)),
                new Form("DELE 3", new Pop3Command.Delete(3)),
                new Form("RSET", new Pop3Command.Reset()),
                new Form("NOOP", new Pop3Command.Noop()),
                new Form("quit", new Pop3Command.Quit()));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aCommand(Form form) throws Refusal {
        assertThat(Pop3Command.parse(form.line())).isEqualTo(form.command());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " STAT",
                "STATS",
                "PA\u00df secret",
                "R\u017fET",
                "USER",
                "USER ",
                "PASS",
                "PASS ",
                "PASS\tsecret",
                "AUTH a b c",
                "CAPA x",
                "STLS x",
                "STAT 1",
                "RSET 1",
                "NOOP 1",
                "QUIT 1",
                "LIST 1 2",
                "LIST x",
                "UIDL -1",
                "RETR",
                "RETR 1 2",
                "RETR 1x",
                "RETR \u0661",
                "RETR +1",
                "DELE",
                "TOP",
                "TOP 1",
                "TOP 1 2 3",
                "TOP 1 -1",
                "TOP x 1",
                "USER ada\0",
                "USER ada\u007f",
                "NOOP\r",
            })
    void noCommand(String line) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Pop3Command.parse(line));
        assertThat(refusal.reply()).matches("-ERR [ -~]+");
    }

    /** Whatever comes is a command or a refusal that can be sent. */
    @Test
    void anyLineHasAnAnswer() {
        Random random = new Random(1939);
        String[] pieces = {
            "USER",
            "PASS",
            "AUTH",
            "LIST",
            "TOP",
            "RETR",
            "UIDL",
            " ",
            "  ",
            "1",
            "0",
            "99999999",
            "-",
            "+",
            "x",
            "\u00df",
            "\t",
            "\0",
            "="
        };
        for (int round = 0; round < 50_000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                line.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(Pop3Command.parse(line.toString())).isNotNull();
            } catch (Refusal e) {
                assertThat(e.reply()).matches("-ERR [ -~]+");
            }
        }
    }
}
