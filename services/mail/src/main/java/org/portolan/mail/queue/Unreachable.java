package org.portolan.mail.queue;

/** Nobody could be spoken to on behalf of a whole destination. */
final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    Unreachable(Outcome outcome) {
        super(outcome.reply());
        this.outcome = outcome;
    }

    static Unreachable forNow(String why, String status) {
        return new Unreachable(new Outcome.Deferred(why, status));
    }

    static Unreachable forEver(String why, String status) {
        return new Unreachable(new Outcome.Failed(why, status));
    }

    Outcome outcome() {
        return outcome;
    }
}
