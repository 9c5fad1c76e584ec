package org.portolan.mail.queue;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an administrator wants mail for some domains to go, whatever the domain name system says.
 *
 * @param pattern a domain, a domain with a dot before it for all below it, or {@code *} for all
 * @param host a name whose addresses are looked up, or an address
 */
record Route(String pattern, String host, int port) {
    static final int SMTP = 25;

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\*|\\.?[A-Za-z0-9_.-]{1,253})\\s+"
                            + "(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]{1,253}))(?::(\\d{1,5}))?");

    /**
     * Reads {@code example.org mx.example.org:2525}.
     *
     * @throws IllegalArgumentException saying how it is written
     */
    static Route of(String text) {
        Matcher form = FORM.matcher(text.strip());
        int port = form.matches() && form.group(4) != null ? Integer.parseInt(form.group(4)) : SMTP;
        if (!form.matches() || port < 1 || port > 0xffff) {
            throw new IllegalArgumentException(
                    "a route is written like \"example.org mx.example.org:25\", with * for all"
                            + " domains, not \""
                            + text
                            + "\"");
        }
        String host = form.group(2) != null ? form.group(2) : form.group(3);
        return new Route(form.group(1).toLowerCase(Locale.ROOT), host, port);
    }

    boolean fits(String domain) {
        return pattern.equals("*")
                || pattern.equals(domain)
                || (pattern.startsWith(".") && domain.endsWith(pattern));
    }
}
