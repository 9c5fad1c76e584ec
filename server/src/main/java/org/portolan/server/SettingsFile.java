package org.portolan.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.portolan.kernel.Nearest;
import org.portolan.kernel.Section;
import org.portolan.kernel.Section.Setting;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * {@code portolan.toml}, section by section. What a section may hold is said where it is read, so
 * whoever wants to know all settings, or all problems, lets everything be read.
 */
final class SettingsFile {
    private static final String TOP = "";

    /** Settings that are nobody's business but the file's. */
    private static final Pattern SECRET = Pattern.compile("password|secret|token");

    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Map<String, TomlTable> unread = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final TomlParseResult toml;

    private SettingsFile(TomlParseResult toml) {
        this.toml = toml;
        toml.errors()
                .forEach(
                        error ->
                                problems.add(
                                        "line %d: %s"
                                                .formatted(
                                                        error.position().line(),
                                                        error.getMessage())));
        for (String key : toml.keySet()) {
            if (toml.get(List.of(key)) instanceof TomlTable table) {
                unread.put(key, table);
            }
        }
    }

    /** Reads {@code file}; what is not there is all defaults. */
    static SettingsFile read(Path file) throws IOException {
        return new SettingsFile(Toml.parse(Files.exists(file) ? Files.readString(file) : ""));
    }

    static SettingsFile empty() {
        return new SettingsFile(Toml.parse(""));
    }

    /** The settings before the first {@code [section]}. */
    Section top() {
        Map<String, Object> values = values(toml);
        values.values().removeIf(TomlTable.class::isInstance);
        return section(TOP, values);
    }

    /** The settings of {@code [name]}. */
    Section section(String name) {
        TomlTable table = unread.remove(name);
        return section(name, table == null ? Map.of() : values(table));
    }

    private Section section(String name, Map<String, Object> values) {
        return sections.computeIfAbsent(name, n -> new Section(n, values, key -> position(n, key)));
    }

    private String position(String section, String key) {
        List<String> path = section.isEmpty() ? List.of(key) : List.of(section, key);
        TomlPosition position = toml.inputPositionOf(path);
        return position == null ? "" : "line " + position.line();
    }

    private static Map<String, Object> values(TomlTable table) {
        Map<String, Object> values = new HashMap<>();
        for (String key : table.keySet()) {
            Object value = table.get(List.of(key));
            if (value != null) {
                values.put(key, value instanceof TomlArray array ? array.toList() : value);
            }
        }
        return values;
    }

    /** Everything wrong with what was read, and every section that nobody asked for. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        sections.values().forEach(section -> all.addAll(section.problems()));
        for (String name : unread.keySet().stream().sorted().toList()) {
            String nearest = Nearest.of(name, sections.keySet());
            all.add(
                    "[%s]: there is no such section%s"
                            .formatted(
                                    name,
                                    nearest.isEmpty() ? "" : "; did you mean [" + nearest + "]?"));
        }
        return all;
    }

    /** What counts for every setting that was read: {@code smtp.message_size} to its value. */
    Map<String, String> values() {
        Map<String, String> all = new LinkedHashMap<>();
        sections.forEach(
                (name, section) ->
                        section.values()
                                .forEach(
                                        (key, value) -> {
                                            String path = name.isEmpty() ? key : name + "." + key;
                                            boolean secret = SECRET.matcher(key).find();
                                            all.put(path, secret ? "***" : value);
                                        }));
        return all;
    }

    /** A file with every setting, its sentence and its default. */
    static String sample() {
        SettingsFile settings = empty();
        Configuration.of(settings);
        StringBuilder text = new StringBuilder();
        settings.sections.forEach(
                (name, section) -> {
                    if (!name.isEmpty()) {
                        text.append("\n[").append(name).append("]\n");
                    }
                    for (Setting setting : section.settings()) {
                        appendSetting(text, setting);
                    }
                });
        return text.toString();
    }

    private static void appendSetting(StringBuilder text, Setting setting) {
        boolean first = text.isEmpty(); // the first line is the site's name, not a comment
        String line = setting.key() + " = " + setting.standard() + "\n";
        if (first) {
            text.append(line);
        }
        text.append("# ").append(setting.sentence()).append('\n');
        if (!first) {
            text.append("# ").append(line);
        }
    }
}
