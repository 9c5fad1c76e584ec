package org.portolan.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One section of the settings, read key by key.
 *
 * <p>Whoever reads a setting says its default and its sentence in the same line, so that the sample
 * file, the manual and the check for unknown keys all come from the one place where the setting is
 * used. Problems are collected, not thrown: the administrator sees all of them at once.
 */
public final class Section {
    /**
     * A setting as the sample file shows it.
     *
     * @param key its name in the file
     * @param standard its default, in the file's own notation
     * @param sentence what it does
     */
    public record Setting(String key, String standard, String sentence) {}

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|min|h|d)");

    /** A century: what is longer could not be told in nanoseconds, as deadlines are. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String name;
    private final Map<String, Object> given;
    private final Function<String, String> position;
    private final List<Setting> settings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param name the section's name in the file; empty for the top
     * @param given what the file says: strings, longs, booleans and lists of strings
     * @param position where a key stands in the file, for messages: {@code line 7}
     */
    public Section(String name, Map<String, Object> given, Function<String, String> position) {
        this.name = name;
        this.given = new HashMap<>(given);
        this.position = position;
    }

    /** A section of which the file says nothing: all defaults. */
    public static Section empty(String name) {
        return new Section(name, Map.of(), key -> "");
    }

    public String name() {
        return name;
    }

    public String text(String key, String standard, String sentence) {
        return read(key, standard, quoted(standard), sentence, String.class, text -> text);
    }

    public boolean flag(String key, boolean standard, String sentence) {
        return read(key, standard, String.valueOf(standard), sentence, Boolean.class, flag -> flag);
    }

    /** A whole number from {@code least} to {@code most}. */
    public int number(String key, int standard, int least, int most, String sentence) {
        return read(
                key,
                standard,
                String.valueOf(standard),
                sentence,
                Long.class,
                value -> {
                    if (value < least || value > most) {
                        throw new IllegalArgumentException(
                                "a number from %d to %d is wanted, not %d"
                                        .formatted(least, most, value));
                    }
                    return Math.toIntExact(value);
                });
    }

    public Size size(String key, String standard, String sentence) {
        return read(key, Size.of(standard), quoted(standard), sentence, String.class, Size::of);
    }

    /** A duration such as {@code 5 min}; units are ms, s, min, h and d. */
    public Duration duration(String key, String standard, String sentence) {
        return read(
                key,
                durationOf(standard),
                quoted(standard),
                sentence,
                String.class,
                Section::durationOf);
    }

    /** A list of texts; {@code check} throws {@link IllegalArgumentException} for a wrong one. */
    public <T> List<T> list(
            String key, List<String> standard, String sentence, Function<String, T> check) {
        String shown = standard.stream().map(Section::quoted).toList().toString();
        return read(
                key,
                standard.stream().map(check).toList(),
                shown,
                sentence,
                List.class,
                values -> {
                    List<T> checked = new ArrayList<>();
                    for (Object value : values) {
                        checked.add(check.apply(String.valueOf(value)));
                    }
                    return List.copyOf(checked);
                });
    }

    private <G, T> T read(
            String key,
            T standard,
            String shown,
            String sentence,
            Class<G> form,
            Function<G, T> meaning) {
        if (settings.stream().anyMatch(setting -> setting.key().equals(key))) {
            throw new IllegalStateException(path(key) + " is read twice"); // and has one sentence
        }
        settings.add(new Setting(key, shown, sentence));
        @Nullable Object value = given.remove(key);
        values.put(key, value == null ? shown : written(value));
        if (value == null) {
            return standard;
        }
        try {
            if (!form.isInstance(value)) {
                String example = shown.equals("[]") ? "[\"…\", \"…\"]" : shown;
                throw new IllegalArgumentException("written like " + example + ", please");
            }
            return meaning.apply(form.cast(value));
        } catch (IllegalArgumentException | ArithmeticException e) {
            problem(key, String.valueOf(e.getMessage()));
            return standard;
        }
    }

    /** Says that the value of {@code key} cannot be used. */
    public void problem(String key, String words) {
        problems.add("%s%s: %s".formatted(path(key), at(key), words));
    }

    private String at(String key) {
        String where = position.apply(key);
        return where.isEmpty() ? "" : " (" + where + ")";
    }

    private String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    /** Everything that was asked for, in that order. */
    public List<Setting> settings() {
        return List.copyOf(settings);
    }

    /** What was wrong, and every key that nobody asked for with the nearest one that exists. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        for (String unknown : given.keySet().stream().sorted().toList()) {
            String nearest = Nearest.of(unknown, settings.stream().map(Setting::key).toList());
            all.add(
                    "%s%s: there is no such setting%s"
                            .formatted(
                                    path(unknown),
                                    at(unknown),
                                    nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"));
        }
        return all;
    }

    /** What counts for each key that was asked for, as the file writes it, defaults too. */
    public Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }

    private static String written(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case List<?> list -> list.stream().map(Section::written).toList().toString();
            default -> String.valueOf(value);
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * Reads {@code 5 min} or {@code 5min}.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    public static Duration durationOf(String text) {
        Matcher form = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a duration is written like \"5 min\" or \"30 s\", not \"" + text + "\"");
        }
        long count = Long.parseLong(form.group(1));
        Duration duration =
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "min" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the longest duration is \"36500 d\"");
        }
        return duration;
    }
}
