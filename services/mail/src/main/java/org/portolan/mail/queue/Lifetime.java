package org.portolan.mail.queue;

import java.time.Duration;

/**
 * How long a message stays in the queue.
 *
 * @param warnAfter when its sender hears that it still waits
 * @param giveUp when it goes back
 */
public record Lifetime(Duration warnAfter, Duration giveUp) {}
