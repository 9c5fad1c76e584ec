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
    static final String SYNTAX_ERROR = "SYNTAX_ERROR";
    private static final int MOST = 10_000;

    private final FieldReader in;
    private final List<Address> found = new ArrayList<>();
    private boolean inGroup;
    private @Nullable String comment; // the last one of this address

    AddressReader(String text) {
        in = new FieldReader(text);
    }

    List<Address> list() {
        boolean behindGroup = false;
        while (found.size() < MOST) {
            comment = null;
            blanks();
            char next = in.peek();
            if (comment != null && !behindGroup && next == ',') {
                found.add(new Address(null, null, MISSING_MAILBOX, MISSING_DOMAIN));
            }
            if (in.atEnd()) {
                break;
            }
            behindGroup = next == ';';
            if (next == ',') {
                in.take();
            } else if (behindGroup) {
                in.take();
                endGroup();
            } else {
                comment = null; // only one inside or behind an address is somebody's name
                address();
            }
        }
        endGroup();
        return found;
    }

    /** Moves past blanks and comments; returns whether there were any. */
    private boolean blanks() {
        int before = in.position();
        @Nullable String said = in.blanks();
        if (said != null) {
            comment = said;
        }
        return in.position() > before;
    }

    private void endGroup() {
        if (inGroup) {
            found.add(new Address(null, null, null, null));
            inGroup = false;
        }
    }

    /** What was read of an address before it is clear what it is. */
    private static final class Words {
        final StringBuilder phrase = new StringBuilder(); // as a name: with its blanks
        final StringBuilder local = new StringBuilder(); // as a local part: without
        boolean quotedOnly = true;
        boolean broken;

        boolean isEmpty() {
            return phrase.isEmpty();
        }
    }

    /** Words up to what tells whether they were a name, a local part or a group. */
    private void address() {
        Words words = new Words();
        while (true) {
            boolean apart = blanks();
            char next = in.peek();
            if (in.atEnd() || next == ',' || next == ';') {
                bare(words);
                return;
            }
            switch (next) {
                case '<' -> {
                    in.take();
                    angle(words.phrase.toString());
                    return;
                }
                case '@' -> {
                    in.take();
                    at(words);
                    return;
                }
                case ':' -> {
                    in.take();
                    if (!inGroup) {
                        found.add(new Address(null, null, words.phrase.toString(), null));
                        inGroup = true;
                        return;
                    }
                }
                default -> word(words, apart);
            }
        }
    }

    /** {@code local@domain} without brackets, from behind the sign. */
    private void at(Words words) {
        String host = domain();
        blanks();
        if (in.peek() == '<') { // a name that looks like an address
            in.take();
            angle(words.phrase + "@" + host);
            return;
        }
        String local = words.local.isEmpty() ? MISSING_MAILBOX : words.local.toString();
        add(null, local, host);
        skipToNext();
    }

    /** Adds the next word to {@code words}. */
    private void word(Words words, boolean apart) {
        char next = in.peek();
        if (apart && !words.isEmpty() && next != '.') {
            words.phrase.append(' ');
            boolean joined = words.local.isEmpty() || last(words.local) == '.';
            words.local.append(joined ? "" : " ");
        }
        if (next == '"') {
            String inside = in.quoted();
            words.phrase.append(inside);
            words.local.append(inside);
            return;
        }
        words.quotedOnly = false;
        int before = words.phrase.length();
        while (!in.atEnd() && (atom(in.peek()) || in.peek() == '.')) {
            char one = in.take();
            words.phrase.append(one);
            words.local.append(one);
        }
        if (words.phrase.length() == before) {
            in.take(); // it has no meaning here
            words.broken = true;
        }
    }

    private static char last(StringBuilder text) {
        return text.charAt(text.length() - 1);
    }

    private static boolean atom(char next) {
        return next > ' ' && "()<>@,;:\\\".[]".indexOf(next) < 0;
    }

    /** Words without an address: a local part whose domain is missing, or only a name. */
    private void bare(Words words) {
        if (words.isEmpty()) {
            if (words.broken || comment != null) {
                found.add(new Address(null, null, MISSING_MAILBOX, MISSING_DOMAIN));
            }
        } else if (words.quotedOnly) {
            add(words.phrase.toString(), MISSING_MAILBOX, MISSING_DOMAIN);
        } else {
            add(null, words.local.toString(), MISSING_DOMAIN);
        }
    }

    /** {@code <@route:local@domain>}, from behind the first bracket. */
    private void angle(String name) {
        String route = route();
        Words local = new Words();
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
            word(local, false);
        }
        while (!in.atEnd() && in.peek() != '>') {
            in.take();
        }
        if (!in.skip('>')) {
            host = SYNTAX_ERROR;
        }
        blanks();
        String mailbox = local.isEmpty() ? MISSING_MAILBOX : local.local.toString();
        found.add(new Address(name.isEmpty() ? null : name, route, mailbox, host));
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
            boolean dot = in.peek() == '.';
            domain.append(in.take());
            if (dot || FieldReader.blank(in.peek()) || in.peek() == '(') {
                blanks(); // RFC 5322 §4.4 allows them around the dots
                if (!dot && in.peek() != '.') {
                    break;
                }
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

    /** One without brackets, whose comment is often a name. */
    private void add(@Nullable String name, String mailbox, String host) {
        blanks();
        String shown = name == null && comment != null && !comment.isEmpty() ? comment : name;
        found.add(new Address(shown, null, mailbox, host));
    }
}
