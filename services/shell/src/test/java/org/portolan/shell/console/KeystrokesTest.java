package org.portolan.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeystrokesTest {
    private long released;
    private final Keystrokes typed = new Keystrokes(taken -> released += taken);

    private void type(String text) {
        typed.add(text.getBytes(), 0, text.length());
    }

    @Test
    void whatGoesInComesOutInItsOrderAndIsReleasedOnce() {
        Random random = new Random(7);
        byte[] all = new byte[100_000];
        random.nextBytes(all);
        byte[] out = new byte[all.length];
        int in = 0;
        int read = 0;
        while (read < all.length) {
            int more = Math.min(random.nextInt(3000), all.length - in);
            typed.add(all, in, more);
            in += more;
            while (typed.available() > 0 && random.nextInt(4) > 0) {
                read += typed.read(out, read, Math.min(random.nextInt(5000), out.length - read));
            }
            if (in == all.length && typed.available() > 0) {
                read += typed.read(out, read, out.length - read);
            }
        }
        assertThat(Arrays.equals(all, out)).isTrue();
        assertThat(released).isEqualTo(all.length);
    }

    @Test
    void aKeyTakesWhatWasTypedBeforeItAway() {
        type("x".repeat(200));
        assertThat(typed.read(new byte[199], 0, 199)).isEqualTo(199);
        type("yz".repeat(60) + "\u0003rest"); // around the end of the ring
        assertThat(typed.holds(3)).isTrue();
        assertThat(typed.takeThrough(3)).isTrue();
        assertThat(typed.holds(3)).isFalse();
        assertThat(typed.takeThrough(3)).isFalse();
        assertThat(released).isEqualTo(200 + 121);
        assertThat(typed.next(Duration.ZERO, true)).isEqualTo('r');
        assertThat(typed.available()).isEqualTo(4);
    }

    @Test
    void anEndIsNoLeave() {
        type("a");
        typed.end();
        assertThat(typed.read()).isEqualTo('a');
        assertThat(typed.read()).isEqualTo(Keystrokes.END);
        assertThat(typed.awaitLeave(Duration.ofMillis(1))).isFalse();
        typed.leave();
        assertThat(typed.awaitLeave(Duration.ZERO)).isTrue();
        assertThat(typed.hasLeft()).isTrue();
    }

    @Test
    void whoWaitsDoesNotWaitForEver() {
        assertThat(typed.next(Duration.ofMillis(1), false)).isEqualTo(Keystrokes.LATER);
    }
}
