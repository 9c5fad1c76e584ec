package org.portolan.admin;

/** What steers a terminal (ECMA-48), for pages that are drawn again and again in one place. */
final class Screen {
    /** Empties the screen. */
    static final String CLEAR = "\u001b[2J";

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_TO_LINE_END = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private Screen() {}

    /**
     * Draws over the page before, without a moment in which nothing is seen. What is higher than
     * the screen is cut: it would scroll its head away.
     */
    static String redraw(String page, Operator operator) {
        String fitting = fitting(page, operator.columns(), operator.rows());
        return HOME + fitting.replace("\n", CLEAR_TO_LINE_END + "\n") + CLEAR_BELOW;
    }

    /**
     * As many lines of {@code page} as a screen holds, and how many more there are.
     *
     * @param rows 0 for a screen without an end
     */
    static String fitting(String page, int columns, int rows) {
        String[] lines = page.split("\n");
        int room = rows - 1; // behind the last line end stands the cursor, in a row of its own
        int needed = 0;
        int whole = 0; // lines that fit above the one that says how many do not
        for (String line : lines) {
            needed += Math.max(1, Math.ceilDiv(line.codePointCount(0, line.length()), columns));
            whole += needed < room ? 1 : 0;
        }
        if (rows == 0 || needed <= room) {
            return page;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < whole; i++) {
            text.append(lines[i]).append('\n');
        }
        int left = lines.length - whole;
        return text.append("… ").append(Words.count(left, "more line")).append('\n').toString();
    }
}
