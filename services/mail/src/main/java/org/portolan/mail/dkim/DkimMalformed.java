package org.portolan.mail.dkim;

/** A signature or a key that cannot be read, with words for who looks after it. */
public final class DkimMalformed extends Exception {
    DkimMalformed(String words) {
        super(words);
    }

    /** The words, printable and short. */
    String words() {
        return String.valueOf(getMessage());
    }
}
