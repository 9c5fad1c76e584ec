package org.portolan.files.ftp;

/**
 * A pattern of names as shells have it, {@code *} and {@code ?}, compared in time that grows with
 * the product of both lengths and no faster, whatever the pattern is.
 */
record ListPattern(String pattern) {
    /** Whether {@code name} would be looked for as a pattern. */
    static boolean is(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }

    /** A name that begins with a dot is meant only by a pattern that does, too. */
    boolean matches(String name) {
        if (name.startsWith(".") && !pattern.startsWith(".")) {
            return false;
        }
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) { // only the last star ever has to take one more
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
