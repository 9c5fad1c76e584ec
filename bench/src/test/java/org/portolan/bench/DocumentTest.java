package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
    @Test
    void onlyWhatStandsBetweenTheMarksIsReplaced(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("benchmarks.md");
        String begin = "# Words\n<!-- bench/run idle --write: begin -->\n";
        String end = "<!-- bench/run idle --write: end -->\nMore words\n";
        Files.writeString(file, begin + "old\n" + end);
        new Document(file).replace("idle", "new\n");
        assertThat(file).hasContent(begin + "\nnew\n\n" + end);
        assertThatIOException().isThrownBy(() -> new Document(file).replace("smtp", "new"));
    }
}
