package org.portolan.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.testkit.Seeds;
import org.portolan.testkit.Transcript;
import org.portolan.testkit.TranscriptProblem;

class TranscriptFuzzTest {
    static Stream<String> seeds() {
        return Seeds.texts(TranscriptFuzzTest.class, "transcripts");
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyTextIsADialogueOrAProblem(@NotNull String text) {
        try {
            Transcript.parse("fuzz.txt", text);
        } catch (TranscriptProblem expected) {
            // The one answer to a text that is no dialogue.
        }
    }
}
