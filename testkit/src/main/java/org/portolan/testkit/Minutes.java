package org.portolan.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** What was said and captured while a transcript was played, and what a failure shows of it. */
final class Minutes {
    private final String file;
    private final Pace pace;
    private final Map<String, String> captured = new HashMap<>();
    private final List<String> spoken = new ArrayList<>();

    Minutes(String file, Pace pace) {
        this.file = file;
        this.pace = pace;
    }

    /** What was kept, by its names. */
    Map<String, String> captured() {
        return captured;
    }

    /** Keeps what {@code matcher}, of a pattern that matched, has captured. */
    void remember(Template pattern, Matcher matcher) {
        for (String name : pattern.captures()) {
            captured.put(name, String.valueOf(matcher.group(name)));
        }
    }

    /** Notes an action. */
    void did(Step step) {
        spoken.add(step.at().text());
    }

    /** Notes what a client sends. */
    void said(Step.Send step, String bytes) {
        String mark = step.client() == 1 ? "C" : "C" + step.client();
        if (step.hex()) {
            spoken.add(mark + "< " + Spelling.hex(bytes));
        } else if (bytes.endsWith("\r\n")) {
            String line = bytes.substring(0, bytes.length() - 2);
            spoken.add(mark + ": " + Spelling.shown(line));
        } else {
            spoken.add(mark + "- " + Spelling.shown(bytes));
        }
    }

    /** Notes a line of the server. */
    void heardLine(Step step, String line) {
        spoken.add(line(step, line));
    }

    /** Notes bytes of the server. */
    void heardBytes(Step step, String bytes) {
        spoken.add(bytes(step, bytes));
    }

    /** A line that the server said to a step's client, in the transcript's language. */
    static String line(Step step, String line) {
        return server(step) + ": " + Spelling.shown(line);
    }

    /** Bytes that the server said to a step's client, in the transcript's language. */
    static String bytes(Step step, String bytes) {
        return server(step) + "> " + Spelling.hex(bytes);
    }

    private static String server(Step step) {
        return step.client() == 1 ? "S" : "S" + step.client();
    }

    Mismatch mismatch(Step step, String received, @Nullable Throwable cause) {
        StringBuilder message = new StringBuilder();
        message.append(file).append(':').append(step.at().line());
        message.append(" at the pace ").append(pace.title());
        message.append("\n  expected  ").append(step.at().text());
        for (String name : uses(step)) {
            message.append("\n  where     {").append(name).append("} is ");
            message.append(Spelling.shown(captured.getOrDefault(name, "")));
        }
        message.append("\n  received  ").append(received);
        message.append("\nThe dialogue so far:");
        spoken.forEach(line -> message.append("\n  ").append(line));
        return new Mismatch(message.toString(), cause);
    }

    private static Set<String> uses(Step step) {
        return switch (step) {
            case Step.Line line -> line.pattern().uses();
            case Step.Bytes bytes -> bytes.pattern().uses();
            default -> Set.of();
        };
    }
}
