package org.portolan.shell.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.shell.ShellSite;
import org.portolan.stores.Account;

/** The console as somebody sees it who sits at a terminal, or whose program does. */
class ConsoleTest {
    private static final Account ADA = new Account(1, "ada");

    private final Console console = new Console("portolan.example", new ShellSite.FewVerbs());
    private final Keystrokes typed = new Keystrokes(taken -> {});
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private Thread sitDown(Optional<Window> window) {
        Seat seat = seat(window);
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                console.converse(seat);
                            } catch (IOException e) {
                                assertThat(e).hasMessageContaining("gone");
                            }
                        });
    }

    private Seat seat(Optional<Window> window) {
        return new Seat(ADA, "test-1", typed, seen, seen, window);
    }

    private Thread atTerminal() {
        return sitDown(Optional.of(new Window("xterm", 60, 10)));
    }

    private void type(String keys) {
        byte[] bytes = keys.getBytes(UTF_8);
        typed.add(bytes, 0, bytes.length);
    }

    private String seen() {
        return seen.toString(UTF_8).replaceAll("\u001b(\\[[0-9;?]*[a-zA-Z]|[=>])", "");
    }

    private void awaitSight(String what) {
        ShellSite.await().untilAsserted(() -> assertThat(seen()).contains(what));
    }

    @AfterEach
    void leave() {
        typed.leave();
    }

    @Test
    void controlCThrowsTheLineAway() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("echo not this\u0003");
        type("echo but that\rexit\r");
        console.join();
        assertThat(seen()).contains("\nbut that").doesNotContain("\nnot this");
    }

    @Test
    void controlCAtAQuestionIsNoAnswer() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("ask\r");
        awaitSight("Secret: ");
        type("half a word\u0003");
        type("echo on\rexit\r");
        console.join();
        assertThat(seen()).contains("\non").doesNotContain("[half");
    }

    @Test
    void controlCEndsWhatGoesOn() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("watch\r");
        awaitSight("still here");
        type("typed ahead\u0003");
        type("echo on\rexit\r");
        console.join();
        assertThat(seen()).contains("\non").doesNotContain("ahead");
    }

    @ParameterizedTest
    @CsvSource({"113, 0", "3, 130", "4, 130"}) // q, ^C, ^D
    void howItEndsIsItsStatus(int key, int status) throws Exception {
        Seat seat = seat(Optional.of(new Window("xterm", 60, 10)));
        CompletableFuture<Integer> ended =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return console.execute("watch", seat);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        awaitSight("still here");
        type(Character.toString(key));
        assertThat(ended.get(40, TimeUnit.SECONDS)).isEqualTo(status);
    }

    @Test
    void whatIsLongComesAWindowAtATime() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("long\r");
        awaitSight("line 8\r\n-- more");
        assertThat(seen()).doesNotContain("line 9");
        type("\r");
        awaitSight("line 9\r\n-- more");
        type(" ");
        awaitSight("line 18\r\n-- more");
        type("q");
        type("exit\r");
        console.join();
        assertThat(seen()).doesNotContain("line 19");
    }

    @Test
    void tabCompletesAndTheArrowBringsBack() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("ec\ton\r");
        awaitSight("\non");
        type("\u001bOA\rexit\r");
        console.join();
        assertThat(seen().split("\non", -1)).hasSize(3);
    }

    @Test
    void aProgramsInputMayEndBeforeWhatItListensTo() throws Exception {
        Thread console = sitDown(Optional.empty());
        type("watch\n");
        typed.end();
        awaitSight("still here\nstill here\n");
        assertThat(console.isAlive()).isTrue();
        typed.leave();
        assertThat(console.join(Duration.ofSeconds(40))).isTrue();
    }

    @Test
    void nobodyIsLeftWhenTheTerminalIsGone() throws Exception {
        Thread console = atTerminal();
        awaitSight("ada> ");
        type("watch\r");
        awaitSight("still here");
        typed.leave();
        assertThat(console.join(Duration.ofSeconds(40))).isTrue();
    }
}
