package org.portolan.kernel.registry;

import java.util.Locale;

/** A transport: the same number is another port in each. */
public enum Lane {
    TCP,
    UDP;

    /** {@code tcp} or {@code udp}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
