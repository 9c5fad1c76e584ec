package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.kernel.Section.Setting;

/** Settings are read key by key, and everything that is wrong is said at once. */
class SectionTest {
    private static Section section(Map<String, Object> given) {
        return new Section("smtp", given, key -> "line " + key.length());
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        Section section = Section.empty("smtp");
        assertThat(section.text("name", "x", "A name.")).isEqualTo("x");
        assertThat(section.flag("enabled", true, "Whether.")).isTrue();
        assertThat(section.number("count", 7, 0, 10, "How many.")).isEqualTo(7);
        assertThat(section.size("message_size", "35 MB", "How large.").bytes()).isEqualTo(35000000);
        assertThat(section.duration("idle", "5 min", "How long.")).isEqualTo(Duration.ofMinutes(5));
        assertThat(section.list("from", List.of("a", "b"), "Who.", String::toUpperCase))
                .containsExactly("A", "B");
        assertThat(section.problems()).isEmpty();
        assertThat(section.settings())
                .contains(
                        new Setting("name", "\"x\"", "A name."),
                        new Setting("enabled", "true", "Whether."),
                        new Setting("count", "7", "How many."),
                        new Setting("message_size", "\"35 MB\"", "How large."),
                        new Setting("idle", "\"5 min\"", "How long."),
                        new Setting("from", "[\"a\", \"b\"]", "Who."));
    }

    @Test
    void whatIsGivenCounts() {
        Section section =
                section(
                        Map.of(
                                "name",
                                "y",
                                "enabled",
                                false,
                                "count",
                                10L,
                                "message_size",
                                "1 kB",
                                "idle",
                                "1 h",
                                "from",
                                List.of("c")));
        assertThat(section.text("name", "x", "")).isEqualTo("y");
        assertThat(section.flag("enabled", true, "")).isFalse();
        assertThat(section.number("count", 7, 0, 10, "")).isEqualTo(10);
        assertThat(section.size("message_size", "35 MB", "").bytes()).isEqualTo(1000);
        assertThat(section.duration("idle", "5 min", "")).isEqualTo(Duration.ofHours(1));
        assertThat(section.list("from", List.of(), "", s -> s)).containsExactly("c");
        assertThat(section.problems()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        Section section =
                section(
                        Map.of(
                                "name", 5L,
                                "enabled", "yes",
                                "count", 11L,
                                "message_size", "35",
                                "idle", "soon",
                                "from", "one",
                                "mesage_size", "35 MB",
                                "unheard_of", true));
        section.text("name", "x", "");
        section.flag("enabled", true, "");
        assertThat(section.number("count", 7, 0, 10, "")).isEqualTo(7);
        section.size("message_size", "35 MB", "");
        section.duration("idle", "5 min", "");
        section.list("from", List.of("a"), "", s -> s);
        assertThat(section.problems())
                .containsExactly(
                        "smtp.name (line 4): written like \"x\", please",
                        "smtp.enabled (line 7): written like true, please",
                        "smtp.count (line 5): a number from 0 to 10 is wanted, not 11",
                        "smtp.message_size (line 12): a size is written like \"35 MB\" or"
                                + " \"512 kB\", not \"35\"",
                        "smtp.idle (line 4): a duration is written like \"5 min\" or \"30 s\","
                                + " not \"soon\"",
                        "smtp.from (line 4): written like [\"a\"], please",
                        "smtp.mesage_size (line 11): there is no such setting; did you mean"
                                + " message_size?",
                        "smtp.unheard_of (line 10): there is no such setting");
    }

    @Test
    void aWrongEntryOfAListIsSaid() {
        Section section = section(Map.of("from", List.of("ok", "bad")));
        List<String> read =
                section.list(
                        "from",
                        List.of(),
                        "",
                        text -> {
                            if (text.equals("bad")) {
                                throw new IllegalArgumentException("bad is not good");
                            }
                            return text;
                        });
        assertThat(read).isEmpty();
        assertThat(section.problems()).containsExactly("smtp.from (line 4): bad is not good");
    }

    @Test
    void theTopHasNoNameOfItsOwn() {
        Section top = new Section("", Map.of("nmae", "x"), key -> "");
        top.text("name", "", "");
        assertThat(top.problems())
                .containsExactly("nmae: there is no such setting; did you mean name?");
    }

    @ParameterizedTest
    @CsvSource({
        "10 ms, PT0.01S",
        "30 s, PT30S",
        "30s, PT30S",
        "5 min, PT5M",
        "2 h, PT2H",
        "2 H, PT2H",
        "7 d, PT168H",
        "36500 d, PT876000H",
    })
    void durationsAreRead(String text, Duration meant) {
        Section section = section(Map.of("idle", text));
        assertThat(section.duration("idle", "1 s", "")).isEqualTo(meant);
        assertThat(section.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 m", "-5 s", "5 weeks", "1.5 h", "36501 d", "999999999 d"})
    void whatIsNoDurationIsRefused(String text) {
        Section section = section(Map.of("idle", text));
        assertThat(section.duration("idle", "1 s", "")).isEqualTo(Duration.ofSeconds(1));
        assertThat(section.problems()).hasSize(1);
    }

    @Test
    void numbersAndSizesBeyondCountingAreRefused() {
        Section section =
                section(Map.of("count", Long.MAX_VALUE, "message_size", "999999999999999 TB"));
        section.number("count", 1, 0, Integer.MAX_VALUE, "");
        section.size("message_size", "1 MB", "");
        assertThat(section.problems()).hasSize(2);
    }

    @Test
    void quotesInDefaultsAreWrittenAsTheFileWantsThem() {
        Section section = Section.empty("x");
        section.text("greeting", "say \"hi\" \\ bye", "");
        assertThat(section.settings().getFirst().standard())
                .isEqualTo("\"say \\\"hi\\\" \\\\ bye\"");
    }
}
