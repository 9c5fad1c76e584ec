package org.portolan.kernel.registry;

import java.util.Locale;

/** Whether somebody between the two ends can read along. */
public enum Security {
    /** Yes: the protocol has nothing against it. */
    CLEAR,
    /** Not if both ends ask for encryption, which they may forget. */
    UPGRADE,
    /** No: encrypted from the first byte, or by what the protocol is. */
    ENCRYPTED;

    /** {@code clear}, {@code upgrade} or {@code encrypted}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same for people. */
    public String sentence() {
        return switch (this) {
            case CLEAR -> "In the clear: whoever is on the way reads along.";
            case UPGRADE -> "In the clear until both ends agree to encrypt.";
            case ENCRYPTED -> "Encrypted.";
        };
    }
}
