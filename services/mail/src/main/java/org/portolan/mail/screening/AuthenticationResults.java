package org.portolan.mail.screening;

import java.util.List;
import java.util.regex.Pattern;
import org.portolan.mail.dkim.DkimResult;
import org.portolan.mail.spf.SpfAnswer;
import org.portolan.mail.spf.SpfQuestion;

/** The field that says what was found out about a message (RFC 8601). */
final class AuthenticationResults {
    /** What a message has room for on top; it is left free before it is known what will be said. */
    static final int ROOM = 1_200;

    private static final int LONGEST_LINE = 998; // RFC 5322 §2.1.1

    private static final int LONGEST_VALUE = 120;

    private static final Pattern HARMFUL = Pattern.compile("[^A-Za-z0-9._:\\[\\]-]");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.-]+");
    private static final Pattern UNQUOTABLE = Pattern.compile("[^\\x20-\\x7e]|[\\\\\"]");

    private AuthenticationResults() {}

    /** The field, of exactly {@link #ROOM} bytes: what is free is blanks at the ends of lines. */
    static String field(String site, SpfQuestion asked, SpfAnswer spf, List<DkimResult> dkim) {
        return padded(plain(site, asked, spf, dkim));
    }

    private static String padded(String plain) {
        StringBuilder padded = new StringBuilder();
        int free = ROOM - plain.length();
        for (String line : plain.split("(?<=\n)")) {
            int blanks = Math.min(free, LONGEST_LINE - line.length());
            free -= blanks;
            padded.append(line, 0, line.length() - 2).append(" ".repeat(blanks)).append("\r\n");
        }
        return padded.toString();
    }

    private static String plain(
            String site, SpfQuestion asked, SpfAnswer spf, List<DkimResult> dkim) {
        StringBuilder field = new StringBuilder("Authentication-Results: ").append(site);
        field.append(";\r\n\tspf=").append(spf.result().word());
        reason(field, spf.why());
        field.append(asked.sender().isEmpty() ? " smtp.helo=" : " smtp.mailfrom=");
        field.append(value(spf.domain()));
        if (dkim.isEmpty()) {
            field.append(";\r\n\tdkim=none");
        }
        for (DkimResult result : dkim) {
            String one = result(result);
            if (field.length() + one.length() + 2 > ROOM) {
                break; // who has so many signatures is not known for the last of them
            }
            field.append(one);
        }
        return field.append("\r\n").toString();
    }

    private static String result(DkimResult result) {
        StringBuilder one = new StringBuilder(";\r\n\tdkim=").append(result.outcome().word());
        reason(one, result.why());
        if (!result.domain().isEmpty()) {
            one.append("\r\n\t header.d=").append(value(result.domain()));
            one.append(" header.s=").append(value(result.selector()));
            one.append(" header.a=").append(result.algorithm());
            one.append(" header.b=\"").append(result.signature()).append('"');
        }
        return one.toString();
    }

    private static void reason(StringBuilder field, String why) {
        if (!why.isEmpty()) {
            String plain = UNQUOTABLE.matcher(why).replaceAll("?");
            field.append(" reason=\"").append(shortened(plain)).append('"');
        }
    }

    /** A stranger's name of a domain must not write more of the field. */
    private static String value(String text) {
        String plain = shortened(HARMFUL.matcher(text).replaceAll("?"));
        return TOKEN.matcher(plain).matches() ? plain : '"' + plain + '"';
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) : text;
    }
}
