package org.portolan.mail.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.mail.Address;
import org.portolan.wire.Ascii;
import org.portolan.wire.Cursor;
import org.portolan.wire.Refusal;

/** What a client may say (RFC 5321 §4.1.1), parsed and checked. */
sealed interface SmtpCommand {
    /** EHLO, or HELO if not {@code extended}. */
    record Hello(String name, boolean extended) implements SmtpCommand {}

    /** What the body of a message consists of (RFC 6152, RFC 3030 §3). */
    enum Body {
        SEVEN_BIT,
        EIGHT_BIT,
        BINARY
    }

    /**
     * MAIL FROM.
     *
     * @param from empty for the null reverse-path of a bounce
     * @param size what the client says the message will have (RFC 1870)
     * @param utf8 SMTPUTF8 (RFC 6531)
     * @param returned RET: {@code FULL}, {@code HDRS} or empty (RFC 3461 §4.3)
     * @param envelopeId ENVID in xtext, or empty (RFC 3461 §4.4)
     * @param requireTls REQUIRETLS (RFC 8689)
     */
    record MailFrom(
            Optional<Address> from,
            OptionalLong size,
            Body body,
            boolean utf8,
            String returned,
            String envelopeId,
            boolean requireTls)
            implements SmtpCommand {}

    /**
     * RCPT TO.
     *
     * @param wishes the words of NOTIFY in upper case, or empty (RFC 3461 §4.1)
     * @param original ORCPT, or empty (RFC 3461 §4.2)
     */
    record RcptTo(Address to, String wishes, String original) implements SmtpCommand {}

    /** DATA. */
    record Data() implements SmtpCommand {}

    /**
     * BDAT: so many bytes follow, whatever is answered (RFC 3030 §2).
     *
     * @param size or {@link #UNKNOWN}, so that nobody can say where the next command begins
     * @param last whether the message ends with them
     */
    record Chunk(long size, boolean last) implements SmtpCommand {
        static final long UNKNOWN = -1;
    }

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
            case "BDAT" -> chunk(rest);
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
        return parameters.of(from);
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
        String wishes = "";
        String original = "";
        for (String parameter : parameters(in)) {
            String[] parts = parameter.split("=", 2);
            switch (Ascii.upper(parts[0])) {
                case "NOTIFY" -> wishes = wishes(once(wishes, parts));
                case "ORCPT" -> original = original(once(original, parts));
                default -> throw SmtpReply.unknownParameter();
            }
        }
        return new RcptTo(path, wishes, original);
    }

    /** The value of a parameter that was not there before. */
    private static String once(String before, String[] parts) throws Refusal {
        if (!before.isEmpty() || parts.length < 2 || parts[1].isEmpty()) {
            throw SmtpReply.badParameter(Ascii.upper(parts[0]) + " has a value, and stands once");
        }
        return parts[1];
    }

    /** notify-esmtp-value = "NEVER" / 1#notify-list-element   RFC 3461 §4.1 */
    private static String wishes(String value) throws Refusal {
        String words = Ascii.upper(value);
        if (!words.equals("NEVER")
                && !words.matches("(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2}")) {
            throw SmtpReply.badParameter("NOTIFY is NEVER, or of SUCCESS, FAILURE, DELAY");
        }
        return words;
    }

    /** original-recipient-address = addr-type ";" xtext   RFC 3461 §4.2, RFC 6533 §3 */
    private static String original(String value) throws Refusal {
        if (value.length() > MOST_ORIGINAL || !value.matches("[A-Za-z0-9-]{1,30};" + XTEXT)) {
            throw SmtpReply.badParameter("ORCPT is a type, a semicolon, an address in xtext");
        }
        return value;
    }

    /** RFC 3461 §4: every byte but + and = as it is, others as + and two digits. */
    String XTEXT = "(?:[!-*,-<>-~\\u00a0-\\uffff]|\\+[0-9A-F]{2})+";

    int MOST_ORIGINAL = 500; // RFC 3461 §5.4.1
    int MOST_ENVELOPE_ID = 100; // RFC 3461 §5.4.1

    /** "BDAT" SP chunk-size [ SP end-marker ]   RFC 3030 §2 */
    private static SmtpCommand chunk(String rest) {
        String[] parts = rest.split(" +");
        boolean last = parts.length == 2 && Ascii.same(parts[1], "LAST");
        boolean sound = parts[0].matches("[0-9]{1,18}") && (parts.length == 1 || last);
        return new Chunk(sound ? Long.parseLong(parts[0]) : Chunk.UNKNOWN, last);
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

    /** What may follow a reverse-path; each stands once at the most. */
    final class MailParameters {
        private final Set<String> seen = new HashSet<>();
        private OptionalLong size = OptionalLong.empty();
        private Body body = Body.SEVEN_BIT;
        private boolean utf8;
        private String returned = "";
        private String envelopeId = "";
        private boolean requireTls;

        private MailParameters() {}

        static MailParameters parse(Cursor in) throws Refusal {
            MailParameters parsed = new MailParameters();
            for (String parameter : parameters(in)) {
                parsed.take(parameter.split("=", 2));
            }
            return parsed;
        }

        private void take(String[] parts) throws Refusal {
            String name = Ascii.upper(parts[0]);
            String value = parts.length == 2 ? parts[1] : "";
            if (!seen.add(name)) {
                throw SmtpReply.badParameter("a parameter stands twice");
            }
            switch (name) {
                case "SIZE" -> size = OptionalLong.of(size(value));
                case "BODY" -> body = body(Ascii.upper(value));
                case "SMTPUTF8" -> utf8 = flag(parts); // RFC 6531 §3.4: it has no value
                case "REQUIRETLS" -> requireTls = flag(parts); // RFC 8689 §2
                case "RET" -> returned = returned(Ascii.upper(value));
                case "ENVID" -> envelopeId = envelopeId(value);
                case "AUTH" -> {} // RFC 4954 §5: we do not trust it, and may ignore it
                default -> throw SmtpReply.unknownParameter();
            }
        }

        boolean utf8() {
            return utf8;
        }

        MailFrom of(Optional<Address> from) {
            return new MailFrom(from, size, body, utf8, returned, envelopeId, requireTls);
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

        private static Body body(String value) throws Refusal {
            return switch (value) {
                case "7BIT" -> Body.SEVEN_BIT;
                case "8BITMIME" -> Body.EIGHT_BIT;
                case "BINARYMIME" -> Body.BINARY; // RFC 3030 §3
                default -> throw SmtpReply.unknownParameter();
            };
        }

        private static String returned(String value) throws Refusal {
            if (!value.equals("FULL") && !value.equals("HDRS")) {
                throw SmtpReply.badParameter("RET is FULL or HDRS");
            }
            return value;
        }

        private static String envelopeId(String value) throws Refusal {
            if (value.length() > MOST_ENVELOPE_ID || !value.matches(XTEXT)) {
                throw SmtpReply.badParameter("ENVID is xtext of up to 100 characters");
            }
            return value;
        }
    }
}
