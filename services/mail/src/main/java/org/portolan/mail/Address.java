package org.portolan.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.wire.Ascii;
import org.portolan.wire.Cursor;

/**
 * A mailbox (RFC 5321 §4.1.2): {@code Mailbox = Local-part "@" ( Domain / address-literal )}, with
 * the wider characters of RFC 6531 §3.3.
 *
 * @param local without quotes
 * @param domain empty only for {@code postmaster} (RFC 5321 §4.1.1.3)
 */
public record Address(String local, String domain) {
    /** In bytes; 64 are the least (RFC 5321 §4.5.3.1.1), and bulk senders' bounces have more. */
    private static final int MOST_LOCAL = 256;

    private static final int MOST_DOMAIN = 255; // RFC 5321 §4.5.3.1.2

    /** Whether it can only be spoken of with SMTPUTF8. */
    public boolean international() {
        return (local + domain).chars().anyMatch(c -> c > 0x7e);
    }

    /** {@code local@domain}, for looking it up. */
    @Override
    public String toString() {
        return domain.isEmpty() ? local : local + "@" + domain;
    }

    /** As it stands between angle brackets, quoted where it has to be. */
    public String written() {
        boolean plain = isDotString(local);
        String shown =
                plain ? local : '"' + local.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return domain.isEmpty() ? shown : shown + "@" + domain;
    }

    private static boolean isDotString(String text) {
        Cursor cursor = new Cursor(text);
        return dotString(cursor) != null && cursor.atEnd();
    }

    /** The address that {@link #written} wrote. */
    public static Optional<Address> parse(String written) {
        Cursor cursor = new Cursor("<" + written + ">");
        @Nullable Address address = path(cursor);
        return cursor.atEnd() ? Optional.ofNullable(address) : Optional.empty();
    }

    /** Path = "<" [ A-d-l ":" ] Mailbox ">"; the route is ignored. Null if it is none. */
    public static @Nullable Address path(Cursor in) {
        int start = in.mark();
        if (in.take('<') && sourceRoute(in)) {
            Address mailbox = mailbox(in);
            if (mailbox != null && in.take('>')) {
                return mailbox;
            }
        }
        in.back(start);
        return null;
    }

    /** A-d-l = At-domain *( "," At-domain ) ":"   RFC 5321 §4.1.2, appendix C */
    private static boolean sourceRoute(Cursor in) {
        if (in.peek() != '@') {
            return true;
        }
        do {
            if (!in.take('@') || domain(in) == null) {
                return false;
            }
        } while (in.take(','));
        return in.take(':');
    }

    private static @Nullable Address mailbox(Cursor in) {
        String local = in.peek() == '"' ? quotedString(in) : dotString(in);
        if (local == null || local.isEmpty() || local.getBytes(UTF_8).length > MOST_LOCAL) {
            return null;
        }
        if (in.peek() == '>' && Ascii.same(local, "postmaster")) {
            return new Address(local, "");
        }
        if (!in.take('@')) {
            return null;
        }
        String domain = in.peek() == '[' ? literal(in) : domain(in);
        if (domain == null || domain.getBytes(UTF_8).length > MOST_DOMAIN) {
            return null;
        }
        return new Address(local, domain);
    }

    /** Dot-string = Atom *("."  Atom) */
    private static @Nullable String dotString(Cursor in) {
        int start = in.mark();
        do {
            if (in.takeAll(Address::isAtext) == null) {
                return null;
            }
        } while (in.take('.'));
        return in.since(start);
    }

    private static boolean isAtext(char c) { // RFC 5322 §3.2.3, RFC 6531 §3.3
        return isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0 || c >= 0xa0;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Quoted-string = DQUOTE *QcontentSMTP DQUOTE; returns it without quotes. */
    private static @Nullable String quotedString(Cursor in) {
        StringBuilder text = new StringBuilder();
        in.take('"');
        while (!in.atEnd() && !in.take('"')) {
            in.take('\\');
            char c = in.peek();
            if (c < ' ' || c == 0x7f) {
                return null;
            }
            in.take(c);
            text.append(c);
        }
        return text.toString();
    }

    /** Domain = sub-domain *("." sub-domain), underscores let through since people have them. */
    private static @Nullable String domain(Cursor in) {
        int start = in.mark();
        do {
            String label = in.takeAll(c -> isLetterOrDigit(c) || c == '-' || c == '_' || c >= 0xa0);
            if (label == null || label.startsWith("-") || label.endsWith("-")) {
                return null;
            }
        } while (in.take('.'));
        return in.since(start);
    }

    /** address-literal = "[" ( IPv4 / IPv6 / General ) "]"   RFC 5321 §4.1.3 */
    private static @Nullable String literal(Cursor in) {
        int start = in.mark();
        in.take('[');
        if (in.takeAll(c -> isLetterOrDigit(c) || c == '.' || c == ':' || c == '-') == null
                || !in.take(']')) {
            return null;
        }
        return in.since(start);
    }
}
