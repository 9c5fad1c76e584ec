package org.portolan.mail.spf;

import org.portolan.kernel.Clock;
import org.portolan.mail.Names;

/** Asks domains who may send in their name (RFC 7208). Any number may be asked at once. */
public final class Spf {
    private final Names names;
    private final String receiver;
    private final Clock clock;

    /**
     * Asks by {@code names}.
     *
     * @param receiver our own name, which explanations may mention
     */
    public Spf(Names names, String receiver, Clock clock) {
        this.names = names;
        this.receiver = receiver;
        this.clock = clock;
    }

    /** Whether the sender's domain says that the host may send in its name. */
    public SpfAnswer check(SpfQuestion question) {
        return new SpfCheck(names, receiver, clock, question).run();
    }
}
