package org.portolan.stores.mime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of addresses (RFC 5322 §3.4, and the obsolete forms of §4.4) as it is found in real
 * mail. What is missing is called by the names that Dovecot gives it, so that clients see that
 * something was there.
 */
final class AddressReader {
    static final String MISSING_MAILBOX = "MISSING_MAILBOX";
    static final String MISSING_DOMAIN = "MISSING_DOMAIN";
    private static final int MOST = 10_000;

    private final FieldReader in;
    private final List<Address> found = new ArrayList<>();
    private boolean inGroup;
    private @Nullable String comment; // the last one of this address

    AddressReader(String text) {
        in = new FieldReader(text);
    }

    List<Address> list() {
        while (found.size() < MOST) {
            comment = null;
            blanks();
            if (in.atEnd()) {
                break;
            }
            char next = in.peek();
            if (next == ',') {
                in.take();
            } else if (next == ';') {
                in.take();
                endGroup();
            } else {
                address();
            }
        }
        endGroup();
        return found;
    }

    private void blanks() {
        @Nullable String said = in.blanks();
        if (said != null) {
            comment = said;
        }
    }

    private void endGroup() {
        if (inGroup) {
            found.add(new Address(null, null, null, null));
            inGroup = false;
        }
    }

    /** Words up to what tells whether they were a name, a local part or a group. */
    private void address() {
        StringBuilder words = new StringBuilder();
        boolean broken = false;
        while (true) {
            blanks();
            char next = in.peek();
            if (in.atEnd() || next == ',' || next == ';') {
                bare(words.toString(), broken);
                return;
            }
            if (next == '<') {
                in.take();
                angle(words.toString());
                return;
            }
            if (next == ':' && !inGroup) {
                in.take();
                found.add(new Address(null, null, words.toString(), null));
                inGroup = true;
                return;
            }
            if (next == '@') {
                in.take();
                String host = domain();
                blanks();
                if (in.peek() == '<') { // a name that looks like an address
                    in.take();
                    angle(words + "@" + host);
                    return;
                }
                add(null, null, words.toString(), host);
                skipToNext();
                return;
            }
            broken |= word(words);
        }
    }

    /** Adds the next word to {@code words}; returns whether it was none. */
    private boolean word(StringBuilder words) {
        char next = in.peek();
        if (next == '"') {
            space(words);
            words.append(in.quoted());
            return false;
        }
        if (next == '.') {
            words.append(in.take());
            return false;
        }
        if (!words.isEmpty() && words.charAt(words.length() - 1) != '.') {
            space(words);
        }
        int before = words.length();
        while (!in.atEnd() && atom(in.peek())) {
            words.append(in.take());
        }
        if (words.length() == before) {
            in.take(); // it has no meaning here
            return true;
        }
        return false;
    }

    private static void space(StringBuilder words) {
        if (!words.isEmpty() && words.charAt(words.length() - 1) != ' ') {
            words.append(' ');
        }
    }

    private static boolean atom(char next) {
        return next > ' ' && "()<>@,;:\\\".[]".indexOf(next) < 0;
    }

    /** Words without an address: a local part whose domain is missing. */
    private void bare(String words, boolean broken) {
        if (!words.isEmpty()) {
            add(null, null, words, MISSING_DOMAIN);
        } else if (broken || comment != null) {
            add(null, null, MISSING_MAILBOX, MISSING_DOMAIN);
        }
    }

    /** {@code <@route:local@domain>}, from behind the first bracket. */
    private void angle(String name) {
        String route = route();
        StringBuilder local = new StringBuilder();
        String host = MISSING_DOMAIN;
        while (true) {
            blanks();
            char next = in.peek();
            if (in.atEnd() || next == '>') {
                break;
            }
            if (next == '@') {
                in.take();
                host = domain();
                break;
            }
            word(local);
        }
        while (!in.atEnd() && in.peek() != '>') {
            in.take();
        }
        in.skip('>');
        blanks();
        String mailbox = local.isEmpty() ? MISSING_MAILBOX : local.toString();
        add(name.isEmpty() ? null : name, route, mailbox, host);
        skipToNext();
    }

    /** RFC 5322 §4.4: {@code @a,@b:}. */
    private @Nullable String route() {
        blanks();
        if (in.peek() != '@') {
            return null;
        }
        StringBuilder route = new StringBuilder();
        while (in.peek() == '@') {
            in.take();
            route.append(route.isEmpty() ? "@" : ",@").append(domain());
            while (in.skip(',')) {
                blanks();
            }
            blanks();
        }
        in.skip(':');
        return route.toString();
    }

    /** A domain, its blanks and comments left out; empty becomes the name for what is missing. */
    private String domain() {
        StringBuilder domain = new StringBuilder();
        blanks();
        if (in.peek() == '[') {
            while (!in.atEnd() && in.peek() != ']') {
                domain.append(in.take());
            }
            if (in.skip(']')) {
                domain.append(']');
            }
            return domain.toString();
        }
        while (!in.atEnd() && (atom(in.peek()) || in.peek() == '.')) {
            domain.append(in.take());
            if (domain.charAt(domain.length() - 1) == '.') {
                blanks();
            }
        }
        return domain.isEmpty() ? MISSING_DOMAIN : domain.toString();
    }

    /** Whatever stands between an address and the next comma is noise, but for its comments. */
    private void skipToNext() {
        while (true) {
            blanks();
            if (in.atEnd() || in.peek() == ',' || in.peek() == ';') {
                return;
            }
            if (in.peek() == '"') {
                in.quoted();
            } else {
                in.take();
            }
        }
    }

    private void add(@Nullable String name, @Nullable String route, String mailbox, String host) {
        blanks();
        String shown = name == null && comment != null && !comment.isEmpty() ? comment : name;
        found.add(new Address(shown, route, mailbox, host));
    }
}
