package org.portolan.shell.telnet;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.portolan.wire.Refusal;

/**
 * What a peer sends, taken apart (RFC 854, RFC 855): characters, commands, and what is said about
 * an option. It keeps what is not complete until more comes.
 *
 * <pre>
 *   IAC WILL|WONT|DO|DONT option          IAC SB option … IAC SE          IAC IAC: the byte 255
 * </pre>
 */
final class TelnetCodec {
    static final int IAC = 255;
    static final int DONT = 254;
    static final int DO = 253;
    static final int WONT = 252;
    static final int WILL = 251;
    static final int SB = 250;
    static final int SE = 240;

    /** More than any option here needs, with the longest list of character sets. */
    private static final int LONGEST_NEGOTIATION = 1024;

    /** What came. */
    sealed interface Event {
        /** A byte of text; every way to end a line is a single CR. */
        record Typed(int octet) implements Event {}

        /** WILL, WONT, DO or DONT. */
        record Negotiation(int verb, int option) implements Event {}

        /** What is said about an option. */
        record About(int option, byte[] what) implements Event {}

        /** Interrupt Process, Are You There, and the like. */
        record Command(int code) implements Event {}
    }

    private enum State {
        TEXT,
        AFTER_CR,
        AFTER_IAC,
        AFTER_VERB,
        IN_NEGOTIATION,
        IAC_IN_NEGOTIATION
    }

    private State state = State.TEXT;
    private int verb;
    private final ByteArrayOutputStream negotiation = new ByteArrayOutputStream();

    /**
     * Takes the next byte.
     *
     * @throws Refusal if what is said about an option has no end
     */
    void take(int octet, Consumer<Event> events) throws Refusal {
        switch (state) {
            case TEXT -> text(octet, events);
            case AFTER_CR -> { // RFC 854 p. 11: CR LF and CR NUL; some send CR alone
                state = State.TEXT;
                if (octet != '\n' && octet != 0) {
                    text(octet, events);
                }
            }
            case AFTER_IAC -> afterIac(octet, events);
            case AFTER_VERB -> {
                state = State.TEXT;
                events.accept(new Event.Negotiation(verb, octet));
            }
            case IN_NEGOTIATION -> {
                if (octet == IAC) {
                    state = State.IAC_IN_NEGOTIATION;
                } else {
                    keep(octet);
                }
            }
            case IAC_IN_NEGOTIATION -> {
                state = State.IN_NEGOTIATION;
                if (octet == IAC) {
                    keep(IAC);
                } else {
                    endNegotiation(events); // with SE; anything else is a mistake, and an end
                    if (octet != SE) {
                        afterIac(octet, events);
                    }
                }
            }
        }
    }

    private void text(int octet, Consumer<Event> events) {
        switch (octet) {
            case IAC -> state = State.AFTER_IAC;
            case '\r' -> {
                state = State.AFTER_CR;
                events.accept(new Event.Typed('\r'));
            }
            case 0 -> {
                // RFC 854 p. 10: no operation
            }
            default -> events.accept(new Event.Typed(octet));
        }
    }

    private void afterIac(int octet, Consumer<Event> events) {
        state = State.TEXT;
        switch (octet) {
            case IAC -> events.accept(new Event.Typed(IAC));
            case WILL, WONT, DO, DONT -> {
                verb = octet;
                state = State.AFTER_VERB;
            }
            case SB -> {
                negotiation.reset();
                state = State.IN_NEGOTIATION;
            }
            default -> events.accept(new Event.Command(octet));
        }
    }

    private void keep(int octet) throws Refusal {
        if (negotiation.size() == LONGEST_NEGOTIATION) {
            throw new Refusal("what is said about an option has no end");
        }
        negotiation.write(octet);
    }

    private void endNegotiation(Consumer<Event> events) {
        state = State.TEXT;
        byte[] all = negotiation.toByteArray();
        if (all.length > 0) {
            byte[] what = java.util.Arrays.copyOfRange(all, 1, all.length);
            events.accept(new Event.About(all[0] & 0xff, what));
        }
    }
}
