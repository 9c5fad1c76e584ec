package org.portolan.mail.queue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another server answered (RFC 5321 §4.2).
 *
 * @param code of three digits
 * @param lines what stands behind the code in each line
 */
record ServerReply(int code, List<String> lines) {
    private static final Pattern ENHANCED =
            Pattern.compile("([245]\\.[0-9]{1,3}\\.[0-9]{1,3})(?: (.*))?");

    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

    /** RFC 5321 §4.5.3.1.5 allows 512 a line; what is kept of all of them together. */
    private static final int MOST_KEPT = 600;

    boolean positive() {
        return code / 100 == 2;
    }

    boolean goAhead() {
        return code / 100 == 3;
    }

    boolean permanent() {
        return code / 100 == 5;
    }

    /** Whether the server said that it hangs up (RFC 5321 §3.8, RFC 7504). */
    boolean hangsUp() {
        return code == 421 || code == 521;
    }

    /** The enhanced status code (RFC 3463), made from the other one if there is none. */
    String status() {
        Matcher form = ENHANCED.matcher(lines.getFirst());
        boolean fits = form.matches() && form.group(1).charAt(0) - '0' == code / 100;
        return fits ? form.group(1) : code / 100 + ".0.0";
    }

    /** On one line, harmless to whoever shows it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(code);
        for (String line : lines) {
            text.append(' ').append(line);
        }
        String whole = printable(text.toString());
        return whole.length() > MOST_KEPT ? whole.substring(0, MOST_KEPT) + "…" : whole;
    }

    /** A peer's words without what a header field or a terminal might obey. */
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }
}
