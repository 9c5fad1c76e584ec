package org.portolan.mail.pop3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;
import org.portolan.wire.Refusal;

class Pop3CommandFuzzTest {
    static Stream<byte[]> seeds() {
        return Seeds.lines(Pop3Command.class, "");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyLineIsACommandOrARefusal(byte[] line) throws Refusal {
        Pop3Command command;
        try {
            command = Pop3Command.parse(new String(line, ISO_8859_1));
        } catch (Refusal refusal) {
            // RFC 1939 §3, RFC 2449 §8: a status and visible text, whatever the client sent.
            assertThat(refusal.reply()).matches("-ERR [ -~]+");
            return;
        }
        // What was understood can be said again, and means the same.
        assertThat(Pop3Command.parse(written(command))).isEqualTo(command);
    }

    private static String written(Pop3Command command) {
        return switch (command) {
            case Pop3Command.User(String name) -> "USER " + name;
            case Pop3Command.Pass(String password) -> "PASS " + password;
            case Pop3Command.Auth auth ->
                    "AUTH"
                            + auth.mechanism().map(m -> " " + m).orElse("")
                            + auth.initial().map(i -> " " + i).orElse("");
            case Pop3Command.Capabilities() -> "CAPA";
            case Pop3Command.StartTls() -> "STLS";
            case Pop3Command.Stat() -> "STAT";
            case Pop3Command.ListSizes(OptionalInt message) -> "LIST" + argument(message);
            case Pop3Command.ListNames(OptionalInt message) -> "UIDL" + argument(message);
            case Pop3Command.Retrieve(int message) -> "RETR " + message;
            case Pop3Command.Top(int message, int lines) -> "TOP " + message + " " + lines;
            case Pop3Command.Delete(int message) -> "DELE " + message;
            case Pop3Command.Reset() -> "RSET";
            case Pop3Command.Noop() -> "NOOP";
            case Pop3Command.Quit() -> "QUIT";
        };
    }

    private static String argument(OptionalInt message) {
        return message.isPresent() ? " " + message.getAsInt() : "";
    }
}
