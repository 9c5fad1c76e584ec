package org.portolan.mail.spf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with macros (RFC 7208 §7), whose form has been checked. */
public final class SpfMacros {
    /** An expansion stops at so many characters: a record of macros would make a megabyte. */
    private static final int LONGEST = 4_096;

    private static final int LONGEST_NAME = 253;

    /** A name with macros in it; what is longer is nobody's, and slow to look through. */
    private static final int LONGEST_DOMAIN = 1_000;

    private static final Pattern MACRO =
            Pattern.compile("%\\{([A-Za-z])([0-9]{0,9})([rR]?)([.+,/_=-]*)\\}");

    /** domain-end = ( "." toplabel [ "." ] ) / macro-expand   RFC 7208 §7.1 */
    private static final Pattern ENDS_LIKE_A_DOMAIN =
            Pattern.compile(
                    "(?s).*(\\.([0-9A-Za-z]*[A-Za-z][0-9A-Za-z]*"
                            + "|[0-9A-Za-z]+-[0-9A-Za-z-]*[0-9A-Za-z])\\.?|%\\{[^}]*\\}|%%|%_|%-)");

    private final String text;

    private SpfMacros(String text) {
        this.text = text;
    }

    /** A domain, of which only those macros are allowed that do not depend on the moment. */
    static SpfMacros domain(String text) throws SpfRecord.Malformed {
        if (text.length() > LONGEST_DOMAIN) {
            throw new SpfRecord.Malformed("too long: " + SpfRecord.shown(text));
        }
        check(text, "slodiphv", true);
        if (!ENDS_LIKE_A_DOMAIN.matcher(text).matches()) {
            throw new SpfRecord.Malformed("not a domain: " + SpfRecord.shown(text));
        }
        return new SpfMacros(text);
    }

    /** What is behind the sign of a modifier that nobody knows. */
    static SpfMacros checked(String text) throws SpfRecord.Malformed {
        check(text, "slodiphvcrt", true);
        return new SpfMacros(text);
    }

    /** An explanation, which may have blanks. */
    public static SpfMacros explanation(String text) throws SpfRecord.Malformed {
        check(text, "slodiphvcrt", false);
        return new SpfMacros(text);
    }

    private static void check(String text, String letters, boolean visible)
            throws SpfRecord.Malformed {
        Matcher macro = MACRO.matcher(text);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c > 0x7e || c < 0x20 || (visible && c == ' ')) {
                throw new SpfRecord.Malformed("not printable: " + SpfRecord.shown(text));
            }
            if (c != '%') {
                i++;
                continue;
            }
            if (i + 1 < text.length() && "%_-".indexOf(text.charAt(i + 1)) >= 0) {
                i += 2;
                continue;
            }
            boolean whole = macro.find(i) && macro.start() == i;
            if (!whole
                    || letters.indexOf(Character.toLowerCase(macro.group(1).charAt(0))) < 0
                    || macro.group(2).matches("0+")) {
                throw new SpfRecord.Malformed("not a macro: " + SpfRecord.shown(text));
            }
            i = macro.end();
        }
    }

    /** Whether it asks for the name of the client, which costs look-ups. */
    boolean asksForTheClientsName() {
        return text.contains("%{p") || text.contains("%{P");
    }

    /** The text with what {@code value} says of each (small) letter. */
    String expand(Function<Character, String> value) {
        StringBuilder expanded = new StringBuilder();
        Matcher macro = MACRO.matcher(text);
        int i = 0;
        while (i < text.length() && expanded.length() < LONGEST) {
            char c = text.charAt(i);
            if (c != '%') {
                expanded.append(c);
                i++;
            } else if (text.charAt(i + 1) == '{') {
                macro.find(i);
                expanded.append(macro(macro, value));
                i = macro.end();
            } else {
                char escaped = text.charAt(i + 1);
                expanded.append(escaped == '%' ? "%" : escaped == '_' ? " " : "%20");
                i += 2;
            }
        }
        return expanded.toString();
    }

    /** The same as a name that can be asked for (RFC 7208 §7.3): labels in front are left out. */
    String expandName(Function<Character, String> value) {
        String name = expand(value).replaceFirst("\\.$", "");
        while (name.length() > LONGEST_NAME && name.indexOf('.') >= 0) {
            name = name.substring(name.indexOf('.') + 1);
        }
        return name;
    }

    private static String macro(Matcher macro, Function<Character, String> values) {
        char letter = macro.group(1).charAt(0);
        String value = values.apply(Character.toLowerCase(letter));
        String delimiters = macro.group(4).isEmpty() ? "." : macro.group(4);
        boolean transformed = !(macro.group(2) + macro.group(3) + macro.group(4)).isEmpty();
        if (transformed) {
            List<String> parts = split(value, delimiters);
            if (!macro.group(3).isEmpty()) {
                Collections.reverse(parts);
            }
            int wanted = macro.group(2).isEmpty() ? 128 : Integer.parseInt(macro.group(2));
            int from = Math.max(0, parts.size() - wanted);
            value = String.join(".", parts.subList(from, parts.size()));
        }
        return Character.isUpperCase(letter) ? escaped(value) : value;
    }

    private static List<String> split(String value, String delimiters) {
        String any = "[" + delimiters.replaceAll("(.)", "\\\\$1") + "]";
        return new ArrayList<>(Arrays.asList(value.split(any, -1)));
    }

    /** RFC 7208 §7.3: all that is not unreserved in a URI is escaped. */
    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : value.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            escaped.append(plain ? "" + c : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text.toLowerCase(Locale.ROOT);
    }
}
