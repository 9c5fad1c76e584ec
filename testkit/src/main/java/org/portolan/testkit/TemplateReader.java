package org.portolan.testkit;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the text of a C: or S: line, or the hex of a C&lt; or S&gt; line, into a template. */
final class TemplateReader {
    /** What is wrong; the caller knows file and line. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String what) {
            super(what);
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
    private static final Set<String> WORDS =
            Set.of("any", "number", "CR", "LF", "repeat", "base64");
    private static final int DEEPEST = 4;
    private static final int LARGEST_COUNT = 100_000_000;

    private final String text;
    private final boolean hex;
    private final int depth;
    private final List<Template.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    private TemplateReader(String text, boolean hex, int depth) {
        this.text = text;
        this.hex = hex;
        this.depth = depth;
    }

    static Template text(String text) throws Unreadable {
        return new TemplateReader(text, false, 0).read();
    }

    static Template hex(String text) throws Unreadable {
        return new TemplateReader(text, true, 0).read();
    }

    /**
     * Whether the brace at this place begins a placeholder. All others are themselves, so that
     * IMAP's literals <code>{310}</code> and JSON need no escape.
     */
    static boolean opens(CharSequence text, int brace) {
        if (brace + 1 >= text.length() || text.charAt(brace) != '{') {
            return false;
        }
        char next = text.charAt(brace + 1);
        boolean byNumber =
                next == '0' && brace + 2 < text.length() && text.charAt(brace + 2) == 'x';
        return letter(next) || next == '=' || byNumber;
    }

    private static boolean letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private Template read() throws Unreadable {
        if (depth > DEEPEST) {
            throw new Unreadable("placeholders are nested deeper than " + DEEPEST);
        }
        while (at < text.length()) {
            if (opens(text, at)) {
                placeholder();
            } else if (hex) {
                hexToken();
            } else {
                literal.append(text.charAt(at++));
            }
        }
        endLiteral();
        Template template = new Template(parts);
        if (template.size() > Template.LARGEST) {
            throw new Unreadable("amounts to more than " + Template.LARGEST + " bytes");
        }
        return template;
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            add(hex ? literal.toString() : Spelling.bytesOf(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Neighbouring literals become one, so that equal bytes are equal templates. */
    private void add(String bytes) {
        if (!parts.isEmpty() && parts.getLast() instanceof Template.Part.Literal(String before)) {
            parts.removeLast();
            parts.add(new Template.Part.Literal(before + bytes));
        } else if (!bytes.isEmpty()) {
            parts.add(new Template.Part.Literal(bytes));
        }
    }

    private void hexToken() throws Unreadable {
        char c = text.charAt(at);
        if (c == ' ' || c == '\t') {
            at++;
        } else if (c == '#') {
            at = text.length();
        } else if (c == '"') {
            int end = text.indexOf('"', at + 1);
            if (end < 0) {
                throw new Unreadable("a closing \" is missing");
            }
            literal.append(Spelling.bytesOf(text.substring(at + 1, end)));
            at = end + 1;
        } else if (at + 1 < text.length()
                && HexFormat.isHexDigit(c)
                && HexFormat.isHexDigit(text.charAt(at + 1))) {
            literal.append((char) HexFormat.fromHexDigits(text, at, at + 2));
            at += 2;
        } else {
            throw new Unreadable("'" + c + "' is no pair of hex digits");
        }
    }

    private void placeholder() throws Unreadable {
        int end = closing();
        String inside = text.substring(at + 1, end);
        at = end + 1;
        endLiteral();
        if (inside.startsWith("=")) {
            capture(inside.substring(1));
        } else if (inside.startsWith("0x")) {
            numbered(inside);
        } else if (inside.startsWith("repeat:")) {
            repeat(inside.substring("repeat:".length()));
        } else if (inside.startsWith("base64:") && !hex) {
            String plain = inside.substring("base64:".length()).replace("\\0", "{0x00}");
            parts.add(new Template.Part.Encoded(constant(plain)));
        } else {
            word(inside);
        }
    }

    private void word(String inside) throws Unreadable {
        switch (inside) {
            case "CR" -> add("\r");
            case "LF" -> add("\n");
            case "any" ->
                    parts.add(hex ? new Template.Part.AnyBytes(1) : new Template.Part.AnyRun());
            case "any…" -> {
                if (!hex) {
                    throw new Unreadable("{any…} is for hex lines; in text it is {any}");
                }
                parts.add(new Template.Part.AnyRun());
            }
            case "number" -> {
                if (hex) {
                    throw new Unreadable("{number} is for text lines");
                }
                parts.add(new Template.Part.Digits());
            }
            default -> {
                if (hex && inside.startsWith("any:")) {
                    parts.add(new Template.Part.AnyBytes(count(inside.substring(4))));
                } else {
                    parts.add(new Template.Part.Reuse(name(inside)));
                }
            }
        }
    }

    private void capture(String inside) throws Unreadable {
        int colon = inside.indexOf(':');
        if (hex) {
            if (colon < 0) {
                throw new Unreadable("{=" + inside + "} lacks its count of bytes: {=name:4}");
            }
            int count = count(inside.substring(colon + 1));
            parts.add(new Template.Part.CaptureBytes(name(inside.substring(0, colon)), count));
        } else {
            parts.add(new Template.Part.Capture(name(inside)));
        }
    }

    private void numbered(String inside) throws Unreadable {
        try {
            byte[] bytes = HexFormat.of().parseHex(inside, 2, inside.length());
            if (bytes.length == 0) {
                throw new Unreadable("{0x} names no byte");
            }
            add(Spelling.ofRaw(bytes));
        } catch (IllegalArgumentException _) {
            throw new Unreadable("{" + inside + "} is no pairs of hex digits");
        }
    }

    private void repeat(String inside) throws Unreadable {
        int colon = inside.lastIndexOf(':');
        if (colon < 0) {
            throw new Unreadable("a repeat is written {repeat:text:count}");
        }
        int count = count(inside.substring(colon + 1));
        parts.add(new Template.Part.Repeat(constant(inside.substring(0, colon)), count));
    }

    private Template constant(String inside) throws Unreadable {
        Template template = new TemplateReader(inside, hex, depth + 1).read();
        if (!template.definite()) {
            throw new Unreadable("what is repeated or encoded must not be left open");
        }
        return template;
    }

    /** The brace that ends the placeholder which begins here; placeholders may nest. */
    private int closing() throws Unreadable {
        int open = 0;
        for (int i = at; i < text.length(); i++) {
            if (opens(text, i)) {
                open++;
            } else if (text.charAt(i) == '}') {
                open--;
                if (open == 0) {
                    return i;
                }
            }
        }
        throw new Unreadable(
                "a closing } is missing; a brace that is meant literally is written {0x7b}");
    }

    private static String name(String inside) throws Unreadable {
        if (!NAME.matcher(inside).matches() || WORDS.contains(inside)) {
            throw new Unreadable(
                    "'"
                            + inside
                            + "' is no name of a capture; a brace that is meant literally is"
                            + " written {0x7b}");
        }
        return inside;
    }

    private static int count(String digits) throws Unreadable {
        try {
            int count = Integer.parseInt(digits);
            if (count < 1 || count > LARGEST_COUNT) {
                throw new Unreadable(digits + " is not between 1 and " + LARGEST_COUNT);
            }
            return count;
        } catch (NumberFormatException _) {
            throw new Unreadable("'" + digits + "' is no count");
        }
    }
}
