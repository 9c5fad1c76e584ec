package org.portolan.mail.imap;

import java.util.List;

/**
 * A pattern of LIST (RFC 9051 §6.3.9): {@code *} stands for anything, {@code %} for anything within
 * a level. Matching takes time in proportion to the lengths of both, whatever the pattern.
 */
record NamePattern(String pattern) {
    /** What all names begin with that match any of {@code patterns}. */
    static String prefixOf(List<NamePattern> patterns) {
        String prefix = patterns.isEmpty() ? "" : patterns.getFirst().prefix();
        for (NamePattern each : patterns) {
            String other = each.prefix();
            int same = 0;
            while (same < Math.min(prefix.length(), other.length())
                    && prefix.charAt(same) == other.charAt(same)) {
                same++;
            }
            prefix = prefix.substring(0, same);
        }
        return prefix;
    }

    private String prefix() {
        int end = 0;
        while (end < pattern.length() && !wild(end)) {
            end++;
        }
        return pattern.substring(0, end);
    }

    boolean matches(String name) {
        boolean[] at = new boolean[pattern.length() + 1]; // where in the pattern we may be
        at[0] = true;
        passWildcards(at);
        for (int i = 0; i < name.length(); i++) {
            step(at, name.charAt(i));
        }
        return at[pattern.length()];
    }

    private void step(boolean[] at, char c) {
        boolean before = false; // what at[i] was before this character
        for (int i = 0; i <= pattern.length(); i++) {
            boolean here = at[i];
            boolean stays =
                    here
                            && i < pattern.length()
                            && (pattern.charAt(i) == '*'
                                    || (pattern.charAt(i) == '%' && c != MailboxName.SEPARATOR));
            boolean comes = i > 0 && before && pattern.charAt(i - 1) == c && !wild(i - 1);
            at[i] = stays || comes;
            before = here;
        }
        passWildcards(at);
    }

    private boolean wild(int place) {
        return pattern.charAt(place) == '*' || pattern.charAt(place) == '%';
    }

    /** A wildcard may stand for nothing. */
    private void passWildcards(boolean[] at) {
        for (int i = 0; i < pattern.length(); i++) {
            at[i + 1] |= at[i] && wild(i);
        }
    }
}
