package org.portolan.testkit;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.portolan.testkit.Template.Part.AnyBytes;
import org.portolan.testkit.Template.Part.AnyRun;
import org.portolan.testkit.Template.Part.Capture;
import org.portolan.testkit.Template.Part.CaptureBytes;
import org.portolan.testkit.Template.Part.Digits;
import org.portolan.testkit.Template.Part.Encoded;
import org.portolan.testkit.Template.Part.Literal;
import org.portolan.testkit.Template.Part.Repeat;
import org.portolan.testkit.Template.Part.Reuse;

/**
 * What a line says or must look like: literal bytes with placeholders between them.
 *
 * <p>Bytes are Strings of ISO-8859-1. Nothing is written out before it is used, so that a
 * transcript of huge lines costs nothing to parse.
 */
record Template(List<Part> parts) {
    /** The most that one line may amount to; what is larger belongs in a test of its own. */
    static final long LARGEST = 64L << 20;

    sealed interface Part {
        record Literal(String bytes) implements Part {}

        /** {@code {any}} in text, {@code {any…}} in hex: any run, also an empty one. */
        record AnyRun() implements Part {}

        /** {@code {number}}: one or more digits. */
        record Digits() implements Part {}

        /** {@code {any}} or {@code {any:4}} in hex: that many bytes of any value. */
        record AnyBytes(int count) implements Part {}

        /** {@code {=name}}: the shortest run, not empty, that lets the line match. */
        record Capture(String name) implements Part {}

        /** {@code {=name:4}} in hex: that many bytes. */
        record CaptureBytes(String name, int count) implements Part {}

        /** {@code {name}}: what was captured. */
        record Reuse(String name) implements Part {}

        /** {@code {repeat:text:5000}}. */
        record Repeat(Template what, int count) implements Part {}

        /** {@code {base64:text}}. */
        record Encoded(Template what) implements Part {}
    }

    Template {
        parts = List.copyOf(parts);
    }

    /** The same, and then a CRLF. */
    Template line() {
        return followedBy(new Literal("\r\n"));
    }

    /** The same, and then {@code part}. */
    Template followedBy(Part part) {
        List<Part> longer = new ArrayList<>(parts);
        longer.add(part);
        return new Template(longer);
    }

    /** The bytes to send. */
    String bytes(Map<String, String> captured) {
        StringBuilder bytes = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Literal(String literal) -> bytes.append(literal);
                case Reuse(String name) -> bytes.append(captured.getOrDefault(name, ""));
                case Repeat(Template what, int count) ->
                        bytes.append(what.bytes(captured).repeat(count));
                case Encoded(Template what) -> bytes.append(base64(what.bytes(captured)));
                case AnyRun(), Digits(), AnyBytes _, Capture _, CaptureBytes _ ->
                        throw new IllegalStateException("a pattern has no bytes: " + part);
            }
        }
        return bytes.toString();
    }

    /** What the server's bytes must match; captures are named groups. */
    Pattern pattern(Map<String, String> captured) {
        // Java prepares to search for a literal that comes first, in the square of its length
        StringBuilder regex = new StringBuilder("\\A");
        for (Part part : parts) {
            switch (part) {
                case Literal _, Reuse _, Repeat _, Encoded _ ->
                        regex.append(Pattern.quote(new Template(List.of(part)).bytes(captured)));
                case AnyRun() -> regex.append(".*?");
                case Digits() -> regex.append("[0-9]+");
                case AnyBytes(int count) -> regex.append(".{").append(count).append('}');
                case Capture(String name) -> regex.append("(?<").append(name).append(">.+?)");
                case CaptureBytes(String name, int count) ->
                        regex.append("(?<").append(name).append(">.{").append(count).append("})");
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** The fewest bytes that can match. */
    int shortest(Map<String, String> captured) {
        int bytes = 0;
        for (Part part : parts) {
            bytes +=
                    switch (part) {
                        case AnyRun() -> 0;
                        case Digits(), Capture _ -> 1;
                        case AnyBytes(int count) -> count;
                        case CaptureBytes(_, int count) -> count;
                        case Literal _, Reuse _, Repeat _, Encoded _ ->
                                new Template(List.of(part)).bytes(captured).length();
                    };
        }
        return bytes;
    }

    /** How many bytes the literal parts amount to, without writing them out. */
    long size() {
        long size = 0;
        for (Part part : parts) {
            size +=
                    switch (part) {
                        case Literal(String literal) -> literal.length();
                        case Repeat(Template what, int count) -> what.size() * count;
                        case Encoded(Template what) -> (what.size() + 2) / 3 * 4;
                        case AnyBytes(int count) -> count;
                        case CaptureBytes(_, int count) -> count;
                        case AnyRun(), Digits(), Capture _, Reuse _ -> 0;
                    };
        }
        return size;
    }

    /** The names that this captures. */
    Set<String> captures() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Capture(String name)) {
                names.add(name);
            } else if (part instanceof CaptureBytes(String name, _)) {
                names.add(name);
            }
        }
        return names;
    }

    /** The names that must have been captured before. */
    Set<String> uses() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            switch (part) {
                case Reuse(String name) -> names.add(name);
                case Repeat(Template what, _) -> names.addAll(what.uses());
                case Encoded(Template what) -> names.addAll(what.uses());
                case Literal _, AnyRun(), Digits(), AnyBytes _, Capture _, CaptureBytes _ -> {}
            }
        }
        return names;
    }

    /** True if these are bytes to send: nothing in it is left open. */
    boolean definite() {
        return parts.stream()
                .allMatch(
                        part ->
                                switch (part) {
                                    case Literal _, Reuse _ -> true;
                                    case Repeat(Template what, _) -> what.definite();
                                    case Encoded(Template what) -> what.definite();
                                    case AnyRun(),
                                            Digits(),
                                            AnyBytes _,
                                            Capture _,
                                            CaptureBytes _ ->
                                            false;
                                });
    }

    private static String base64(String bytes) {
        return Base64.getEncoder().encodeToString(Spelling.raw(bytes));
    }
}
