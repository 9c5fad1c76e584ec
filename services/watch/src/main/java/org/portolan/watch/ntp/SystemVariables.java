package org.portolan.watch.ntp;

/**
 * What a server says of its own clock in every reply (RFC 5905 §11.1, table 24).
 *
 * @param leap the leap indicator; {@link NtpMessage#UNSYNCHRONISED} forbids to believe the clock
 * @param stratum 1 to 15; 0 together with an unsynchronised clock
 * @param precision the binary logarithm of the seconds it takes to read the clock
 * @param rootDelay to the primary source and back, in nanoseconds
 * @param rootDispersion the bound of all errors but the delay's, in nanoseconds, at {@code at}
 * @param referenceId what the clock follows
 * @param reference when the clock was last set or corrected, a timestamp
 * @param at when this was so, in nanoseconds since 1970
 */
record SystemVariables(
        int leap,
        int stratum,
        int precision,
        long rootDelay,
        long rootDispersion,
        int referenceId,
        long reference,
        long at) {
    /** RFC 5905 §7.4: a clock that has not been synchronised yet. */
    static final int INIT = NtpMessage.letters("INIT");

    /** A local clock's, as others write it: 127.127.1.1, which is no address of anybody. */
    static final int LOCAL = 0x7f7f0101;

    /** Where the world ends: a stratum of 16 is unsynchronised. */
    static final int STRATA = 16;

    /** A clock that nobody should believe. */
    static SystemVariables unsynchronised(int precision, long at) {
        return new SystemVariables(NtpMessage.UNSYNCHRONISED, 0, precision, 0, 0, INIT, 0, at);
    }

    boolean synchronised() {
        return leap != NtpMessage.UNSYNCHRONISED;
    }

    /** The root dispersion as it has grown until {@code now}. */
    long rootDispersion(long now) {
        return synchronised() ? rootDispersion + NtpTime.drift(now - at) : rootDispersion;
    }
}
