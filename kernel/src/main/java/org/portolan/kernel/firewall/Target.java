package org.portolan.kernel.firewall;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.kernel.Port;

/**
 * What a rule is about.
 *
 * @param name a service or a port's name; empty for ports by number
 * @param first the first port's number
 * @param last the last one's
 * @param transport {@code tcp} or {@code udp}; empty for both
 */
record Target(String name, int first, int last, String transport) {
    private static final int MOST = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,5})(?:-(\\d{1,5}))?|([a-z][a-z0-9-]*))(?:/(tcp|udp))?");

    /**
     * Reads {@code smtp}, {@code 25}, {@code 6000-6100/udp}, {@code all}.
     *
     * @throws IllegalArgumentException with a sentence for the administrator
     */
    static Target of(String word) {
        Matcher form = FORM.matcher(word.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a service, a port, a range of ports or all is wanted, like smtp, 25/tcp or"
                            + " 6000-6100, not \""
                            + word
                            + "\"");
        }
        String transport = form.group(4) == null ? "" : form.group(4);
        if (form.group(3) != null) {
            return form.group(3).equals("all")
                    ? new Target("", 0, MOST, transport)
                    : new Target(form.group(3), 0, MOST, transport);
        }
        int first = Integer.parseInt(form.group(1));
        int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
        if (last > MOST || first > last) {
            throw new IllegalArgumentException(
                    "ports go from 0 to 65535, the smaller first, not \"" + word + "\"");
        }
        return new Target("", first, last, transport);
    }

    boolean isEverything() {
        return name.isEmpty() && first == 0 && last == MOST;
    }

    boolean covers(String service, Port port, String over) {
        return (transport.isEmpty() || transport.equals(over))
                && (name.isEmpty() || name.equals(service) || name.equals(port.name()))
                && first <= port.number()
                && port.number() <= last;
    }
}
