package org.portolan.mail.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.portolan.stores.mime.KeptFields;
import org.portolan.wire.Ascii;

/**
 * Rules messages out of a search by the bytes of the fields that the store keeps, before anything
 * of them is understood: where the letters that are looked for do not stand, they are not. It says
 * so only where nothing can hide them: no encoded word, no eight bits, no fold, no backslash.
 */
final class FieldFilter {
    /** In these not the field is searched but what it says (RFC 9051 §6.4.4). */
    private static final Set<String> ADDRESSES = Set.of("FROM", "TO", "CC", "BCC");

    private final List<TextSearch> needles = new ArrayList<>();
    private boolean blanks; // whether any of them has one

    /** The filter will rule out what does not have {@code needle} in {@code field}. */
    void add(String field, TextSearch needle) {
        boolean covered = KeptFields.cover(List.of(field));
        boolean plain = needle.ascii() && !needle.text().isEmpty();
        boolean whole = !ADDRESSES.contains(Ascii.upper(field)) || needle.alphanumeric();
        if (covered && plain && whole) {
            needles.add(needle);
            blanks |= needle.text().indexOf(' ') >= 0 || needle.text().indexOf('\t') >= 0;
        }
    }

    /** Whether it can rule out anything. */
    boolean useful() {
        return !needles.isEmpty();
    }

    /** Whether a message with these fields cannot be what is looked for. */
    boolean excludes(byte[] fields) {
        for (int i = 0; i < fields.length; i++) {
            byte b = fields[i];
            boolean fold =
                    b == '\n' && i + 1 < fields.length && fields[i + 1] <= ' ' && !end(fields, i);
            boolean word = b == '?' && i > 0 && fields[i - 1] == '=';
            if (b < 0 || b == '\\' || word || (fold && blanks)) {
                return false;
            }
        }
        for (TextSearch needle : needles) {
            if (!needle.in(fields, 0, fields.length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the empty line is next. */
    private static boolean end(byte[] fields, int lineFeed) {
        byte next = fields[lineFeed + 1];
        return next == '\r' || next == '\n';
    }
}
