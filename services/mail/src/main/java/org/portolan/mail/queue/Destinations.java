package org.portolan.mail.queue;

import java.net.IDN;
import java.util.Locale;

/** The names under which the queue keeps destinations. */
public final class Destinations {
    private Destinations() {}

    /** A domain in lower case and ASCII, an address in brackets as it is. */
    public static String of(String domain) {
        if (domain.startsWith("[")) {
            return domain.toLowerCase(Locale.ROOT);
        }
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return domain.toLowerCase(Locale.ROOT); // no name that exists: the look-up says so
        }
    }
}
