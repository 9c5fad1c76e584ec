package org.portolan.kernel;

import org.slf4j.Logger;
import org.slf4j.event.Level;

/** A conversation's log: every line carries the service, the conversation and the peer. */
public final class Log {
    private final Logger logger;
    private final String conversation;
    private final String peer;

    Log(Logger logger, String conversation, String peer) {
        this.logger = logger;
        this.conversation = conversation;
        this.peer = peer;
    }

    /** What only somebody who hunts a fault wants to read. */
    public void debug(String message, Object... values) {
        write(Level.DEBUG, message, values);
    }

    public void info(String message, Object... values) {
        write(Level.INFO, message, values);
    }

    public void warn(String message, Object... values) {
        write(Level.WARN, message, values);
    }

    /** What broke on our side; the stack trace goes with it. */
    public void error(String message, Throwable cause) {
        logger.atError()
                .addKeyValue("conversation", conversation)
                .addKeyValue("peer", peer)
                .setCause(cause)
                .log(message);
    }

    private void write(Level level, String message, Object... values) {
        if (logger.isEnabledForLevel(level)) {
            logger.atLevel(level)
                    .addKeyValue("conversation", conversation)
                    .addKeyValue("peer", peer)
                    .log(Shown.of(message), shown(values));
        }
    }

    /** Names that people chose are made harmless here, at the edge where they are shown. */
    private static Object[] shown(Object... values) {
        Object[] safe = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            safe[i] = values[i] instanceof String text ? Shown.of(text) : values[i];
        }
        return safe;
    }
}
