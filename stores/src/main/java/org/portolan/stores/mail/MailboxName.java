package org.portolan.stores.mail;

import java.text.Normalizer;
import java.util.Locale;
import org.portolan.stores.StoreException;

/** What a mailbox may be called: levels divided by '/', in Unicode (RFC 9051 §5.1). */
public final class MailboxName {
    /** The longest whole name, in UTF-16 units. */
    public static final int LONGEST = 1000;

    private static final int MOST_LEVELS = 64;

    private MailboxName() {}

    /**
     * The name as the store keeps it: composed characters (NFC), and INBOX in capitals, alone or as
     * the first level.
     *
     * @throws StoreException if nothing may be called that
     */
    public static String checked(String name) throws StoreException {
        String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
        if (composed.isEmpty() || composed.length() > LONGEST) {
            throw refused("has 1 to " + LONGEST + " characters");
        }
        String[] levels = composed.split("/", -1);
        if (levels.length > MOST_LEVELS) {
            throw refused("has at most " + MOST_LEVELS + " levels");
        }
        for (String level : levels) {
            if (level.isEmpty()) {
                throw refused("has something before, between and after its slashes");
            }
        }
        if (!composed.codePoints().allMatch(MailboxName::harmless)) {
            throw refused("has no control characters");
        }
        return canonical(composed);
    }

    /** INBOX is the one name whose case does not matter (RFC 9051 §5.1). */
    public static String canonical(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? name : name.substring(0, slash);
        return first.toUpperCase(Locale.ROOT).equals(Mailbox.INBOX)
                ? Mailbox.INBOX + name.substring(first.length())
                : name;
    }

    private static boolean harmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }

    private static StoreException refused(String rule) {
        return new StoreException(StoreException.Kind.REFUSED, "the name of a mailbox " + rule);
    }
}
