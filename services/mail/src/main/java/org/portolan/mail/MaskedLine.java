package org.portolan.mail;

import java.util.Set;
import org.portolan.auth.Mechanism;
import org.portolan.wire.Ascii;

/**
 * A command line as a trace may show it. What is not known to be harmless is not shown at all: a
 * password may stand in a misspelled command, or alone, where a log-in was refused that the client
 * went on with.
 */
public final class MaskedLine {
    private static final String MASK = "***";

    private MaskedLine() {}

    /**
     * {@code line}, or as much of it as may be seen.
     *
     * @param harmless the commands, in capitals, that take no secret
     */
    public static String of(String line, Set<String> harmless) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String verb = Ascii.upper(word);
        if (line.isEmpty() || harmless.contains(verb)) {
            return line;
        }
        return switch (verb) {
            case "AUTH" -> auth(word, line.substring(word.length()));
            case "PASS" -> word + " " + MASK;
            default -> MASK;
        };
    }

    /** The mechanism is shown, if it is one; what it is followed by is not. */
    private static String auth(String word, String rest) {
        String argument = Ascii.trim(rest);
        if (argument.isEmpty()) {
            return word;
        }
        int space = argument.indexOf(' ');
        String name = space < 0 ? argument : argument.substring(0, space);
        if (Mechanism.named(name).isEmpty()) {
            return word + " " + MASK;
        }
        return word + " " + name + (space < 0 ? "" : " " + MASK);
    }
}
