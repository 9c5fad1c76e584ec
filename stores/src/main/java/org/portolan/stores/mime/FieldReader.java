package org.portolan.stores.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the value of a structured field (RFC 5322 §3.2, RFC 2045 §5.1) from left to right. */
final class FieldReader {
    private static final int MOST_PARAMETERS = 200;
    private static final int MOST_NESTED_COMMENTS = 100;

    private final String text;
    private int at;

    FieldReader(String text) {
        this.text = text;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Moves past blanks and comments; returns the last comment's text, if there was one. */
    @Nullable String blanks() {
        @Nullable String comment = null;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '(') {
                comment = comment();
            } else if (blank(next)) {
                at++;
            } else {
                break;
            }
        }
        return comment;
    }

    static boolean blank(char next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }

    /** A comment, which may hold others (RFC 5322 §3.2.2); without an end, it goes to it. */
    private String comment() {
        StringBuilder inside = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '\\' && at < text.length()) {
                inside.append(text.charAt(at++));
                continue;
            }
            depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
            if (depth > 1 || next != '(') {
                inside.append(next);
            }
            depth = Math.min(depth, MOST_NESTED_COMMENTS);
        }
        return inside.toString().strip();
    }

    /** Moves past {@code wanted}, and blanks before it, if it comes next. */
    boolean skip(char wanted) {
        blanks();
        if (peek() == wanted && !atEnd()) {
            at++;
            return true;
        }
        return false;
    }

    /** A token (RFC 2045 §5.1), empty if something else comes next. */
    String token() {
        blanks();
        int from = at;
        while (at < text.length() && tokenCharacter(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean tokenCharacter(char next) {
        return next > ' ' && next != 0x7f && "()<>@,;:\\\"/[]?=".indexOf(next) < 0;
    }

    /** Tokens with commas between them. */
    List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        while (!atEnd() && tokens.size() < MOST_PARAMETERS) {
            String token = token();
            if (!token.isEmpty()) {
                tokens.add(token);
            }
            while (!atEnd() && !skip(',')) {
                at++; // whatever else stands there, the next begins after a comma
            }
        }
        return tokens;
    }

    /** A quoted string whose quote comes next (RFC 5322 §3.2.4); without an end, it goes to it. */
    String quoted() {
        StringBuilder inside = new StringBuilder();
        at++;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '"') {
                break;
            }
            if (next == '\\' && at < text.length()) {
                next = text.charAt(at++);
            }
            inside.append(next);
        }
        return inside.toString();
    }

    // ---- parameters

    /** {@code ; name=value …} to the end, the pieces of one put together (RFC 2231 §3). */
    List<Parameter> parameters() {
        List<Parameter> found = new ArrayList<>();
        while (!atEnd() && found.size() < MOST_PARAMETERS) {
            if (!skip(';')) {
                at++; // whatever it is, the next parameter begins after a semicolon
                continue;
            }
            String name = token();
            if (!name.isEmpty() && skip('=')) {
                blanks();
                found.add(new Parameter(name, peek() == '"' ? quoted() : value()));
            }
        }
        return together(found);
    }

    /** Wider than a token: what programs forget to quote still counts. */
    private String value() {
        int from = at;
        while (at < text.length() && text.charAt(at) != ';' && !blank(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static List<Parameter> together(List<Parameter> found) {
        if (found.stream().noneMatch(parameter -> parameter.name().indexOf('*') > 0)) {
            return found;
        }
        Map<String, NavigableMap<Integer, Parameter>> pieces = new TreeMap<>();
        List<Parameter> whole = new ArrayList<>();
        for (Parameter parameter : found) {
            int star = parameter.name().indexOf('*');
            int place = star > 0 ? place(parameter.name().substring(star + 1)) : -1;
            if (place < 0) {
                whole.add(parameter);
            } else {
                String name = parameter.name().substring(0, star).toLowerCase(Locale.ROOT);
                pieces.computeIfAbsent(name, none -> new TreeMap<>()).put(place, parameter);
            }
        }
        pieces.values().forEach(parts -> whole.add(joined(parts)));
        return whole;
    }

    private static int place(String after) {
        String digits = after.endsWith("*") ? after.substring(0, after.length() - 1) : after;
        boolean number =
                !digits.isEmpty()
                        && digits.length() < 4
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(digits) : -1;
    }

    /** {@code name*} if any piece is encoded: then all of it is (RFC 2231 §4.1). */
    private static Parameter joined(NavigableMap<Integer, Parameter> parts) {
        String first = parts.firstEntry().getValue().name();
        String name = first.substring(0, first.indexOf('*')); // in whatever case it is written
        boolean encoded = parts.values().stream().anyMatch(part -> part.name().endsWith("*"));
        StringBuilder value = new StringBuilder();
        if (encoded && !first.endsWith("*")) {
            value.append("''");
        }
        int expected = parts.firstKey();
        for (Map.Entry<Integer, Parameter> part : parts.entrySet()) {
            if (part.getKey() != expected++) {
                break; // a piece is missing: what follows belongs nowhere
            }
            boolean raw = encoded && !part.getValue().name().endsWith("*");
            value.append(raw ? escaped(part.getValue().value()) : part.getValue().value());
        }
        return new Parameter(encoded ? name + "*" : name, value.toString());
    }

    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            escaped.append(next == '%' ? "%25" : String.valueOf(next));
        }
        return escaped.toString();
    }

    /** The next character, whatever it is. */
    char take() {
        return text.charAt(at++);
    }
}
