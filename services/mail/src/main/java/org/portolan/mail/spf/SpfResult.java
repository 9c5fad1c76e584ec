package org.portolan.mail.spf;

import java.util.Locale;

/** What the owner of a domain says of a host that sends in its name (RFC 7208 §2.6). */
public enum SpfResult {
    /** Nothing: there is no record, or no domain to ask. */
    NONE,
    /** That nothing is said. */
    NEUTRAL,
    /** The host may. */
    PASS,
    /** The host may not. */
    FAIL,
    /** The host probably may not. */
    SOFTFAIL,
    /** It could not be found out now. */
    TEMPERROR,
    /** The record cannot be understood, or would take too many look-ups. */
    PERMERROR;

    /** As header fields write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
