package org.portolan.admin;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The person at the client's terminal, if there is one. */
interface Keyboard {
    /** Whether there is one. */
    boolean present();

    /** What is typed after {@code prompt}; empty at the end of input. */
    Optional<String> line(String prompt);

    /** The same, without showing what is typed. */
    Optional<String> secret(String prompt);

    /** The terminal that the process was started from. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    static Keyboard ofProcess() {
        Console found = System.console();
        @Nullable Console console = found != null && found.isTerminal() ? found : null;
        return new Keyboard() {
            @Override
            public boolean present() {
                return console != null;
            }

            @Override
            public Optional<String> line(String prompt) {
                return console == null
                        ? Optional.empty()
                        : Optional.ofNullable(console.readLine("%s", prompt));
            }

            @Override
            public Optional<String> secret(String prompt) {
                return console == null
                        ? Optional.empty()
                        : Optional.ofNullable(console.readPassword("%s", prompt)).map(String::new);
            }
        };
    }
}
