package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.portolan.wire.Ascii;
import org.portolan.wire.Cursor;
import org.portolan.wire.Refusal;

/** What a client may say (RFC 5321 §4.1.1), parsed and checked. */
sealed interface SmtpCommand {
    /** EHLO, or HELO if not {@code extended}. */
    record Hello(String name, boolean extended) implements SmtpCommand {}

    /**
     * MAIL FROM.
     *
     * @param from empty for the null reverse-path of a bounce
     * @param size what the client says the message will have (RFC 1870)
     * @param eightBit BODY=8BITMIME (RFC 6152)
     * @param utf8 SMTPUTF8 (RFC 6531)
     */
    record MailFrom(Optional<Address> from, OptionalLong size, boolean eightBit, boolean utf8)
            implements SmtpCommand {}

    /** RCPT TO. */
    record RcptTo(Address to) implements SmtpCommand {}

    /** DATA. */
    record Data() implements SmtpCommand {}

    /** RSET. */
    record Reset() implements SmtpCommand {}

    /** NOOP. */
    record Noop() implements SmtpCommand {}

    /** QUIT. */
    record Quit() implements SmtpCommand {}

    /** VRFY. */
    record Verify(String whom) implements SmtpCommand {}

    /** EXPN. */
    record Expand(String list) implements SmtpCommand {}

    /** HELP. */
    record Help() implements SmtpCommand {}

    /** STARTTLS (RFC 3207). */
    record StartTls() implements SmtpCommand {}

    /** AUTH (RFC 4954). */
    record Auth(String mechanism, Optional<String> initial) implements SmtpCommand {}

    /** The first line of an HTTP request: a browser that somebody's page sent here. */
    record WebRequest() implements SmtpCommand {}

    /**
     * Parses a line, which has no end any more.
     *
     * @param line each byte as the character of the same number
     * @throws Refusal with the reply that says what is wrong with it
     */
    static SmtpCommand parse(String line) throws Refusal {
        String text = decoded(line);
        int space = text.indexOf(' ');
        String verb = Ascii.upper(space < 0 ? text : text.substring(0, space));
        String rest = space < 0 ? "" : Ascii.trim(text.substring(space + 1));
        return switch (verb) {
            case "EHLO" -> new Hello(helloName(rest, verb), true);
            case "HELO" -> new Hello(helloName(rest, verb), false);
            case "MAIL" -> mail(new Cursor(rest));
            case "RCPT" -> rcpt(new Cursor(rest));
            case "DATA" -> bare(new Data(), verb, rest);
            case "RSET" -> bare(new Reset(), verb, rest);
            case "NOOP" -> new Noop(); // RFC 5321 §4.1.1.9: an argument is ignored
            case "QUIT" -> bare(new Quit(), verb, rest);
            case "VRFY" -> new Verify(argument(rest, "VRFY name"));
            case "EXPN" -> new Expand(argument(rest, "EXPN list"));
            case "HELP" -> new Help();
            case "STARTTLS" -> bare(new StartTls(), verb, rest);
            case "AUTH" -> auth(rest);
            default -> {
                if (text.contains(" HTTP/")) {
                    yield new WebRequest();
                }
                throw SmtpReply.unknownCommand();
            }
        };
    }

    /** UTF-8 where it goes beyond ASCII; no control characters. */
    private static String decoded(String line) throws Refusal {
        boolean ascii = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw SmtpReply.syntax("control characters have no place in a command");
            }
            ascii &= c < 0x80;
        }
        if (ascii) {
            return line;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(line.getBytes(ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            throw SmtpReply.syntax("this is not UTF-8");
        }
    }

    private static SmtpCommand bare(SmtpCommand command, String verb, String rest) throws Refusal {
        if (!rest.isEmpty()) {
            throw SmtpReply.syntax(verb + " stands alone");
        }
        return command;
    }

    private static String argument(String rest, String form) throws Refusal {
        if (rest.isEmpty()) {
            throw SmtpReply.syntax("say " + form);
        }
        return rest;
    }

    /** Real clients send names that are no domains (RFC 5321 §4.1.4): anything visible will do. */
    private static String helloName(String rest, String verb) throws Refusal {
        String name = argument(rest, verb + " your.name");
        if (name.length() > 255 || name.chars().anyMatch(c -> c <= ' ' || c > 0x7e)) {
            throw SmtpReply.syntax("this is no name of a host");
        }
        return name;
    }

    /** "MAIL FROM:" Reverse-path [SP Mail-parameters]   RFC 5321 §4.1.1.2 */
    private static SmtpCommand mail(Cursor in) throws Refusal {
        if (!in.takeIgnoringCase("FROM:")) {
            throw SmtpReply.syntax("say MAIL FROM:<address>");
        }
        in.take(' '); // not in the grammar, but in many programs
        Optional<Address> from = Optional.empty();
        int start = in.mark();
        if (!(in.take('<') && in.take('>'))) {
            in.back(start);
            Address path = Address.path(in);
            if (path == null || path.domain().isEmpty()) {
                throw SmtpReply.badSender();
            }
            from = Optional.of(path);
        }
        MailParameters parameters = MailParameters.parse(in);
        if (from.isPresent() && from.get().international() && !parameters.utf8()) {
            throw SmtpReply.needsUtf8(); // RFC 6531 §3.5
        }
        return new MailFrom(from, parameters.size(), parameters.eightBit(), parameters.utf8());
    }

    /** "RCPT TO:" Forward-path [SP Rcpt-parameters]   RFC 5321 §4.1.1.3 */
    private static SmtpCommand rcpt(Cursor in) throws Refusal {
        if (!in.takeIgnoringCase("TO:")) {
            throw SmtpReply.syntax("say RCPT TO:<address>");
        }
        in.take(' ');
        Address path = Address.path(in);
        if (path == null) {
            throw SmtpReply.badRecipient();
        }
        if (!parameters(in).isEmpty()) {
            throw SmtpReply.unknownParameter();
        }
        return new RcptTo(path);
    }

    /** [ SP esmtp-param *( SP esmtp-param ) ]   RFC 5321 §4.1.2 */
    private static List<String> parameters(Cursor in) throws Refusal {
        if (!in.atEnd() && in.peek() != ' ') {
            throw SmtpReply.badParameter("a space is missing behind the address");
        }
        String all = Ascii.trim(in.rest());
        return all.isEmpty() ? List.of() : List.of(all.split(" +"));
    }

    private static SmtpCommand auth(String rest) throws Refusal {
        String[] parts = argument(rest, "AUTH mechanism").split(" +");
        if (parts.length > 2) {
            throw SmtpReply.syntax("say AUTH mechanism [initial-response]");
        }
        @Nullable String initial = parts.length == 2 ? parts[1] : null;
        return new Auth(parts[0], Optional.ofNullable(initial));
    }

    /** What may follow a reverse-path. */
    record MailParameters(OptionalLong size, boolean eightBit, boolean utf8) {
        static MailParameters parse(Cursor in) throws Refusal {
            OptionalLong size = OptionalLong.empty();
            boolean eightBit = false;
            boolean utf8 = false;
            for (String parameter : parameters(in)) {
                String[] parts = parameter.split("=", 2);
                String value = parts.length == 2 ? Ascii.upper(parts[1]) : "";
                switch (Ascii.upper(parts[0])) {
                    case "SIZE" -> size = OptionalLong.of(size(value));
                    case "BODY" -> eightBit = body(value);
                    case "SMTPUTF8" -> utf8 = flag(parts); // RFC 6531 §3.4: it has no value
                    case "AUTH" -> {} // RFC 4954 §5: we do not trust it, and may ignore it
                    default -> throw SmtpReply.unknownParameter();
                }
            }
            return new MailParameters(size, eightBit, utf8);
        }

        private static long size(String value) throws Refusal {
            if (!value.matches("[0-9]{1,20}")) { // RFC 1870 §3
                throw SmtpReply.badParameter("SIZE is a number of bytes");
            }
            return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
        }

        private static boolean flag(String[] parts) throws Refusal {
            if (parts.length > 1) {
                throw SmtpReply.badParameter(Ascii.upper(parts[0]) + " stands alone");
            }
            return true;
        }

        private static boolean body(String value) throws Refusal {
            return switch (value) {
                case "7BIT" -> false;
                case "8BITMIME" -> true;
                default -> throw SmtpReply.unknownParameter();
            };
        }
    }
}
