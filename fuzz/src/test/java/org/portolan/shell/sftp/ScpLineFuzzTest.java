package org.portolan.shell.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.wire.Refusal;

class ScpLineFuzzTest {
    static Stream<String> seeds() {
        return Stream.of(
                "C0644 12345 name",
                "D0755 0 a folder",
                "E",
                "T1 0 2 0",
                "\u0001scp: no",
                "C0644 1 ..");
    }

    /** No name leads anywhere but into the folder. */
    @MethodSource("seeds")
    @FuzzTest
    void anyLineIsOneOrRefused(@NotNull String line) {
        try {
            String name =
                    switch (ScpLine.parse(line)) {
                        case ScpLine.File file -> file.name();
                        case ScpLine.Folder folder -> folder.name();
                        case ScpLine.End _, ScpLine.Times _, ScpLine.Trouble _ -> "-";
                    };
            assertThat(name).isNotEmpty().isNotIn(".", "..").doesNotContain("/");
        } catch (Refusal expected) {
            // The one answer to a line that is none.
        }
    }
}
