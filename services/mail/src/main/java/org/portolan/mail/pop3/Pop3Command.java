package org.portolan.mail.pop3;

import java.util.Optional;
import java.util.OptionalInt;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/** What a client may say (RFC 1939 §5 to §7, RFC 2449, RFC 2595, RFC 5034). */
sealed interface Pop3Command {
    /** USER. */
    record User(String name) implements Pop3Command {}

    /** PASS; the password may have spaces. */
    record Pass(String password) implements Pop3Command {}

    /** AUTH; without a mechanism it asks for the list of them. */
    record Auth(Optional<String> mechanism, Optional<String> initial) implements Pop3Command {}

    /** CAPA. */
    record Capabilities() implements Pop3Command {}

    /** STLS. */
    record StartTls() implements Pop3Command {}

    /** STAT. */
    record Stat() implements Pop3Command {}

    /** LIST, of one message or all. */
    record ListSizes(OptionalInt message) implements Pop3Command {}

    /** UIDL, of one message or all. */
    record ListNames(OptionalInt message) implements Pop3Command {}

    /** RETR. */
    record Retrieve(int message) implements Pop3Command {}

    /** TOP: the header and so many lines. */
    record Top(int message, int lines) implements Pop3Command {}

    /** DELE. */
    record Delete(int message) implements Pop3Command {}

    /** RSET. */
    record Reset() implements Pop3Command {}

    /** NOOP. */
    record Noop() implements Pop3Command {}

    /** QUIT. */
    record Quit() implements Pop3Command {}

    /**
     * Parses a line, which has no end any more.
     *
     * @throws Refusal with the reply that says what is wrong with it
     */
    static Pop3Command parse(String line) throws Refusal {
        if (line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw Pop3Reply.syntax("control characters have no place in a command");
        }
        int space = line.indexOf(' ');
        String verb = Ascii.upper(space < 0 ? line : line.substring(0, space));
        String rest = space < 0 ? "" : line.substring(space + 1);
        if (verb.equals("PASS")) { // RFC 1939 §7: spaces are part of the password
            return new Pass(present(rest, "say PASS password"));
        }
        String argument = Ascii.trim(rest);
        String[] words = argument.isEmpty() ? new String[0] : argument.split(" +");
        return switch (verb) {
            case "USER" -> new User(present(argument, "say USER name"));
            case "AUTH" -> auth(words);
            case "CAPA" -> bare(new Capabilities(), verb, words);
            case "STLS" -> bare(new StartTls(), verb, words);
            case "STAT" -> bare(new Stat(), verb, words);
            case "LIST" -> new ListSizes(optionalMessage(words));
            case "UIDL" -> new ListNames(optionalMessage(words));
            case "RETR" -> new Retrieve(onlyMessage(words));
            case "DELE" -> new Delete(onlyMessage(words));
            case "TOP" -> top(words);
            case "RSET" -> bare(new Reset(), verb, words);
            case "NOOP" -> bare(new Noop(), verb, words);
            case "QUIT" -> bare(new Quit(), verb, words);
            default -> throw Pop3Reply.unknownCommand();
        };
    }

    private static String present(String argument, String form) throws Refusal {
        if (argument.isEmpty()) {
            throw Pop3Reply.syntax(form);
        }
        return argument;
    }

    private static Pop3Command bare(Pop3Command command, String verb, String[] words)
            throws Refusal {
        if (words.length > 0) {
            throw Pop3Reply.syntax(verb + " stands alone");
        }
        return command;
    }

    private static Pop3Command auth(String[] words) throws Refusal {
        return switch (words.length) {
            case 0 -> new Auth(Optional.empty(), Optional.empty());
            case 1 -> new Auth(Optional.of(words[0]), Optional.empty());
            case 2 -> new Auth(Optional.of(words[0]), Optional.of(words[1]));
            default -> throw Pop3Reply.syntax("say AUTH mechanism [initial-response]");
        };
    }

    private static Pop3Command top(String[] words) throws Refusal {
        if (words.length != 2) {
            throw Pop3Reply.syntax("say TOP message lines");
        }
        return new Top(number(words[0]), number(words[1]));
    }

    private static OptionalInt optionalMessage(String[] words) throws Refusal {
        return words.length == 0 ? OptionalInt.empty() : OptionalInt.of(onlyMessage(words));
    }

    private static int onlyMessage(String[] words) throws Refusal {
        if (words.length != 1) {
            throw Pop3Reply.syntax("one message number is wanted");
        }
        return number(words[0]);
    }

    /** A number; one too large for any maildrop counts as the largest there can be. */
    private static int number(String word) throws Refusal {
        if (!word.chars().allMatch(c -> c >= '0' && c <= '9') || word.length() > 40) {
            throw Pop3Reply.syntax("that is no number");
        }
        String digits = word.replaceFirst("^0+(?=.)", "");
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
}
