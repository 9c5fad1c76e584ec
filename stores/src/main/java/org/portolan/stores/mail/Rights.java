package org.portolan.stores.mail;

import java.util.Optional;

/** Who may do what with a mailbox that is not his own (RFC 4314). */
public final class Rights {
    /** Everybody with an account. */
    public static final String ANYONE = "anyone";

    private static final String GROUP = "group ";

    private Rights() {}

    /** How an account is named. */
    public static String account(long id) {
        return "account " + id;
    }

    /** How a group of accounts is named. */
    public static String group(String name) {
        return GROUP + name;
    }

    /** The name of the group, if {@link #group} named one. */
    public static Optional<String> groupOf(String who) {
        return who.startsWith(GROUP)
                ? Optional.of(who.substring(GROUP.length()))
                : Optional.empty();
    }

    /** The account that {@link #account} named. */
    public static long id(String who) {
        return Long.parseLong(who.substring(who.indexOf(' ') + 1));
    }

    /** Each letter once, in the order of {@link Mailbox#ALL_RIGHTS}. */
    static String sorted(String letters) {
        if (letters.equals(Mailbox.ALL_RIGHTS)) {
            return Mailbox.ALL_RIGHTS;
        }
        StringBuilder sorted = new StringBuilder();
        for (char letter : Mailbox.ALL_RIGHTS.toCharArray()) {
            if (letters.indexOf(letter) >= 0) {
                sorted.append(letter);
            }
        }
        return sorted.toString();
    }
}
