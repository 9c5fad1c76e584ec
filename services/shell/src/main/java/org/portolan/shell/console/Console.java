package org.portolan.shell.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.portolan.kernel.Shown;
import org.portolan.stores.Account;
import org.portolan.wire.Refusal;

/** The site's console: the same for whoever comes by SSH or Telnet, each with their own rights. */
public final class Console {
    private static final int LONGEST_LINE = 8192;

    private final String site;
    private final Verbs verbs;

    /**
     * @param site whose it is, to greet with
     */
    public Console(String site, Verbs verbs) {
        this.site = site;
        this.verbs = verbs;
    }

    /**
     * Runs one command line.
     *
     * @return its exit status
     */
    public int execute(String line, Seat seat) throws IOException {
        if (seat.window().isPresent()) {
            return Screen.execute(this, line, seat);
        }
        return run(line, new Program(seat));
    }

    /** Reads and runs commands until the person leaves. */
    public void converse(Seat seat) throws IOException {
        if (seat.window().isPresent()) {
            Screen.converse(this, seat);
            return;
        }
        Program program = new Program(seat);
        for (String line = program.line(); line != null; line = program.line()) {
            if (leaves(line)) {
                return;
            }
            run(line, program);
        }
    }

    /** The words of {@code line}; none if it is no command line. */
    public static List<String> words(String line) {
        try {
            return CommandLine.words(line);
        } catch (Refusal e) { // whoever runs it says so
            return List.of();
        }
    }

    static boolean leaves(String line) {
        return List.of("exit", "logout", "quit").contains(line.strip());
    }

    int run(String line, Person person) throws IOException {
        try {
            List<String> words = CommandLine.words(line);
            if (!words.isEmpty() && words.getFirst().equals("portolan")) {
                words = words.subList(1, words.size());
            } else if (words.isEmpty()) {
                return Verbs.DONE;
            }
            return verbs.run(words, person);
        } catch (Refusal e) {
            person.remark("portolan: " + Shown.of(String.valueOf(e.getMessage())) + "\n");
            return Verbs.USAGE;
        }
    }

    String site() {
        return site;
    }

    List<String> completions(List<String> words, Account account) {
        return verbs.completions(words, account);
    }

    /** Somebody's program, at the other end of a pipe: nobody can be asked, and nothing redrawn. */
    private static final class Program implements Person {
        private final Seat seat;

        Program(Seat seat) {
            this.seat = seat;
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
            return false;
        }

        @Override
        public int columns() {
            return 80;
        }

        @Override
        public int rows() {
            return 0;
        }

        @Override
        public void say(String text) throws IOException {
            write(seat.out(), text);
        }

        @Override
        public void remark(String text) throws IOException {
            write(seat.err(), text);
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        /** As with a pipe: the next line of what was sent. */
        @Override
        public String ask(String prompt, boolean secret) throws IOException {
            String line = line();
            if (line == null) {
                remark("portolan: nobody answers: " + prompt.strip() + "\n");
                throw new IOException("nobody answers: " + prompt);
            }
            return line;
        }

        @org.jspecify.annotations.Nullable
        String line() throws IOException {
            byte[] bytes = new byte[LONGEST_LINE];
            int count = 0;
            int octet = seat.in().read();
            if (octet < 0) {
                return null;
            }
            while (octet >= 0 && octet != '\n') {
                if (count == bytes.length) {
                    throw new IOException("a line may have at most " + LONGEST_LINE + " bytes");
                }
                bytes[count++] = (byte) octet;
                octet = seat.in().read();
            }
            if (count > 0 && bytes[count - 1] == '\r') {
                count--;
            }
            return new String(bytes, 0, count, UTF_8);
        }

        @Override
        public void awaitEnd() throws IOException {
            seat.in().awaitLeave(Duration.ZERO); // its input may end long before
        }

        @Override
        public void pause(Duration time) throws IOException {
            if (seat.in().awaitLeave(time)) {
                throw new IOException("whoever listened has gone");
            }
        }
    }
}
