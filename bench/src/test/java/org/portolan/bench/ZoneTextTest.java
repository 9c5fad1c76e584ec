package org.portolan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZoneTextTest {
    private static final ZoneText ZONE = new ZoneText("small.example", 10_000);

    @TempDir private Path folder;

    @Test
    void itHasAsManyRecordsAsItSaysAndNoneTwice() throws IOException {
        Path file = folder.resolve("zone");
        ZONE.write(file, 7);
        List<String> records =
                Files.readAllLines(file).stream().filter(line -> !line.startsWith("$")).toList();
        assertThat(records).hasSize(10_000).doesNotHaveDuplicates();
        assertThat(records.getFirst()).startsWith("@ IN SOA").contains(" 7 ");
    }

    @Test
    void everyQuestionHasItsAnswerAndSoManyHaveNone() throws IOException {
        Path file = folder.resolve("zone");
        ZONE.write(file, 7);
        Set<String> owners =
                Files.readAllLines(file).stream()
                        .map(line -> line.split(" ", -1)[0])
                        .collect(Collectors.toCollection(HashSet::new));
        assertThat(namesThatAreMissing(0, owners)).isZero();
        assertThat(namesThatAreMissing(50, owners)).isBetween(450L, 550L);
    }

    /** Of a thousand questions; a name below a delegated one is somebody else's. */
    private long namesThatAreMissing(int share, Set<String> owners) throws IOException {
        Path file = folder.resolve("questions");
        ZONE.writeQuestions(file, 1000, share);
        return Files.readAllLines(file).stream()
                .map(line -> line.split(" ", -1)[0].replace(".small.example", ""))
                .filter(name -> !owners.contains(name))
                .filter(name -> !owners.contains("ns1." + name.replaceFirst("^www\\.", "")))
                .count();
    }

    @Test
    void theSameQuestionsEveryTime() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        ZONE.writeQuestions(one, 1000, 50);
        ZONE.writeQuestions(two, 1000, 50);
        assertThat(one).hasSameTextualContentAs(two);
    }
}
