package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.text.Normalizer;
import java.util.Base64;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * Names of mailboxes on the wire: UTF-8 for who enabled IMAP4rev2 or UTF8=ACCEPT (RFC 9051 §5.1,
 * RFC 6855 §3), modified UTF-7 for everybody else (RFC 3501 §5.1.3).
 */
final class MailboxName {
    static final char SEPARATOR = '/';
    static final String INBOX = "INBOX";

    private static final int LONGEST = 800;
    private static final int DEEPEST = 40;

    private MailboxName() {}

    /**
     * The name that {@code raw} spells.
     *
     * @throws Refusal where it spells none, or one that no mailbox can have
     */
    static String decoded(String raw, boolean utf8) throws Refusal {
        String name = patternDecoded(raw, utf8);
        String checked = checked(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
        return inboxFirst(checked);
    }

    /** INBOX is one name in any case, also in front of its children. */
    static String inboxFirst(String name) {
        boolean inbox =
                name.length() >= 5
                        && Ascii.same(name.substring(0, 5), INBOX)
                        && (name.length() == 5 || name.charAt(5) == SEPARATOR);
        return inbox ? INBOX + name.substring(5) : name;
    }

    /** As {@link #decoded}, for a pattern: what it matches nobody checks. */
    static String patternDecoded(String raw, boolean utf8) throws Refusal {
        if (raw.length() > LONGEST * 4) {
            throw ImapReply.badName();
        }
        if (utf8 || raw.indexOf('&') < 0 || hasEightBits(raw)) {
            return utf8(raw);
        }
        return fromUtf7(raw);
    }

    private static boolean hasEightBits(String raw) {
        return raw.chars().anyMatch(c -> c > 0x7e);
    }

    private static String utf8(String raw) throws Refusal {
        try {
            String text =
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.getBytes(ISO_8859_1))).toString();
            return Normalizer.normalize(text, Normalizer.Form.NFC); // RFC 9051 §5.1
        } catch (CharacterCodingException e) {
            throw ImapReply.badName();
        }
    }

    private static String checked(String name) throws Refusal {
        boolean whole =
                !name.isEmpty()
                        && name.length() <= LONGEST
                        && name.charAt(0) != SEPARATOR
                        && name.indexOf("//") < 0
                        && name.charAt(name.length() - 1) != SEPARATOR
                        && name.chars().filter(c -> c == SEPARATOR).count() < DEEPEST;
        if (!whole) {
            throw ImapReply.badName();
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean control = c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
            if (control || c == '%' || c == '*' || c == 0xfffd || c == 0xfeff) {
                throw ImapReply.badName();
            }
        }
        for (String level : name.split("/", -1)) {
            if (level.isBlank() || level.equals(".") || level.equals("..")) {
                throw ImapReply.badName();
            }
        }
        return name;
    }

    /** RFC 3501 §5.1.3, and nothing that has a shorter or another spelling. */
    private static String fromUtf7(String raw) throws Refusal {
        StringBuilder name = new StringBuilder();
        int at = 0;
        while (at < raw.length()) {
            char c = raw.charAt(at++);
            if (c != '&') {
                name.append(c);
                continue;
            }
            int end = raw.indexOf('-', at);
            if (end < 0) {
                throw ImapReply.badName();
            }
            name.append(end == at ? "&" : shifted(raw.substring(at, end)));
            at = end + 1;
        }
        String decoded = name.toString();
        if (!toUtf7(decoded).equals(raw)) { // one mailbox, one spelling
            throw ImapReply.badName();
        }
        return Normalizer.normalize(decoded, Normalizer.Form.NFC);
    }

    private static String shifted(String base64) throws Refusal {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.replace(',', '/'));
            return UTF_16BE.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw ImapReply.badName();
        }
    }

    /** The name as the client reads it, a byte in each character. */
    static String encoded(String name, boolean utf8) {
        return utf8 ? new String(name.getBytes(UTF_8), ISO_8859_1) : toUtf7(name);
    }

    private static String toUtf7(String name) {
        StringBuilder raw = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c >= ' ' && c < 0x7f) {
                raw.append(c);
                if (c == '&') {
                    raw.append('-');
                }
                at++;
                continue;
            }
            int end = at;
            while (end < name.length() && (name.charAt(end) < ' ' || name.charAt(end) >= 0x7f)) {
                end++;
            }
            byte[] units = name.substring(at, end).getBytes(UTF_16BE);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(units);
            raw.append('&').append(base64.replace('/', ',')).append('-');
            at = end;
        }
        return raw.toString();
    }
}
