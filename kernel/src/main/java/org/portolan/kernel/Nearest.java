package org.portolan.kernel;

import java.util.Collection;

/** Guesses what somebody meant who mistyped a name. */
public final class Nearest {
    private Nearest() {}

    /** The one of {@code known} that is most like {@code typed}, or empty if none is like it. */
    public static String of(String typed, Collection<String> known) {
        String best = "";
        int bestDistance = Math.max(2, typed.length() / 2) + 1;
        for (String candidate : known) {
            int distance = distance(typed, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Levenshtein's distance: single characters added, removed or changed. */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = above[0];
            above[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = above[j];
                above[j] = Math.min(changed, Math.min(above[j - 1], above[j]) + 1);
            }
        }
        return above[b.length()];
    }
}
