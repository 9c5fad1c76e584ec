package org.portolan.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.shell.sftp.ScpSession;
import org.portolan.wire.Refusal;

class CommandLineFuzzTest {
    static Stream<String> seeds() {
        return Stream.of("account add 'a b'", "a\\ b \"c\\\"d\"", "scp -rp -t -- -x", "'", "\\");
    }

    /** There are never more characters in the words than in the line. */
    @MethodSource("seeds")
    @FuzzTest
    void anyLineIsWordsOrRefused(@NotNull String line) {
        try {
            List<String> words = CommandLine.words(line);
            assertThat(words.stream().mapToInt(String::length).sum())
                    .isLessThanOrEqualTo(line.length());
            ScpSession.Wanted.of(words);
        } catch (Refusal expected) {
            // The one answer to a quote that is not closed, or too many words.
        }
    }
}
