package org.portolan.mail.queue;

import java.time.Duration;
import org.portolan.kernel.Section;

/**
 * How long a message stays in the queue.
 *
 * @param warnAfter when its sender hears that it still waits
 * @param giveUp when it goes back
 */
public record Lifetime(Duration warnAfter, Duration giveUp) {
    /** Reads them, with their sentences and defaults. */
    public static Lifetime read(Section in) {
        return new Lifetime(
                in.duration("warn_after", "4 h", "When a sender hears that a message still waits."),
                in.duration("give_up", "5 d", "When a message that nobody took is sent back."));
    }
}
