package org.portolan.shell.console;

/**
 * The window of somebody's terminal. Another thread may resize it.
 *
 * <p>Sizes come from the peer: they are kept within what can be drawn.
 */
public final class Window {
    private static final int LEAST = 4;
    private static final int MOST = 1000;

    private final String type;
    private volatile int columns;
    private volatile int rows;
    private volatile Runnable resized = () -> {};

    /**
     * @param type what the terminal calls itself: {@code xterm-256color}
     * @param columns 0 if unknown
     * @param rows 0 if unknown
     */
    public Window(String type, int columns, int rows) {
        this.type = type;
        resize(columns, rows);
    }

    public String type() {
        return type;
    }

    public int columns() {
        return columns;
    }

    public int rows() {
        return rows;
    }

    /** Takes another size; 0 is what a terminal says that does not know its own. */
    public void resize(int wide, int high) {
        columns = wide <= 0 ? 80 : Math.clamp(wide, LEAST, MOST);
        rows = high <= 0 ? 24 : Math.clamp(high, LEAST, MOST);
        resized.run();
    }

    /** Has {@code told} run after each change from now on. */
    void onResize(Runnable told) {
        resized = told;
    }
}
