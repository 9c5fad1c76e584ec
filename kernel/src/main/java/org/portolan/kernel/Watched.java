package org.portolan.kernel;

/** Something with deadlines that the {@link Watchdog} keeps. */
interface Watched {
    /** Ends what is late at {@code now}. Called by the watchdog only; never waits. */
    void endWhatIsLate(long now);
}
