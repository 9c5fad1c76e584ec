package org.portolan.testkit;

import java.util.Optional;

/** One client of a transcript, from its CONNECT to its CLOSE, and how it plays its steps. */
sealed interface Part permits StreamPart, DatagramPart {
    /** Gathers what the client says; it leaves with the next {@link #startSending}. */
    void say(Step.Send step, byte[] bytes);

    /** After what was gathered the client will say no more. */
    void half(Step.Half step);

    /** Sends what was gathered, without waiting for a server that does not read. */
    void startSending();

    /** Waits until what was gathered is sent. */
    void awaitSent(Step step);

    void startTls(Step.Tls step, Optional<Trust> trust);

    /** Reads an answer, which must be as {@code step} says. */
    void read(Step step, Optional<Step> next);

    /** Notes that a step was performed. */
    void performed(Step step);

    /** What came beyond the last answer, or could not be sent, is no part of the dialogue. */
    void nothingLeft();

    /** Goes, with a farewell or rudely. */
    void leave(Step step, boolean rudely);

    /** Closes at once, whatever state it is in. */
    void abort();
}
