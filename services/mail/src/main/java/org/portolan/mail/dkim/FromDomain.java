package org.portolan.mail.dkim;

import java.util.Locale;
import java.util.regex.Pattern;

/** The domain of the address in a From field, which is written in many ways (RFC 5322 §3.4). */
final class FromDomain {
    private static final Pattern BLANKS = Pattern.compile("[ \\t\\r\\n]");
    private static final Pattern DOMAIN = Pattern.compile("[^\\[\\]:;<>()]{1,253}");

    private FromDomain() {}

    /** The domain in small letters; empty unless there is one address, with one. */
    static String of(String value) {
        String plain = withoutQuotesAndComments(value);
        int open = plain.indexOf('<');
        String address = plain;
        if (open >= 0) {
            int close = plain.indexOf('>', open);
            if (close < 0 || plain.indexOf('<', open + 1) >= 0) {
                return "";
            }
            address = plain.substring(open + 1, close);
        }
        address = BLANKS.matcher(address).replaceAll("");
        int at = address.lastIndexOf('@');
        boolean one = at > 0 && address.indexOf(',') < 0 && address.indexOf('@') == at;
        String domain = one ? address.substring(at + 1).toLowerCase(Locale.ROOT) : "";
        return DOMAIN.matcher(domain).matches() ? domain : "";
    }

    /** A quoted text becomes a {@code q}, so that nothing in it is taken for an address. */
    private static String withoutQuotesAndComments(String value) {
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || depth > 0)) {
                i++; // RFC 5322 §3.2.1: the next is only itself
            } else if (depth == 0 && c == '"') {
                quoted = !quoted;
                plain.append(quoted ? "q" : "");
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
            } else if (!quoted && depth == 0) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
