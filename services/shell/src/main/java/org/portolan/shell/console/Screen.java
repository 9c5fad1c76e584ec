package org.portolan.shell.console;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.portolan.stores.Account;

/** A person at a terminal: edits lines, pages through long answers, watches what changes. */
final class Screen implements Person {
    private static final int INTERRUPT = 3; // ^C
    private static final int NO_MORE = 4; // ^D
    private static final String THROW_AWAY = "throw-away";
    private static final int MOST_REMEMBERED = 500;
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** They have had enough of what a verb says. */
    private static final class Enough extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        /**
         * @param key that said so: whoever quits a page has seen what they wanted
         */
        Enough(int key) {
            status = key == 'q' || key == 'Q' ? Verbs.DONE : Verbs.INTERRUPTED;
        }
    }

    private final Console console;
    private final Seat seat;
    private final Window window;
    private final ConsoleTerminal terminal;
    private final LineReader reader;

    private Screen(Console console, Seat seat) throws IOException {
        this.console = console;
        this.seat = seat;
        this.window = seat.window().orElseThrow();
        this.terminal = new ConsoleTerminal(seat, window);
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(false);
        this.reader =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("portolan")
                        .parser(parser)
                        .completer((r, line, candidates) -> complete(line, candidates))
                        .history(new DefaultHistory())
                        .variable(LineReader.HISTORY_SIZE, MOST_REMEMBERED)
                        .option(Option.HISTORY_IGNORE_SPACE, true)
                        .option(Option.HISTORY_IGNORE_DUPS, true)
                        .option(Option.DISABLE_EVENT_EXPANSION, true) // "!" means itself
                        .option(Option.AUTO_FRESH_LINE, false)
                        .option(Option.BRACKETED_PASTE, true)
                        .build();
        reader.getWidgets().put(THROW_AWAY, this::throwAway);
        Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN))
                .bind(new Reference(THROW_AWAY), KeyMap.ctrl('C'));
    }

    /** There is no driver of a terminal here that would make a signal of the key. */
    private boolean throwAway() {
        throw new UserInterruptException(reader.getBuffer().toString());
    }

    static int execute(Console console, String line, Seat seat) throws IOException {
        Screen screen = new Screen(console, seat);
        try {
            return screen.run(line);
        } finally {
            screen.terminal.close();
        }
    }

    static void converse(Console console, Seat seat) throws IOException {
        Screen screen = new Screen(console, seat);
        try {
            screen.converse();
        } finally {
            screen.terminal.close();
        }
    }

    private void converse() throws IOException {
        print(
                "%s. You are %s. `help` lists the verbs, Tab completes them, `exit` leaves.\n"
                        .formatted(console.site(), seat.account().name()));
        String prompt =
                terminal.getType().equals("dumb")
                        ? seat.account().name() + "> "
                        : BOLD + seat.account().name() + PLAIN + "> ";
        Optional<String> line = line(prompt);
        while (line.isPresent() && !Console.leaves(line.get())) {
            run(line.get());
            line = line(prompt);
        }
    }

    /** The next line, an empty one after ^C; nothing when they leave. */
    private Optional<String> line(String prompt) {
        try {
            return Optional.of(reader.readLine(prompt));
        } catch (UserInterruptException e) {
            return Optional.of("");
        } catch (EndOfFileException e) {
            return Optional.empty();
        }
    }

    private int run(String line) throws IOException {
        try {
            return console.run(line, this);
        } catch (Enough e) {
            seat.in().takeThrough(INTERRUPT);
            print("\n");
            return e.status;
        }
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        List<String> words = new ArrayList<>(line.words().subList(0, line.wordIndex() + 1));
        String half = line.word().substring(0, line.wordCursor());
        words.set(words.size() - 1, half);
        for (String word : console.completions(words, seat.account())) {
            candidates.add(new Candidate(word));
        }
    }

    private void print(String text) throws IOException {
        terminal.writer().write(text);
        terminal.writer().flush();
        if (terminal.writer().checkError()) {
            throw new IOException("the terminal is gone");
        }
    }

    @Override
    public Account account() {
        return seat.account();
    }

    @Override
    public String conversation() {
        return seat.conversation();
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public int columns() {
        return window.columns();
    }

    @Override
    public int rows() {
        return window.rows();
    }

    /** What is longer than the window is shown a window at a time; what is drawn over is not. */
    @Override
    public void say(String text) throws IOException {
        checkEnough();
        int height = window.rows() - 1;
        if (text.startsWith("\u001b") || text.lines().count() <= height) {
            print(text);
            return;
        }
        String[] lines = text.split("\n", -1);
        int shown = 0;
        int next = height;
        for (String line : lines) {
            if (shown == next && shown < lines.length - 1) {
                next += more();
            }
            shown++;
            print(shown < lines.length ? line + "\n" : line);
        }
    }

    /**
     * Whoever pressed ^C while a verb works has had enough of it: in each of its threads, so the
     * key stays until the verb has ended.
     */
    private void checkEnough() throws Enough {
        if (seat.in().holds(INTERRUPT)) {
            throw new Enough(INTERRUPT);
        }
    }

    /** How many lines more they want to see. */
    private int more() throws IOException {
        print("-- more: Space, Enter or q --");
        while (true) {
            int key = seat.in().next(Duration.ZERO, false);
            switch (key) {
                case ' ', 'f' -> {
                    print(CLEAR_LINE);
                    return Math.max(1, window.rows() - 1);
                }
                case '\r', '\n', 'j' -> {
                    print(CLEAR_LINE);
                    return 1;
                }
                case 'q', 'Q', INTERRUPT, NO_MORE, Keystrokes.END -> {
                    print(CLEAR_LINE);
                    throw new Enough(key);
                }
                default -> {
                    // no other key means anything here
                }
            }
        }
    }

    @Override
    public void remark(String text) throws IOException {
        checkEnough();
        print(text);
    }

    @Override
    public String ask(String prompt, boolean secret) throws IOException {
        reader.setVariable(LineReader.DISABLE_HISTORY, true);
        reader.setVariable(LineReader.DISABLE_COMPLETION, true);
        try {
            return secret ? reader.readLine(prompt, '\0') : reader.readLine(prompt);
        } catch (UserInterruptException | EndOfFileException e) {
            throw new Enough(INTERRUPT);
        } finally {
            reader.setVariable(LineReader.DISABLE_HISTORY, false);
            reader.setVariable(LineReader.DISABLE_COMPLETION, false);
        }
    }

    @Override
    public void awaitEnd() throws IOException {
        int key = seat.in().next(Duration.ZERO, false);
        while (!enough(key)) { // other keys mean nothing here
            key = seat.in().next(Duration.ZERO, false);
        }
        if (key == INTERRUPT) {
            throw new Enough(key);
        }
    }

    @Override
    public void pause(Duration time) throws IOException {
        int key = seat.in().next(time, false);
        while (key >= 0 && !enough(key)) {
            key = seat.in().next(Duration.ofMillis(1), false); // other keys shorten the pause
        }
        if (key != Keystrokes.LATER) {
            throw new Enough(key);
        }
    }

    private static boolean enough(int key) {
        return key == 'q'
                || key == 'Q'
                || key == INTERRUPT
                || key == NO_MORE
                || key == Keystrokes.END;
    }
}
