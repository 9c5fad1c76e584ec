package org.portolan.admin;

/** What steers a terminal (ECMA-48), for pages that are drawn again and again in one place. */
final class Screen {
    /** Empties the screen. */
    static final String CLEAR = "\u001b[2J";

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_TO_LINE_END = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private Screen() {}

    /** Draws over the page before, without a moment in which nothing is seen. */
    static String redraw(String head, String page) {
        return HOME + (head + page).replace("\n", CLEAR_TO_LINE_END + "\n") + CLEAR_BELOW;
    }
}
